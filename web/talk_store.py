"""The talk's reading and storing for the page: each answer one turn, each look one read, and what was shown is marked."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from flows.consent import notice
from flows.editions import Editions
from flows.glance import glance, result_now
from flows.interview import Promise, is_secret, receive, reply_of
from flows.messages import Incoming, Operator, Reply
from models.moving import is_first_visit, take_over
from models.outbox import stored_reply
from models.sending import settle, take
from models.session import Database
from models.transcript import Exchange, exchanges, unasked_since
from web.spoken import Spoken
from web.talk_view import label_of
from web.visitors import CHANNEL

PAGE = 30
LEASE = timedelta(seconds=30)
_NEWEST = 2**62
_LABELS_IN = 3  # how many of the newest replies are asked for a button's label


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows: exchanges, what the talk waits for, and before which row the older ones stand."""

    rows: list[Exchange]
    asked: Reply | None
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A message with its reply, and what the talk waits for now. `promise` None: the reply had gone out before."""

    id: int
    said: str
    reply: Reply
    asked: Reply | None
    promise: Promise | None

    @property
    def forget(self) -> bool:
        return self.promise is not None and self.promise.forget


@dataclass(slots=True)
class TalkStore:
    """What the pages of the talk need of the database. `now` is the clock."""

    database: Database
    editions: Editions
    operator: Operator
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    async def seen(self, address: str | None, before: int | None) -> Seen:
        """The newest exchanges (before row `before`); of who has no cookie yet nothing is known."""
        if address is None:
            return Seen([], notice(self.operator))
        now = self.now()
        found = await self.database.read_async(lambda c: self._seen(c, address, before or _NEWEST, now))
        if found is not None:
            return found
        return await self.database.turn_async(lambda c: self._come(c, address, before or _NEWEST, now))

    async def answer(self, address: str, heard: Spoken) -> Answered:
        """Hear one message. One heard before is answered with what is stored, and changes nothing."""
        now = self.now()
        promise, said = await self.database.turn_async(lambda c: self._receive(c, address, heard, now))
        if promise is not None and promise.erased:
            await asyncio.to_thread(self.database.scrub)
        if promise is None:
            return await self.database.read_async(lambda c: self._again(c, address, heard, now))
        asked = promise.reply
        if asked.revision is None:
            waits_for = await self.database.read_async(lambda c: self._glance(c, address, now))
            return Answered(promise.message_id, said, promise.reply, waits_for, promise)
        return Answered(promise.message_id, said, promise.reply, asked, promise)

    async def went_out(self, answered: Answered) -> None:
        """The reply stands in a page that is about to be served."""
        promise, now = answered.promise, self.now()
        if promise is None:
            return
        await self.database.turn_async(
            lambda c: settle_shown(c, promise.message_id, now, is_new=promise.is_new)
        )
        if is_secret(promise.reply):
            await asyncio.to_thread(self.database.scrub)

    async def unasked(self, address: str, after: int) -> list[Exchange]:
        """What came unasked after row `after`."""
        return await self.database.read_async(lambda c: unasked_since(c, CHANNEL, address, after, PAGE))

    async def were_shown(self, rows: Iterable[Exchange]) -> None:
        """Mark what waited and stands in a page now."""
        now = self.now()
        waited = [row for row in rows if row.waits(now)]
        if not waited:
            return
        await self.database.turn_async(lambda c: _settle_all(c, waited, now))
        if any(row.forget for row in waited):
            await asyncio.to_thread(self.database.scrub)

    async def result(self, address: str) -> Reply | None:
        """The result as it stands, None where there is none to show."""
        incoming = Incoming(CHANNEL, address, "", self.now())
        return await self.database.read_async(lambda c: result_now(c, self.editions, self.operator, incoming))

    def _receive(
        self, connection: Connection, address: str, heard: Spoken, now: datetime
    ) -> tuple[Promise | None, str]:
        said = heard.shown if heard.choice is None else self._label(connection, address, heard.choice)
        incoming = Incoming(
            channel=CHANNEL,
            sender=address,
            key=heard.key,
            at=now,
            text=heard.text,
            choice=heard.choice,
            about=heard.about,
            revision=heard.revision,
            shown_as=said,
        ).storable()
        take_over(connection, CHANNEL, address)
        return receive(connection, self.editions, self.operator, incoming, LEASE), incoming.shown_as or ""

    def _label(self, connection: Connection, address: str, choice: str) -> str:
        rows = exchanges(connection, CHANNEL, address, _NEWEST, _LABELS_IN)
        replies = [reply for row in reversed(rows) if (reply := reply_of(row)) is not None]
        return label_of(choice, [*replies, notice(self.operator)])

    def _again(self, connection: Connection, address: str, heard: Spoken, now: datetime) -> Answered:
        stored = stored_reply(connection, CHANNEL, address, heard.key)
        reply = None if stored is None else reply_of(stored)
        asked = self._glance(connection, address, now)
        said = heard.shown if heard.choice is None else self._label(connection, address, heard.choice)
        number = 0 if stored is None else stored.id
        return Answered(number, said or "", reply or Reply("hint", "trouble"), asked, None)

    def _come(self, connection: Connection, address: str, before: int, now: datetime) -> Seen:
        """Their first visit under a new cookie: the one before is worth nothing from now on."""
        take_over(connection, CHANNEL, address)
        return self._talk(connection, address, before, now)

    def _seen(self, connection: Connection, address: str, before: int, now: datetime) -> Seen | None:
        """What a page shows; None where something has to be written first."""
        if is_first_visit(connection, CHANNEL, address):
            return None
        return self._talk(connection, address, before, now)

    def _talk(self, connection: Connection, address: str, before: int, now: datetime) -> Seen:
        rows = exchanges(connection, CHANNEL, address, before, PAGE)
        kept = [row for row in rows if not row.forget or row.waits(now)]
        older = rows[0].id if len(rows) == PAGE else None
        return Seen(kept, self._glance(connection, address, now), older)

    def _glance(self, connection: Connection, address: str, now: datetime) -> Reply | None:
        return glance(connection, self.editions, self.operator, Incoming(CHANNEL, address, "", now))


def _settle_all(connection: Connection, waited: Iterable[Exchange], now: datetime) -> None:
    for row in waited:
        settle_shown(connection, row.id, now, is_new=False)


def settle_shown(connection: Connection, number: int, now: datetime, *, is_new: bool) -> None:
    """Mark as sent. What somebody else is about to show stays theirs to mark."""
    fence = 1 if is_new else take(connection, number, now, now + LEASE)
    if fence is not None:
        settle(connection, number, fence, now, None)
