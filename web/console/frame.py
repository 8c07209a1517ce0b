"""The console's frame: every route is registered here with its permission, and every page is made here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from flows.editions import Editions
from flows.showing import Show, as_letter
from flows.staff_sessions import is_due, note_seen, present
from models.session import Database
from models.staff import Language
from web.console.access import (
    NotAllowedError,
    NotConfirmedError,
    NotSignedInError,
    Permission,
    Signed,
    signed,
    staff_secret,
)
from web.console.edition_working import Background
from web.console.telling import TELLING
from web.console.wording import translator
from web.pages import Pages

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
HOME = "/console"
SIGN_IN = "/console/sign-in"
CONFIRM = "/console/confirm"
ACCOUNT = "/console/account"
STAFF = "/console/staff"
AUDIT = "/console/audit"
LINK = "/console/link"


@dataclass(frozen=True, slots=True)
class Site:
    """Where and under whose name the console is served. `keys` seal second factors."""

    keys: tuple[str, ...]
    public_url: str
    issuer: str


class Guard:
    """What stands before a route: without the permission nobody gets to it."""

    def __init__(self, frame: "Frame", permission: Permission, *, confirmed: bool) -> None:
        self._frame, self.permission, self.confirmed = frame, permission, confirmed

    async def __call__(self, request: Request) -> None:
        who = await self._frame.who(request)
        if who is None:
            raise NotSignedInError
        request.state.signed = who
        if not who.may(self.permission):
            raise NotAllowedError
        if self.confirmed and not who.is_confirmed:
            raise NotConfirmedError


class Open:
    """Marks the few routes of the console that are for people who are not signed in."""

    def __call__(self) -> None: ...


class Frame:
    """What the console's pages share. `now` tells the time (a test may replace it)."""

    def __init__(self, database: Database, editions: Editions, pages: Pages, site: Site) -> None:
        self.database, self.editions = database, editions
        self.keys, self.public_url, self.issuer = site.keys, site.public_url, site.issuer
        self._pages = pages
        self.background = Background()
        self.router = APIRouter(include_in_schema=False)
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.shows: dict[str, Show] = {"email": as_letter}

    def get(
        self, path: str, permission: Permission, *, confirmed: bool = False
    ) -> Callable[[Endpoint], Endpoint]:
        """Register a page. `confirmed`: only shortly after they proved that it is them."""
        return self._route("GET", path, Guard(self, permission, confirmed=confirmed))

    def post(
        self, path: str, permission: Permission, *, confirmed: bool = False
    ) -> Callable[[Endpoint], Endpoint]:
        """Register an act. `confirmed`: only shortly after they proved that it is them."""
        return self._route("POST", path, Guard(self, permission, confirmed=confirmed))

    def open(self, method: str, path: str) -> Callable[[Endpoint], Endpoint]:
        """Register a page or an act for people who are not signed in."""
        return self._route(method, path, Open())

    def _route(self, method: str, path: str, guard: Guard | Open) -> Callable[[Endpoint], Endpoint]:
        return self.router.api_route(
            path, methods=[method], dependencies=[Depends(guard)], response_model=None
        )

    async def who(self, request: Request) -> Signed | None:
        """Return who asks, None for nobody; notes that the session is in use."""
        secret, now = staff_secret(request), self.now()
        if secret is None:
            return None
        found = await self.database.read_async(lambda connection: present(connection, secret, now))
        if found is None:
            return None
        if is_due(found.session, now):
            await self.database.turn_async(lambda connection: note_seen(connection, found.session, now))
        return signed(found, secret, now)

    def page(self, who: Signed, template: str, data: Mapping[str, object], status: int = 200) -> Response:
        """A page for somebody signed in: `data`, and `t`, `signed`, `form_token`, `language` beside it."""
        return self.bare_page(
            template, {**data, "signed": who, "form_token": who.form_token}, who.staff.language, status
        )

    def bare_page(
        self, template: str, data: Mapping[str, object], language: Language, status: int = 200
    ) -> Response:
        """A page for who is not signed in."""
        shared: dict[str, object] = {
            "signed": None,
            **dict.fromkeys(("form_token", "here"), ""),
            "seconds": 0,
            **TELLING,
            "t": translator(language),
            "language": language,
        }
        return self._pages.page(template, {**shared, **data}, status)

    def piece(self, who: Signed, template: str, data: Mapping[str, object]) -> Response:
        """A piece of a page, for htmx: the same data as `page`."""
        return self.page(who, template, data)


def to(path: str, **query: str) -> RedirectResponse:
    """Go on elsewhere in the console, by GET."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)
