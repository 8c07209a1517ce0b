"""Being signed in to the console: until when, where else, and having just proved that it is oneself."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from models.scope import Scope, scope_of
from models.signing import StaffSession, add_session, session_by, sessions_of, touch_session
from models.staff import Staff, staff_by_id

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
CONFIRMED_FOR = timedelta(minutes=5)
_NOTED_EVERY = timedelta(minutes=1)  # a write a page would cost more than it tells


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who is signed in: who, what they may see, and by which session."""

    staff: Staff
    scope: Scope
    session: StaffSession


def fingerprint(secret: str) -> str:
    """What is stored of a secret that is random enough to need no more (128 bits and up)."""
    return hashlib.sha256(f"staff:{secret}".encode()).hexdigest()


def start_session(connection: Connection, staff_id: int, device: str, now: datetime) -> str:
    """Sign a browser in and return the new secret for its cookie (256 bits)."""
    secret = secrets.token_urlsafe(32)
    add_session(connection, staff_id, fingerprint(secret), device, now)
    return secret


def present(connection: Connection, secret: str, now: datetime) -> Presence | None:
    """Return who this secret signs in; None for nobody, somebody disabled, and a session past its time."""
    session = session_by(connection, fingerprint(secret), now - IDLE, now - LONGEST)
    if session is None:
        return None
    who = staff_by_id(connection, session.staff_id)
    if who.state != "active":
        return None
    return Presence(who, scope_of(connection, who), session)


def is_due(session: StaffSession, now: datetime) -> bool:
    """Whether it is time to note that a session is in use."""
    return now - session.seen_at > _NOTED_EVERY


def note_seen(connection: Connection, session: StaffSession, now: datetime) -> None:
    touch_session(connection, session.id, now)


def is_confirmed(session: StaffSession, now: datetime) -> bool:
    """Whether they proved lately that it is them."""
    return now - session.confirmed_at <= CONFIRMED_FOR


def open_sessions(connection: Connection, staff_id: int, now: datetime) -> list[StaffSession]:
    """Return where somebody is signed in now, the newest first."""
    return sessions_of(connection, staff_id, now - IDLE, now - LONGEST)


def new_secret_for_forms() -> str:
    """A secret for the cookie of somebody who has not signed in: good for protecting the form, and for nothing else."""
    return secrets.token_urlsafe(32)
