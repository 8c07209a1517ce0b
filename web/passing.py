"""`/resume`: a code typed on the page (凭码继续). It is a message of the talk like any other; what is added here are a
fresh cookie for who is bound to a person by it, and a limit on guessing by network address.
"""

import asyncio
import ipaddress
import secrets
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from flows.arriving import is_good_code
from flows.codes import code_in
from flows.editions import Editions
from flows.interview import Promise, receive
from flows.messages import Incoming, Operator
from flows.render import render
from models.merging import rename_address
from models.sending import settle
from models.session import Database
from web.pages import Pages
from web.visitors import CHANNEL, Visitor, new_visitor, remember, visitor_of

TALK = "/chat"
_LEASE = timedelta(minutes=1)
_MOST_WRONG, _WITHIN = (
    30,
    timedelta(hours=1),
)  # by network: a whole firm, or a mobile provider, may share an address
_MOST, _TAPS = 10_000, 1000
_NETWORK = 64  # bits of an IPv6 address that tell one customer from another
NO_CODE = "这不是一个码。续测码是四组，每组四位字母和数字，如 K7MQ-2XPD-4HTN-8WRA；换地方的码是两组。请照原样再输一次。"
TOO_MANY = "从您这里试错的码太多了，请过一个小时再来。"


@dataclass(slots=True)
class Guesses:
    """Wrong codes of the last hour by network address, in memory and nowhere else."""

    _wrong: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def are_too_many(self, network: str, now: datetime) -> bool:
        times = self._wrong.get(network, deque())
        while times and times[0] <= now - _WITHIN:
            times.popleft()
        return len(times) >= _MOST_WRONG

    def note(self, network: str, now: datetime) -> None:
        times = self._wrong.pop(network, deque())
        times.append(now)
        self._wrong[network] = times
        if len(self._wrong) > _MOST:
            self._wrong.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a code: who they are from now on, and what was answered (None: this very message was before)."""

    visitor: Visitor
    promise: Promise | None

    @property
    def refusal(self) -> Promise | None:
        return (
            self.promise if self.promise is not None and self.promise.reply.topic == "hand-refused" else None
        )


@dataclass(slots=True)
class Codes:
    """Codes that come from pages. The same tap coming twice is one try, and gets the same cookie."""

    database: Database
    editions: Editions
    operator: Operator
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    guesses: Guesses = field(default_factory=Guesses)
    _taps: OrderedDict[tuple[str, str, str], asyncio.Task[Tried]] = field(default_factory=OrderedDict)

    async def from_talk(self, request: Request, visitor: Visitor, text: str | None, tap: str) -> Tried | None:
        """A good code typed into the talk binds a fresh cookie as well; None for anything else, which the talk answers."""
        code = code_in(text)
        if code is None or self.guesses.are_too_many(network_of(request), self.now()):
            return None
        incoming = Incoming(CHANNEL, visitor.address, tap, self.now(), text=code)
        if not await self.database.read_async(partial(is_good_code, incoming=incoming, code=code)):
            return None
        return await self.take(request, visitor, code, tap)

    async def take(self, request: Request, visitor: Visitor, code: str, tap: str) -> Tried | None:
        """Try a code; None where there were too many wrong ones from this network."""
        network, now = network_of(request), self.now()
        if self.guesses.are_too_many(network, now):
            return None
        known = (visitor.address, tap, code)
        task = self._taps.get(known)
        if task is None or (task.done() and task.exception() is not None):
            task = self._taps[known] = asyncio.create_task(self._try(visitor, code, network, now))
            if len(self._taps) > _TAPS:
                self._taps.popitem(last=False)
        return await asyncio.shield(task)

    async def _try(self, visitor: Visitor, code: str, network: str, now: datetime) -> Tried:
        incoming = Incoming(
            CHANNEL, visitor.address, f"code-{uuid.uuid4().hex}", now, text=code, shown_as=code
        )
        work = partial(
            _received,
            editions=self.editions,
            operator=self.operator,
            incoming=incoming,
            old=visitor,
            new=new_visitor(),
        )
        tried = await self.database.turn_async(work)
        if tried.refusal is not None:
            self.guesses.note(network, now)
            shown = partial(settle, message_id=tried.refusal.message_id, fence=1, at=now, shown_as=None)
            await self.database.turn_async(shown)
        return tried


def _received(  # noqa: PLR0913, PLR0917  a turn, and who they are before and after it
    connection: Connection,
    editions: Editions,
    operator: Operator,
    incoming: Incoming,
    old: Visitor,
    new: Visitor,
) -> Tried:
    """A code that opens something is sent from a fresh address: a cookie that somebody planted is then of no use to them."""
    code = code_in(incoming.text)
    if code is None or not is_good_code(connection, incoming, code):
        leased = receive(connection, editions, operator, incoming, _LEASE)
        return Tried(old, leased)
    rename_address(connection, CHANNEL, old.address, new.address)
    there = replace(incoming, sender=new.address)
    return Tried(new, receive(connection, editions, operator, there))


def network_of(request: Request) -> str:
    """Whose guesses count together: an IPv4 address, or an IPv6 customer's network."""
    host = "" if request.client is None else request.client.host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 32 if address.version == 4 else _NETWORK), strict=False))  # noqa: PLR2004  the version


def passing(codes: Codes, pages: Pages) -> APIRouter:
    router = APIRouter()

    def form(request: Request, visitor: Visitor, problem: str | None, status: int = 200) -> Response:
        told = {"problem": problem, "form_token": visitor.form_token, "tap": secrets.token_urlsafe(16)}
        page = pages.page("chat/resume.html", dict(told), status)
        remember(page, request, visitor)
        return page

    @router.get("/resume")
    async def ask(request: Request) -> Response:
        return form(request, visitor_of(request), None)

    @router.post("/resume")
    async def take(request: Request) -> Response:
        sent, visitor = await request.form(), visitor_of(request)
        said, tap = (str(sent.get(name, "")) for name in ("code", "tap"))
        code = code_in(said)
        if code is None:
            return form(request, visitor, NO_CODE, 422)
        tried = await codes.take(request, visitor, code, tap[:40])
        if tried is None:
            return form(request, visitor, TOO_MANY, 429)
        if tried.refusal is not None:
            return form(request, visitor, render(tried.refusal.reply), 422)
        on = RedirectResponse(TALK, 303)
        remember(on, request, tried.visitor)
        return on

    return router
