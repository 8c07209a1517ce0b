"""Making the database's log forget what was erased, beside everything else and until it has."""

import asyncio
import logging

from models.session import Database

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0

_log = logging.getLogger("ladder.sender")


class Scrubbing:
    """Whether the words of farewell arrive is another matter: they may never, and the log must not wait for them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted = 0
        self.tasks: set[asyncio.Task[None]] = set()  # one at most; to be waited for and cancelled at the end

    def begin(self) -> None:
        """Something was erased. A round that is under way may have begun before that, so there will be one more."""
        self._wanted += 1
        if all(task.done() for task in self.tasks):
            task = asyncio.create_task(self._scrub(), name="scrub")
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _scrub(self) -> None:
        pause = _FIRST_PAUSE
        while wanted := self._wanted:
            if await self._succeeds():
                self._wanted -= wanted
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _succeeds(self) -> bool:
        try:
            succeeds = await asyncio.to_thread(self._database.scrub)
        except Exception as error:  # noqa: BLE001  whatever it is, what was erased must go
            _log.error("ALARM: the database's log cannot be emptied yet (%s)", type(error).__name__)
            return False
        if not succeeds:
            _log.warning("the database's log is being read; it is emptied a little later")
        return succeeds
