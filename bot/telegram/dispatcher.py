"""From an update to its committed turn: people at the same time, one person in order, nobody for ever in the way."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from telegram import Update

from bot.sender import LEASE, Sender
from bot.telegram.asides import Asides
from bot.telegram.handlers import heard
from bot.telegram.heard import CHANNEL, Heard, InGroup, Moved, Said
from flows.editions import Editions
from flows.interview import Promise, receive
from flows.messages import Operator
from flows.presence import apologise, came_back, decline_group, went_away
from models.session import Database, crash_point

_PAUSES = (0.1, 0.4)
_PAUSES_WITHOUT_DATABASE = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_TYPING_AFTER = 0.7
_REMEMBERED = 1000

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
    _chains: dict[str, deque[tuple[int, Heard]]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _done: OrderedDict[int, None] = field(default_factory=OrderedDict)

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
        while chain:
            number, what = chain[0]
            await self._serve(what)
            self._done[number] = None
            if len(self._done) > _REMEMBERED:
                self._done.popitem(last=False)
            chain.popleft()
        del self._chains[address]

    async def _serve(self, what: Heard) -> None:
        incoming = None if isinstance(what, Moved) else what.incoming
        address = "" if incoming is None else incoming.sender
        typing = asyncio.get_running_loop().call_later(_TYPING_AFTER, self.asides.type, address)
        try:
            promise = await self._turn(what)
        finally:
            typing.cancel()
        if promise is not None and promise.is_new and incoming is not None:
            self.sender.hand(promise, incoming.sender, incoming.on, incoming.at)
        if isinstance(what, Said) and what.query is not None:
            self.asides.toast(what.query, promise)

    async def _turn(self, what: Heard) -> Promise | None:
        """Its turn, tried again a few times; in the end an apology and an alarm, so that nobody waits for ever."""
        crash_point("received")
        work, failed = self._work(what), 0
        while True:
            try:
                return await self.database.turn_async(work)
            except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the others
                pauses = _PAUSES_WITHOUT_DATABASE if isinstance(error, OperationalError) else _PAUSES
                if failed >= len(pauses):
                    _log.exception("ALARM: a message was given up after %s tries", failed + 1)
                    return await self._apology(what)
                _log.warning("a turn failed (%s); again in %s s", type(error).__name__, pauses[failed])
            await asyncio.sleep(pauses[failed])
            failed += 1

    def _work(self, what: Heard) -> Callable[[Connection], Promise | None]:
        if isinstance(what, Moved):
            move = went_away if what.gone else came_back
            return partial(_moved, move=move, address=what.address)
        if isinstance(what, InGroup):
            return partial(decline_group, incoming=what.incoming, lease=LEASE)
        return partial(
            receive, editions=self.editions, operator=self.operator, incoming=what.incoming, lease=LEASE
        )

    async def _apology(self, what: Heard) -> Promise | None:
        if not isinstance(what, Said):
            return None
        try:
            return await self.database.turn_async(partial(apologise, incoming=what.incoming, lease=LEASE))
        except Exception:  # noqa: BLE001  whatever it is, it must not stop the others
            _log.exception("ALARM: not even an apology could be stored")
            return None


def _moved(connection: Connection, move: Callable[[Connection, str, str], None], address: str) -> None:
    move(connection, CHANNEL, address)
