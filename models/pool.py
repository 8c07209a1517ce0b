"""The same as writer.py for a database with many writers: each turn on a thread and in a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection

from models.engines import POSTGRESQL_CONNECTIONS


class Pool:
    """As many turns at once as there are connections. `alone` runs one, again where it lost a race."""

    def __init__(self, alone: Callable[[Callable[[Connection], Any]], Any]) -> None:
        self._alone = alone
        self._threads = ThreadPoolExecutor(POSTGRESQL_CONNECTIONS, "turn")

    def submit(self, work: Callable[[Connection], Any], *, first: bool = False) -> "Future[Any]":  # noqa: ARG002  nobody waits long here
        return self._threads.submit(self._alone, work)

    def between(self, work: Callable[[], Any]) -> "Future[Any]":
        return self._threads.submit(work)

    def shutdown(self) -> None:
        self._threads.shutdown()
