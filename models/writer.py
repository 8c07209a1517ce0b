"""SQLite's one writing thread. Turns that wait share one commit, each in a savepoint of its own: the disk is asked once."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeAlias

from sqlalchemy import Connection

GROUP_SECONDS = 0.005

Alone: TypeAlias = Callable[[Callable[[Connection], Any]], Any]
Together: TypeAlias = Callable[[Callable[[Connection], None]], None]


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[..., Any]
    future: "Future[Any]" = field(default_factory=Future)
    is_turn: bool = True
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """`together` runs a group in one transaction; `alone` runs again, with all care, a turn that lost a race or whose
    group could not be committed. `is_lost_race` says of which errors a turn is worth running again.
    """

    def __init__(self, alone: Alone, together: Together, is_lost_race: Callable[[Exception], bool]) -> None:
        self._alone, self._together, self._is_lost_race = alone, together, is_lost_race
        self._first: deque[_Job] = deque()
        self._jobs: deque[_Job] = deque()
        self._tickets: SimpleQueue[bool] = SimpleQueue()  # one a job; False ends the thread
        self._closed = False
        self._door = threading.Lock()  # whoever is queued is queued before the last ticket, or not at all
        self._thread = threading.Thread(target=self._serve, name="turn", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Any], *, first: bool = False) -> "Future[Any]":
        """Queue a turn; one that comes `first` goes before those that wait."""
        return self._queue(_Job(work), first=first)

    def between(self, work: Callable[[], Any]) -> "Future[Any]":
        """Queue something that must not run within a transaction."""
        return self._queue(_Job(work, is_turn=False))

    def shutdown(self) -> None:
        """Serve what was queued, then end."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._tickets.put(item=False)
        self._thread.join()

    def _queue(self, job: _Job, *, first: bool = False) -> "Future[Any]":
        with self._door:
            if self._closed:
                raise RuntimeError("the database is closed")
            (self._first if first else self._jobs).append(job)
            self._tickets.put(item=True)
        return job.future

    def _serve(self) -> None:
        while self._tickets.get():
            job = self._next()
            if not job.future.set_running_or_notify_cancel():
                continue
            if job.is_turn:
                self._group(job)
            else:
                _run(job, job.work)
                job.settle()

    def _next(self) -> _Job:
        return self._first.popleft() if self._first else self._jobs.popleft()

    def _following(self, ends: float) -> Iterator[_Job]:
        """The turns that wait, for as long as a group may last."""
        while time.monotonic() < ends and (self._first or (self._jobs and self._jobs[0].is_turn)):
            self._tickets.get()
            job = self._next()
            if job.future.set_running_or_notify_cancel():
                yield job

    def _group(self, job: _Job) -> None:
        group = [job]

        def work(connection: Connection) -> None:
            _in_savepoint(connection, job)
            for other in self._following(time.monotonic() + GROUP_SECONDS):
                group.append(other)
                _in_savepoint(connection, other)

        try:
            self._together(work)
        except Exception as error:  # noqa: BLE001  the commit failed, or the whole transaction broke: one by one then
            for each in group:
                each.error = error
            again = group
        else:
            again = [each for each in group if each.error is not None and self._is_lost_race(each.error)]
        for each in again:
            _run(each, partial(self._alone, each.work))
        for each in group:
            each.settle()


def _run(job: _Job, work: Callable[[], Any]) -> None:
    job.error = None
    try:
        job.result = work()
    except Exception as error:  # noqa: BLE001  it is whoever waits for the turn that has to know
        job.error = error


def _in_savepoint(connection: Connection, job: _Job) -> None:
    """An error takes back this turn only. Raises where SQLite has already taken back everything (a full disk)."""
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT turn").close()
    _run(job, lambda: job.work(connection))
    if job.error is not None:
        driver.execute("ROLLBACK TO turn").close()
    driver.execute("RELEASE turn").close()
