"""The one place that commits: a turn of talk is one transaction, run again when it lost a race."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from models.base import LostRaceError
from models.crash import crash_point
from models.engines import address_of, lone_engine, reading_engine, writing_engine
from models.pool import Pool
from models.writer import Writer

__all__ = ["Database", "crash_point"]

T = TypeVar("T")

ATTEMPTS = 4  # once, and three times more after a lost race

# unique key, foreign key (the row it names was erased meanwhile), serialization, deadlock, lock not available
_LOST_POSTGRESQL = {"23505", "23503", "40001", "40P01", "55P03"}
_LOST_SQLITE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_BUSY", "SQLITE_LOCKED")


class Database:
    """A database by its URL, for all threads of a process.

    Writing turns take turns on one thread, which commits those that wait together (SQLite), or run in a small pool
    (PostgreSQL).
    `foreign_keys=False` is for migrations on SQLite only, which rebuild tables.
    """

    def __init__(self, url: str, *, foreign_keys: bool = True) -> None:
        self.address = address_of(url)
        self.is_sqlite = self.address.get_backend_name() == "sqlite"
        self._writing = writing_engine(self.address, foreign_keys=foreign_keys)
        self._reading = reading_engine(self.address)
        self._turns = (
            Writer(partial(self._run, attempts=ATTEMPTS - 1), self._commit_group, _is_lost_race)
            if self.is_sqlite
            else Pool(self._run)
        )
        self._reads = ThreadPoolExecutor(4, "read")
        self._thread = threading.local()
        self._kept: Connection | None = None

    def turn(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction, commit, and return its result; an exception rolls back.

        `work` may run up to four times, so all it does must go through its connection.
        Raises RuntimeError when called from within a turn.
        """
        if getattr(self._thread, "busy", False):
            raise RuntimeError("a turn inside a turn: pass the connection on instead")
        return self._turns.submit(work).result()  # type: ignore[no-any-return]  # the queue holds works of every result

    async def turn_async(self, work: Callable[[Connection], T], *, first: bool = False) -> T:
        """Do the same from an event loop, which stays free meanwhile; `first`: before turns that wait (on SQLite)."""
        return await asyncio.wrap_future(self._turns.submit(work, first=first))

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on one consistent state of the database; the database refuses every change."""
        with self._reading.connect() as connection, connection.begin():
            return work(connection)

    async def read_async(self, work: Callable[[Connection], T]) -> T:
        """Do the same from an event loop, which stays free meanwhile."""
        return await asyncio.wrap_future(self._reads.submit(self.read, work))

    def scrub(self) -> bool:
        """Empty SQLite's write-ahead log, which keeps erased text until it is written over. Call after an erasure.

        False: a reader stood in the way; call again.
        """
        return not self.is_sqlite or bool(self._turns.between(self._checkpoint).result())

    def aside(self) -> Connection:
        """A connection beside all turns, each statement by itself: for locks that outlive a transaction. The caller closes it."""
        return lone_engine(self.address).connect()

    def close(self) -> None:
        """Let running turns end, then close every connection."""
        self._turns.shutdown()
        self._reads.shutdown()
        if self._kept:
            self._kept.close()
        self._reading.dispose()
        self._writing.dispose()

    def _run(self, work: Callable[[Connection], T], attempts: int = ATTEMPTS) -> T:
        self._thread.busy = True
        try:
            for attempt in range(1, attempts):
                try:
                    return self._commit(work)
                except (DBAPIError, LostRaceError) as error:
                    if not _is_lost_race(error):
                        raise
                self._step_back(attempt)
            return self._commit(work)
        finally:
            self._thread.busy = False

    def _step_back(self, attempt: int) -> None:
        # By chance, so that two that raced do not race in step again. On SQLite nobody else is in the way.
        if not self.is_sqlite:
            time.sleep(secrets.randbelow(10 << attempt) / 1000)

    def _commit_group(self, work: Callable[[Connection], None]) -> None:
        self._thread.busy = True
        try:
            self._commit(work)
        finally:
            self._thread.busy = False

    def _commit(self, work: Callable[[Connection], T]) -> T:
        with self._connection() as connection:
            with connection.begin():
                result = work(connection)
                crash_point("before-commit")
            crash_point("after-commit")
            return result

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """Yield SQLite's one writing connection, which is kept (fetching it anew costs half a read), or one of the pool."""
        if not self.is_sqlite:
            with self._writing.connect() as connection:
                yield connection
            return
        kept = self._kept = self._kept or self._writing.connect()
        try:
            yield kept
        except BaseException:
            # A COMMIT that failed leaves its transaction open, and every later turn would stumble over it.
            self._kept = None
            kept.close()
            raise

    def _checkpoint(self) -> bool:
        with self._connection() as connection:
            driver: Any = connection.connection.driver_connection
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy


def _is_lost_race(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return isinstance(error, LostRaceError)
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return code in _LOST_POSTGRESQL
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(_LOST_SQLITE)
