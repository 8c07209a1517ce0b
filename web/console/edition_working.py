"""Runs in the background of the console: begun here at once, and gone on with by the server's upkeep should this process die."""

import asyncio
import logging
from datetime import UTC, datetime

from flows.helping import helping
from flows.reassess import Worker
from models.session import Database

_log = logging.getLogger(__name__)


class Background:
    """What one process works on beside what it serves."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False

    def begin(self, database: Database, run_id: int) -> None:
        """Do a run's chunks. Whoever else does some of them is welcome: each is claimed by one."""
        task = asyncio.create_task(self._work(database, run_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Let the chunks under way end and begin no further ones; whoever serves next goes on with them."""
        self._is_closing = True
        await asyncio.gather(*self._tasks)

    async def _work(self, database: Database, run_id: int) -> None:
        try:
            await asyncio.to_thread(self._do, database, run_id)
        except Exception as error:  # noqa: BLE001  upkeep.py takes it up again; the class alone, a message may hold data
            _log.error("a run stopped (%s); it goes on within a minute or two", type(error).__name__)

    def _do(self, database: Database, run_id: int) -> None:
        worker = Worker(database, lambda: datetime.now(UTC))
        with helping(database, run_id):
            while not self._is_closing and worker.do_one(run_id):
                pass
