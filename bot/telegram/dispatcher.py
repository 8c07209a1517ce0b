"""From an update to its committed turn: people at the same time, one person in order, nobody for ever in the way."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection
from telegram import Update

from bot.outgoing import LEASE
from bot.patience import Patience
from bot.sender import Sender
from bot.telegram.asides import Asides
from bot.telegram.handlers import SAID_IN_GROUP, heard
from bot.telegram.heard import CHANNEL, Heard, InGroup, Moved, Said
from flows.editions import Editions
from flows.interview import Promise, receive
from flows.messages import Operator
from flows.presence import apologise, came_back, decline_group, went_away
from models.sending import waiting
from models.session import Database, crash_point

_PAUSES = (0.1, 0.4)
_TYPING_AFTER = 0.7
_REMEMBERED = 1000

Key = TypeVar("Key")

_log = logging.getLogger("ladder.telegram")


@dataclass(slots=True)
class Dispatcher:
    """Takes updates as they come. `operator` may be changed while it runs."""

    database: Database
    editions: Editions
    operator: Operator
    sender: Sender
    asides: Asides
    now: Callable[[], datetime]
    _patience: Patience = field(init=False)
    _chains: dict[str, deque[tuple[int, Heard]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _done: OrderedDict[int, None] = field(default_factory=OrderedDict)
    _declined: OrderedDict[str, None] = field(default_factory=OrderedDict)  # groups that were told so

    def __post_init__(self) -> None:
        self._patience = Patience(self.database)

    def take(self, update: Update) -> None:
        """Start on an update, or put it behind the same person's earlier ones. Never raises."""
        try:
            what = None if update.update_id in self._done else heard(update, self.now())
        except Exception:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("ALARM: update %s cannot be understood", update.update_id)
            return
        if what is None:
            return
        address = what.address if isinstance(what, Moved) else what.incoming.sender
        if isinstance(what, InGroup) and what.incoming.key == SAID_IN_GROUP and address in self._declined:
            return
        chain = self._chains.get(address)
        if chain is not None:
            chain.append((update.update_id, what))
            return
        self._chains[address] = deque([(update.update_id, what)])
        task = asyncio.create_task(self._follow(address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until every update taken so far is committed (or given up with an apology)."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, within: float) -> None:
        """Give the turns in hand their time. What is not done by then was never acknowledged and comes again."""
        if self._tasks or self.asides.tasks:
            await asyncio.wait([*self._tasks, *self.asides.tasks], timeout=within)
        left = [*self._tasks, *self.asides.tasks]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _follow(self, address: str) -> None:
        chain = self._chains[address]
        try:
            while chain:
                number, what = chain[0]
                await self._serve(number, what)
                _remember(self._done, number)
                chain.popleft()
        finally:
            del self._chains[address]

    async def _serve(self, number: int, what: Heard) -> None:
        typing = asyncio.get_running_loop().call_later(_TYPING_AFTER, self._takes_time, what)
        try:
            promise = await self._turn(number, what)
        finally:
            typing.cancel()
        self._promised(what, promise)

    def _takes_time(self, what: Heard) -> None:
        if isinstance(what, Said):
            self.asides.type(what.incoming.sender)

    def _promised(self, what: Heard, promise: Promise | None) -> None:
        if promise is not None and promise.erased:
            self.sender.scrubbing.begin()
        if isinstance(what, Moved):
            return
        if promise is not None and promise.is_new:
            self.sender.hand(promise, what.incoming.sender, what.incoming.on, what.incoming.at)
        if isinstance(what, InGroup):
            _remember(self._declined, what.incoming.sender)
        elif what.query is not None:
            self.asides.toast(what.query, promise)

    async def _turn(self, number: int, what: Heard) -> Promise | None:
        """Its turn, tried again a few times; in the end an apology and an alarm, so that nobody waits for ever."""
        crash_point("received")
        try:
            return await self._patience.turn(self._work(number, what), _PAUSES)
        except Exception:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("ALARM: a message was given up after %s tries", len(_PAUSES) + 1)
        if not isinstance(what, Said):
            return None
        try:
            return await self._patience.turn(partial(apologise, incoming=what.incoming, lease=LEASE))
        except Exception:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("ALARM: not even an apology could be stored")
            return None

    def _work(self, number: int, what: Heard) -> Callable[[Connection], Promise | None]:
        if isinstance(what, Moved):
            return partial(_moved, what=what, number=number)
        if isinstance(what, InGroup):
            return partial(decline_group, incoming=what.incoming, lease=LEASE)
        return partial(
            receive, editions=self.editions, operator=self.operator, incoming=what.incoming, lease=LEASE
        )


def _remember(remembered: OrderedDict[Key, None], key: Key) -> None:
    remembered[key] = None
    if len(remembered) > _REMEMBERED:
        remembered.popitem(last=False)


def _moved(connection: Connection, what: Moved, number: int) -> None:
    if not what.gone:
        came_back(connection, CHANNEL, what.address)
        return
    # Delivered again it must not bury what was answered since: later updates have larger numbers.
    rows = waiting(connection, CHANNEL, 0, _REMEMBERED, address=what.address)
    before = [row.id for row in rows if not _is_later(row.reply_to, number)]
    went_away(connection, CHANNEL, what.address, max(before, default=0))


def _is_later(reply_to: str, number: int) -> bool:
    told = reply_to.removeprefix("u")
    return told.isdecimal() and int(told) > number
