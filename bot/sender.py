"""Draining the outbox of one channel: in order for one address, at the same time for several, until it is sent or never can be.

What is left when the process ends stands in the table and is sent after the next start.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.cards import Cards
from bot.gate import Gate, Passage
from bot.outgoing import FIRST_PAUSE, LEASE, LONGEST_PAUSE, Outgoing, just_promised, of_row
from bot.scrubbing import Scrubbing
from flows.channel import Card, Channel, Place, Undeliverable
from flows.interview import Promise, is_secret, reply_of
from flows.presence import went_away
from models.outbox import Message
from models.sending import bury, put_off, settle, take, waiting
from models.session import Database, crash_point

_SCAN_SECONDS = 5.0
_TICK = 0.002  # a timer may come a little early
_PAGE = 1000
_GIVE_UP_AFTER = timedelta(days=1)
_MOST_BROKEN = 3

T = TypeVar("T")

_log = logging.getLogger("ladder.sender")


class Sender:
    """Sends what is handed over after a commit, and what a scan of the table finds."""

    def __init__(self, database: Database, name: str, channel: Channel, now: Callable[[], datetime]) -> None:
        self._database = database
        self._name = name
        self._channel = channel
        self._now = now
        self._lanes: dict[str, deque[Outgoing]] = {}  # by address, the oldest first
        self._known: set[int] = set()
        self._finished: set[int] = set()  # since the last scan began
        self._cards = Cards(database, name)
        self._gate = Gate()
        self.sent = 0  # so many replies went out: they use up the pace of what is unasked
        self.scrubbing = Scrubbing(database)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._scanning: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look for what an earlier process left, before anything new is handed over, so that the order holds."""
        if self._scanning is not None:
            return
        await self._scan(None)
        self._scanning = asyncio.create_task(self._keep_scanning(), name="sender: scan")

    async def stop(self, within: float) -> None:
        """Let what is being sent end; the rest stays in the table."""
        self._stopping.set()
        if self._scanning is not None:
            self._scanning.cancel()
        in_hand = {*self._sending, *self.scrubbing.tasks}
        if in_hand:
            await asyncio.wait(in_hand, timeout=within)
        for task in (*self._tasks, *self.scrubbing.tasks, self._scanning):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._tasks, *self.scrubbing.tasks, return_exceptions=True)

    def hand(self, promise: Promise, address: str, target: str | None, at: datetime) -> None:
        """Take over a reply that was just committed under our lease."""
        self._add(just_promised(promise, address, target, at))

    def _add(self, outgoing: Outgoing) -> None:
        if outgoing.id in self._known:
            return
        self._known.add(outgoing.id)
        lane = self._lanes.get(outgoing.address)
        if lane is not None:
            lane.append(outgoing)
            return
        lane = self._lanes[outgoing.address] = deque([outgoing])
        task = asyncio.create_task(self._drain(outgoing.address, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_scanning(self) -> None:
        while not self._stopping.is_set():
            await asyncio.sleep(_SCAN_SECONDS)
            try:
                await self._scan(self._now())
            except Exception:  # noqa: BLE001  whatever it is, the next scan may go well
                _log.exception("the outbox cannot be read; again in %s s", _SCAN_SECONDS)

    async def _scan(self, due_by: datetime | None) -> None:
        """Pick up what nobody has in hand. What is not due then is leased: most likely to us, and about to be handed over."""
        after = 0
        self._finished.clear()
        while True:
            look = partial(waiting, channel=self._name, after=after, limit=_PAGE, due_by=due_by)
            found = await self._database.read_async(look)
            for message in found:
                if message.id not in self._finished:  # while we looked
                    await self._pick_up(message)
            if len(found) < _PAGE:
                return
            after = found[-1].id

    async def _pick_up(self, message: Message) -> None:
        reply = reply_of(message)
        if reply is not None:
            if reply.topic == "deleted" and message.id not in self._known:
                self.scrubbing.begin()  # whoever promised it may not have come to that
            self._add(of_row(message, reply))
        elif await self._write(partial(_given_up, message_id=message.id, now=self._now())):
            _log.error("ALARM: reply %s is given up: this version cannot read it", message.id)

    async def _drain(self, address: str, lane: deque[Outgoing]) -> None:
        try:
            while lane and not self._stopping.is_set():
                if await self._attempt(lane[0]):
                    done = lane.popleft().id
                    self._known.discard(done)
                    self._finished.add(done)
        except Exception:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("ALARM: a lane broke; the next scan takes up what it held")
        finally:
            self._known.difference_update(each.id for each in lane)
            del self._lanes[address]

    async def _attempt(self, outgoing: Outgoing) -> bool:
        """Send it if it is ours to send. False: once more."""
        if not outgoing.is_ours(self._now()):
            wait = (outgoing.due - self._now()).total_seconds()
            if wait > 0:
                await asyncio.sleep(wait + _TICK)
            if not await self._taken(outgoing):
                return True  # sent or deleted meanwhile; if another process has it, the scan finds it again
        task = asyncio.current_task()
        async with self._gate.passage() as passage:
            if self._stopping.is_set() or task is None:
                return False
            # The lease may have ended while it waited at the gate.
            if not outgoing.is_ours(self._now()) and not await self._taken(outgoing):
                return True
            self._sending.add(task)
            try:
                return await self._send(outgoing, passage)
            finally:
                self._sending.discard(task)

    async def _taken(self, outgoing: Outgoing) -> bool:
        """Whether it is ours from now on, for the length of a lease."""
        now = self._now()
        fence = await self._write(partial(take, message_id=outgoing.id, now=now, lease_until=now + LEASE))
        outgoing.fence, outgoing.lease_until = fence or 0, now + LEASE
        return fence is not None

    async def _send(self, outgoing: Outgoing, passage: Passage) -> bool:
        place = Place(outgoing.target, await self._cards.at(outgoing.address), outgoing.shown)
        crash_point("before-send")
        try:
            shown = await self._channel.send(outgoing.address, outgoing.reply, place)
        except Undeliverable as failure:
            return await self._failed(outgoing, failure)
        except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("reply %s cannot be shown", outgoing.id)
            outgoing.broke += 1
            again = Undeliverable(type(error).__name__, permanent=outgoing.broke >= _MOST_BROKEN)
            return await self._failed(outgoing, again)
        passage.has_answer()
        self.sent += 1
        crash_point("after-send")
        await self._sent(outgoing, shown)
        crash_point("after-mark")
        return True

    async def _sent(self, outgoing: Outgoing, shown: str | None) -> None:
        reply = outgoing.reply
        self._cards.note(
            outgoing.address, None if shown is None else Card(shown, reply.kind, bool(reply.choices))
        )
        done = partial(settle, message_id=outgoing.id, fence=outgoing.fence, at=self._now(), shown_as=shown)
        if not await self._write(done):
            _log.warning("reply %s was taken over while it was sent; it may appear twice", outgoing.id)
        if is_secret(reply):
            self.scrubbing.begin()

    async def _failed(self, outgoing: Outgoing, failure: Undeliverable) -> bool:
        """Put it off or give it up; True where it was given up."""
        number, fence, why = outgoing.id, outgoing.fence, str(failure)
        if failure.gone:
            _log.info("somebody on %s cannot be reached any more: %s", self._name, why)
            await self._write(partial(went_away, channel=self._name, address=outgoing.address, newest=number))
            for other in self._lanes[outgoing.address]:
                if other.id <= number:
                    other.fence = 0  # given up with it
            return True
        if failure.permanent or self._now() - outgoing.since > _GIVE_UP_AFTER:
            _log.error("ALARM: reply %s (%s) is given up: %s", number, outgoing.reply.topic, why)
            await self._write(partial(bury, message_id=number, fence=fence, why=why))
            return True
        outgoing.shown = max(outgoing.shown, failure.shown)
        pause = outgoing.pause * random.uniform(0.75, 1.25) if failure.wait is None else failure.wait  # noqa: S311  no secret  # nosec B311
        outgoing.pause = min(outgoing.pause * 2, LONGEST_PAUSE)
        outgoing.due = self._now() + timedelta(seconds=pause)
        _log.warning("reply %s again in %.1f s: %s", number, pause, why)
        await self._write(partial(put_off, message_id=number, fence=fence, why=why, later=outgoing.due))
        outgoing.fence = 0
        return False

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """Write it down, however long the database takes to come back: what was sent must not be sent again."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._database.turn_async(work, first=True)
            except SQLAlchemyError as error:
                _log.error("the outbox cannot be written (%s); again in %.1f s", type(error).__name__, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _given_up(connection: Connection, message_id: int, now: datetime) -> bool:
    """Bury a row that is no reply. False: somebody has it in hand still."""
    fence = take(connection, message_id, now, now)
    if fence is not None:
        bury(connection, message_id, fence, "unreadable")
    return fence is not None
