"""Who may do what in the console: permissions, roles, who is signed in. How a route declares its permission: frame.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from flows.staff_sessions import Presence, is_confirmed
from models.scope import Scope
from models.signing import StaffSession
from models.staff import Staff, StaffRole
from web.visitors import form_token, is_secure

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class Permission(StrEnum):
    """Everything that a page or a button of the console needs one for; what it acts on : what is done."""

    ASSESSMENT_ASK = "assessment:ask"
    ASSESSMENT_ASSIGN = "assessment:assign"
    ASSESSMENT_CORRECT = "assessment:correct"
    ASSESSMENT_EXPORT = "assessment:export"
    ASSESSMENT_FINISH = "assessment:finish"
    ASSESSMENT_NOTE = "assessment:note"
    ASSESSMENT_OVERRIDE = "assessment:override"
    ASSESSMENT_READ = "assessment:read"
    AUDIT_READ = "audit:read"
    BULLETIN_EXPORT = "bulletin:export"
    BULLETIN_READ = "bulletin:read"
    BULLETIN_RELEASE = "bulletin:release"
    BULLETIN_WRITE = "bulletin:write"
    EDITION_PUBLISH = "edition:publish"
    EDITION_READ = "edition:read"
    EDITION_REVIEW = "edition:review"
    EDITION_WRITE = "edition:write"
    OVERVIEW_READ = "overview:read"
    OWN_ACCOUNT = "own:account"
    STAFF_ADMINISTER = "staff:administer"


_ADMINISTRATORS_ONLY = {
    Permission.AUDIT_READ,
    *(each for each in Permission if each.startswith("bulletin:")),
    *(Permission.EDITION_PUBLISH, Permission.EDITION_REVIEW, Permission.EDITION_WRITE),
    *(Permission.OVERVIEW_READ, Permission.STAFF_ADMINISTER),
}
ROLES: Mapping[StaffRole, frozenset[Permission]] = {
    "administrator": frozenset(Permission),
    "advisor": frozenset(Permission) - _ADMINISTRATORS_ONLY,
}


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in. `scope` goes into every query (models.scope.within); `now` is the moment of the request."""

    staff: Staff
    scope: Scope
    session: StaffSession
    now: datetime
    form_token: str = field(repr=False)

    @property
    def is_confirmed(self) -> bool:
        """Whether they proved lately that it is them: dangerous acts ask for it."""
        return is_confirmed(self.session, self.now)

    def may(self, permission: str) -> bool:
        return permission in ROLES[self.staff.role]

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return self.staff.public_id


class NotSignedInError(Exception):
    """Nobody is signed in: they are sent to the sign-in page."""


class NotConfirmedError(Exception):
    """Signed in, but it is long ago: they are asked to prove that it is them."""


class NotAllowedError(Exception):
    """Signed in (`request.state.signed`), but without the permission."""


class NotThereError(Exception):
    """There is no such thing, or it is not in their scope: both look the same from outside."""


def signed(presence: Presence, secret: str, now: datetime) -> Signed:
    return Signed(presence.staff, presence.scope, presence.session, now, form_token(secret))


def staff_secret(request: Request) -> str | None:
    """The secret in the staff cookie; None where there is none, or one that we cannot have made."""
    secret = request.cookies.get(staff_cookie(request), "")
    return secret if _SECRET.fullmatch(secret) else None


def staff_cookie(request: Request) -> str:
    return "__Host-ladder-staff" if is_secure(request) else "ladder-staff"


def _signed_of(request: Request) -> Signed:
    found: Signed = request.state.signed
    return found


SignedIn = Annotated[Signed, Depends(_signed_of)]
"""A route's parameter: who is signed in. The route's permission has been checked by then."""
