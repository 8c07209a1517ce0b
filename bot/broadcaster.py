"""Sending bulletins on one channel: beside the replies and never before them, at the pace that all workers share.

A delivery is taken in the moment it is sent, and marked as soon as it is known what became of it. What a killed worker
had in hand becomes `unknown` when its lease ends.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.aftermath import Aftermath, aftermath
from flows.bulletins import finish_sent, may_go_out
from flows.channel import Channel, Place, Undeliverable
from flows.messages import Reply
from flows.presence import went_away
from models.claim import Claim, end_claims
from models.delivering import (
    Mark,
    Taken,
    give_up_cut_off,
    mark_deliveries,
    read_taken,
    take_deliveries,
)
from models.pace import Rate, grant, pause
from models.session import Database, crash_point

BATCH = 32
_BATCHES = 4
_CYCLE, _IDLE, _SWEEP = 0.05, 1.0, 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SLACK = timedelta(seconds=25)  # a call may take that long, and must end within the lease

T = TypeVar("T")
_log = logging.getLogger("ladder.broadcaster")


@dataclass(frozen=True, slots=True)
class _Round:
    """What one look at the table brought: what to send, and whether there may be more at once."""

    claims: list[Claim]
    is_busy: bool
    may_be_more: bool


@lru_cache(16)
def _read(payload: str) -> Reply:
    """The same words to many are read once, and are then the same reply."""
    return Reply.from_json(json.loads(payload))


class Broadcaster:
    """One worker's part. `spent` counts the replies that this worker has sent so far: they use up the same pace."""

    def __init__(  # noqa: PLR0913  its parts, each of which a test replaces
        self,
        database: Database,
        name: str,
        channel: Channel,
        now: Callable[[], datetime],
        *,
        rate: Rate,
        spent: Callable[[], int] = lambda: 0,
    ) -> None:
        self._database, self._name, self._channel = database, name, channel
        self._now, self._rate, self._spent = now, rate, spent
        self._told_spent = 0
        self._marks: list[Aftermath] = []
        self._marked = asyncio.Event()
        self._stopping = asyncio.Event()
        self._batches: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send what there is, if that has not begun."""
        if self._loops:
            return
        self._loops = [asyncio.create_task(each) for each in (self._keep_sending(), self._keep_sweeping())]
        self._writer = asyncio.create_task(self._keep_marking())

    async def stop(self, within: float) -> None:
        """Let what is on its way arrive and be marked; the rest stays in the table."""
        self._stopping.set()
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._batches:
            await asyncio.wait(self._batches, timeout=within)
        for task in self._batches:
            task.cancel()
        await asyncio.gather(*self._batches, return_exceptions=True)
        if self._writer is not None:
            self._marked.set()
            await asyncio.wait([self._writer], timeout=within)
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def _keep_sending(self) -> None:
        while True:
            try:
                found = await self._round()
            except SQLAlchemyError as error:
                _log.warning("no deliveries can be taken (%s)", type(error).__name__)
                found = _Round([], is_busy=False, may_be_more=False)
            for claim in found.claims:
                task = asyncio.create_task(self._send_all(claim))
                self._batches.add(task)
                task.add_done_callback(self._batches.discard)
            if found.may_be_more and len(self._batches) < _BATCHES:
                continue
            if len(self._batches) >= _BATCHES:
                await asyncio.wait(self._batches, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(_CYCLE if found.is_busy else _IDLE)

    async def _round(self) -> _Round:
        now, spent = self._now(), self._spent()
        allowed = await self._database.read_async(partial(may_go_out, now=now))
        if not allowed:
            self._told_spent = spent
            return _Round([], is_busy=False, may_be_more=False)
        take = partial(self._take, bulletins=allowed, now=now, spent=spent - self._told_spent)
        claims, granted = await self._database.turn_async(take)
        self._told_spent = spent
        if not claims:
            if granted:
                await self._database.turn_async(partial(finish_sent, now=now))
            return _Round([], is_busy=granted == 0, may_be_more=False)
        taken = sum(len(each.ids) for each in claims)
        return _Round(claims, is_busy=True, may_be_more=taken == BATCH)

    def _take(
        self, connection: Connection, bulletins: list[int], now: datetime, spent: int
    ) -> tuple[list[Claim], int]:
        granted = grant(connection, self._name, self._rate, BATCH, now, spent=spent)
        if granted == 0:
            return [], 0
        return take_deliveries(connection, self._name, bulletins, granted, now), granted

    async def _send_all(self, claim: Claim) -> None:
        crash_point("deliveries-taken")
        try:
            taken = await self._persist(partial(self._database.read_async, partial(read_taken, claim=claim)))
        except asyncio.CancelledError:
            self._note(Aftermath(None, over=claim.id))  # nothing of it was begun: it is free again
            raise
        async with asyncio.TaskGroup() as group:
            for each in taken:
                group.create_task(self._send(each))
                await asyncio.sleep(0)  # who chats must not wait until a whole batch is written out
        self._note(Aftermath(None, over=claim.id))

    async def _send(self, taken: Taken) -> None:
        if self._stopping.is_set() or self._is_late(taken):  # it was not begun
            return self._note(Aftermath(Mark(taken, "waiting", again_at=self._now())))
        try:
            shown = await self._show(taken, _read(taken.payload))
        except Undeliverable as failure:
            return self._note(aftermath(taken, failure, self._now()))
        except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("delivery %s cannot be shown", taken.id)
            return self._note(Aftermath(Mark(taken, "failed", type(error).__name__)))
        crash_point("delivery-sent")
        return self._note(Aftermath(Mark(taken, "sent", external_id=shown)))

    async def _show(self, taken: Taken, reply: Reply) -> str | None:
        """Send it; of one that takes several messages, what was shown is not shown again when the rest has to wait."""
        skip, wait = 0, _FIRST_PAUSE
        while True:
            try:
                return await self._channel.send(taken.address, reply, Place(skip=skip))
            except Undeliverable as failure:
                skip = max(skip, failure.shown)
                failure.shown, wait = skip, wait * 2
                rest = timedelta(seconds=wait if failure.wait is None else failure.wait)
                if not skip or failure.permanent or failure.unsure or self._is_late(taken, rest):
                    raise
                if failure.wait is not None:
                    self._note(Aftermath(None, pause_until=self._now() + rest))
                if await self._stops_within(rest):
                    raise

    async def _stops_within(self, rest: timedelta) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), rest.total_seconds())
        return self._stopping.is_set()

    def _is_late(self, taken: Taken, rest: timedelta = timedelta()) -> bool:
        """Whether a call that begins then may not end within the lease."""
        return self._now() + rest > taken.lease_until - _SLACK

    def _note(self, after: Aftermath) -> None:
        self._marks.append(after)
        self._marked.set()

    async def _keep_marking(self) -> None:
        """Write marks down, those that come meanwhile together."""
        while True:
            await self._marked.wait()
            self._marked.clear()
            marks, self._marks = self._marks, []
            if marks:
                settle = partial(self._settle, marks=marks, now=self._now())
                await self._persist(partial(self._database.turn_async, settle))
            elif self._stopping.is_set():
                return

    def _settle(self, connection: Connection, marks: list[Aftermath], now: datetime) -> None:
        mark_deliveries(connection, (each.mark for each in marks if each.mark is not None), now)
        waits = [each.pause_until for each in marks if each.pause_until is not None]
        if waits:
            pause(connection, self._name, max(waits))
        for each in marks:
            if each.gone is not None:
                went_away(connection, self._name, each.gone)
        end_claims(connection, [each.over for each in marks if each.over is not None])

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                cut_off = await self._database.turn_async(partial(give_up_cut_off, now=self._now()))
                if cut_off:
                    _log.warning("%s deliveries were cut off while they were sent: unknown", cut_off)
                await self._database.turn_async(partial(finish_sent, now=self._now()))
            except SQLAlchemyError as error:
                _log.warning("deliveries cannot be looked through (%s)", type(error).__name__)
            await asyncio.sleep(_SWEEP)

    async def _persist(self, work: Callable[[], Awaitable[T]]) -> T:
        """Read or write it, however long the database takes to come back: what was taken must be sent, and known as sent."""
        pause_for = _FIRST_PAUSE
        while True:
            try:
                return await work()
            except SQLAlchemyError as error:
                _log.error(
                    "the database does not serve the deliveries (%s); again in %.1f s",
                    type(error).__name__,
                    pause_for,
                )
            await asyncio.sleep(pause_for)
            pause_for = min(pause_for * 2, _LONGEST_PAUSE)
