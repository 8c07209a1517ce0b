"""`/resume`: a code typed on the page (凭码继续). It is a message of the talk like any other; what is added here are a
fresh cookie for who is bound to a person by it, and a limit on guessing by network address.
"""

import asyncio
import hashlib
import re
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from flows.arriving import is_good_code
from flows.codes import code_in
from flows.editions import Editions
from flows.interview import Promise, receive
from flows.messages import Incoming, Operator, Reply
from flows.render import render
from models.merging import firms_answered, rename_address
from models.moving import stand_in
from models.outbox import stored_reply
from models.person import find_account
from web.limits import network
from web.pages import Pages
from web.talk_store import TalkStore, settle_shown
from web.visitors import CHANNEL, Visitor, new_visitor, remember, visitor_after, visitor_of

TALK = "/chat"
# By network: a whole firm, or a mobile provider, may share an address. limits.py bounds tries of any kind, and a mistyped
# code is much rarer than a good one: so this bound can be much lower.
_MOST_WRONG, _WITHIN = 30, timedelta(hours=1)
_MOST, _TAPS = 10_000, 1000
_TAP = re.compile(r"[A-Za-z0-9_-]{8,64}")  # as our pages draw it by lot (16 signs or more)
_SALT = secrets.token_bytes(16)
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

    store: TalkStore
    guesses: Guesses = field(default_factory=Guesses)
    _taps: OrderedDict[tuple[str, str, str], asyncio.Task[Tried]] = field(default_factory=OrderedDict)

    def bars(self, request: Request, text: str | None) -> bool:
        """Whether this is a code, and from its network too many wrong ones came."""
        return code_in(text) is not None and self.guesses.are_too_many(network_of(request), self.store.now())

    def note(self, request: Request, reply: Reply) -> None:
        """Count a code that the talk itself refused."""
        if reply.topic == "hand-refused" and reply.data.get("why") == "wrong":
            self.guesses.note(network_of(request), self.store.now())

    async def from_talk(self, request: Request, visitor: Visitor, text: str | None, tap: str) -> Tried | None:
        """A good code typed into the talk binds a fresh cookie as well; None for anything else, which the talk answers."""
        code = code_in(text)
        if code is None:
            return None
        incoming = Incoming(CHANNEL, visitor.address, tap, self.store.now(), text=code)
        opens = partial(_opens, incoming=incoming, code=code, new=_after(visitor, tap, code))
        if not await self.store.database.read_async(opens):
            return None
        return await self.take(request, visitor, code, tap, key=tap)

    async def take(
        self, request: Request, visitor: Visitor, code: str, tap: str, *, key: str | None = None
    ) -> Tried | None:
        """Try a code; None where there were too many wrong ones from this network.

        `key`: the message that it is in the talk, by which a page finds it again; without one it gets its own.
        """
        network, now = network_of(request), self.store.now()
        if self.guesses.are_too_many(network, now):
            return None
        known = (visitor.address, tap, code)
        task = self._taps.get(known)
        if task is None or (task.done() and task.exception() is not None):
            task = self._taps[known] = asyncio.create_task(self._try(visitor, code, tap, network, now, key))
            if len(self._taps) > _TAPS:
                self._taps.popitem(last=False)
        return await asyncio.shield(task)

    async def _try(  # noqa: PLR0913, PLR0917  who tries what, from where and when, by which tap and message
        self, visitor: Visitor, code: str, tap: str, network: str, now: datetime, key: str | None
    ) -> Tried:
        new = _after(visitor, tap, code)
        named = key or f"code-{new.address[:32]}"
        incoming = Incoming(CHANNEL, visitor.address, named, now, text=code, shown_as=code)
        work = partial(
            _received,
            editions=self.store.editions,
            operator=self.store.operator,
            incoming=incoming,
            old=visitor,
            new=new,
        )
        tried = await self.store.database.turn_async(work)
        if tried.refusal is not None:
            self.guesses.note(network, now)
            shown = partial(settle_shown, number=tried.refusal.message_id, now=now, is_new=False)
            await self.store.database.turn_async(shown)
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
    there = replace(incoming, sender=new.address)
    if _was_heard(connection, there):
        return Tried(new, None)
    if code is None or not is_good_code(connection, incoming, code):
        return Tried(old, receive(connection, editions, operator, incoming))
    account = find_account(connection, CHANNEL, old.address)
    # A bare place is joined with the code's person in this very turn: the cookie before must not become theirs with it.
    if account is not None and firms_answered(connection, account.person_id):
        stand_in(connection, account, new.address, incoming.at)
    else:
        rename_address(connection, CHANNEL, old.address, new.address)
    return Tried(new, receive(connection, editions, operator, there))


def _after(visitor: Visitor, tap: str, code: str) -> Visitor:
    """The same cookie for the same tap; one by lot for a tap that no page of ours can have made."""
    return visitor_after(visitor, tap, code) if _TAP.fullmatch(tap) else new_visitor()


def _was_heard(connection: Connection, there: Incoming) -> bool:
    """Whether this very try was taken before, and its answer was lost on the way: the code may be spent by now."""
    if find_account(connection, there.channel, there.sender) is not None:
        return True
    return stored_reply(connection, there.channel, there.sender, there.key) is not None


def _opens(connection: Connection, incoming: Incoming, code: str, new: Visitor) -> bool:
    there = replace(incoming, sender=new.address)
    return _was_heard(connection, there) or is_good_code(connection, incoming, code)


def network_of(request: Request) -> str:
    """Whose guesses count together, as a fingerprint: an IPv4 address, or an IPv6 customer's network."""
    host = "" if request.client is None else request.client.host
    return hashlib.blake2b(network(host).encode(), key=_SALT, digest_size=16).hexdigest()


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
