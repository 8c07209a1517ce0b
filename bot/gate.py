"""How many sends may be under way: one while the other side is quick, more when it is slow."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

QUICK_SECONDS = 0.15
PATIENCE_SECONDS = 0.5
WIDEST = 64


@dataclass(slots=True, eq=False)
class Passage:
    """One that is within, or waits to be. `answered`: the other side did its part, what remains is ours."""

    place: asyncio.Future[None]
    came: float
    since: float = 0.0
    answered: float | None = field(default=None)

    def has_answer(self) -> None:
        self.answered = asyncio.get_running_loop().time()


class Gate:
    """Whatever is under way when the process is killed may have arrived and is sent again: so, as few as keep up.

    While somebody waits, and another within has had no answer for QUICK_SECONDS or the first in the queue has waited
    for PATIENCE_SECONDS, the width doubles; each quick answer halves it.
    """

    def __init__(self) -> None:
        self._width = 1
        self._inside: set[Passage] = set()
        self._queue: deque[Passage] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def passage(self) -> AsyncIterator[Passage]:
        """Be one of those within, in the order of coming."""
        loop = asyncio.get_running_loop()
        me = Passage(loop.create_future(), loop.time())
        self._queue.append(me)
        self._admit(loop)
        try:
            if not me.place.done():
                await me.place
            yield me
        finally:
            if me in self._inside:
                self._inside.discard(me)
                if (me.answered or loop.time()) - me.since < QUICK_SECONDS:
                    self._width = max(1, self._width // 2)
            else:
                me.place.cancel()
            self._admit(loop)

    def _admit(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._queue and len(self._inside) < self._width:
            next_one = self._queue.popleft()
            if not next_one.place.done():
                next_one.since = loop.time()
                self._inside.add(next_one)
                next_one.place.set_result(None)
        if self._queue and self._timer is None:
            self._timer = loop.call_later(QUICK_SECONDS / 4, self._widen, loop)

    def _widen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Somebody waits: is it the other side that is slow?"""
        self._timer = None
        slow_since = loop.time() - QUICK_SECONDS
        waiting_long = bool(self._queue) and self._queue[0].came <= loop.time() - PATIENCE_SECONDS
        if waiting_long or any(each.answered is None and each.since <= slow_since for each in self._inside):
            self._width = min(self._width * 2, WIDEST)
        self._admit(loop)
