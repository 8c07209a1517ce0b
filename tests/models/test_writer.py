"""Turns that share a commit: each takes back only its own, and a commit that fails is nobody's loss."""

import asyncio
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing, suppress
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from models.person import accounts, add_person
from models.session import Database
from models.writer import Writer
from tests.models.firms import NOW


def add(address: str) -> Callable[[Connection], object]:
    return lambda connection: add_person(connection, "web", address, NOW)


def fails(connection: Connection) -> None:
    add_person(connection, "web", "failed", NOW)
    raise ZeroDivisionError


def count(database: Database) -> int:
    return int(database.read(lambda c: c.execute(select(func.count()).select_from(accounts)).scalar_one()))


class Held:
    """A database whose writer is busy, so that what is asked meanwhile waits and makes one group."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.commits = 0
        self._go = threading.Event()
        event.listen(self.database._writing, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    async def serve(self, *works: Callable[[Connection], object]) -> list[object]:
        holding = asyncio.ensure_future(self.database.turn_async(lambda _c: self._go.wait(5)))
        await asyncio.sleep(0.02)
        asked = [asyncio.ensure_future(self.database.turn_async(work)) for work in works]
        await asyncio.sleep(0.02)
        self._go.set()
        await holding
        return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_turns_that_wait_share_a_commit(sqlite_url: str) -> None:
    held = Held(sqlite_url)
    with closing(held.database):
        found = await held.serve(*(add(str(number)) for number in range(10)))
        assert not [each for each in found if isinstance(each, Exception)]
        assert count(held.database) == 10
        assert held.commits < 8


async def test_one_that_fails_takes_only_its_own_back(sqlite_url: str) -> None:
    held = Held(sqlite_url)
    with closing(held.database):
        found = await held.serve(add("a"), fails, add("b"), add("a"))
        assert [type(each).__name__ for each in found] == [
            "Account",
            "ZeroDivisionError",
            "Account",
            "IntegrityError",
        ]
        assert count(held.database) == 2


async def test_a_commit_that_fails_is_done_again_one_by_one(sqlite_url: str) -> None:
    def points_nowhere(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        values = {"person_id": 99, "channel": "web", "address": "x", "state": "active", "created_at": NOW}
        connection.execute(accounts.insert(), values)

    held = Held(sqlite_url)
    with closing(held.database):
        found = await held.serve(add("a"), points_nowhere, add("b"))
        assert [type(each).__name__ for each in found] == ["Account", "IntegrityError", "Account"]
        assert count(held.database) == 2


async def test_what_comes_first_goes_before_what_waits(sqlite_url: str) -> None:
    order: list[str] = []
    with closing(Database(sqlite_url)) as database:
        go = threading.Event()
        holding = asyncio.ensure_future(database.turn_async(lambda _c: go.wait(5)))
        await asyncio.sleep(0.02)
        late = asyncio.ensure_future(database.turn_async(lambda _c: order.append("waited")))
        first = asyncio.ensure_future(database.turn_async(lambda _c: order.append("first"), first=True))
        await asyncio.sleep(0.02)
        go.set()
        await asyncio.gather(holding, late, first)
    assert order == ["first", "waited"]


def test_a_closed_database_takes_nothing_more(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.close()
    database.close()
    with pytest.raises(RuntimeError, match="closed"):
        database.turn(add("a"))


def test_whoever_comes_while_it_closes_is_served_or_refused() -> None:
    """Neither forgotten in the queue nor served by a thread that has ended."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(60):
            writer = idle()
            taken: list[Future[int]] = []
            asking = [threading.Thread(target=ask, args=(writer, taken)) for _ in range(3)]
            for thread in asking:
                thread.start()
            writer.shutdown()
            for thread in asking:
                thread.join()
            assert [future.result(1) for future in taken] == [1] * len(taken)
    finally:
        sys.setswitchinterval(interval)


def idle() -> Writer:
    """One without a database, for what is no turn."""
    return Writer(lambda _work: None, lambda _work: None, lambda _error: False)


def ask(writer: Writer, taken: "list[Future[int]]") -> None:
    with suppress(RuntimeError):
        for _ in range(30):
            taken.append(writer.between(lambda: 1))


class Slow(deque[Any]):
    """Takes its time over what is queued."""

    begun = threading.Event()

    def append(self, job: Any) -> None:
        self.begun.set()
        time.sleep(0.05)
        super().append(job)


def test_who_is_about_to_be_queued_keeps_it_from_closing() -> None:
    writer = idle()
    writer._jobs = Slow()
    taken: list[Future[int]] = []
    asking = threading.Thread(target=lambda: taken.append(writer.between(lambda: 1)))
    asking.start()
    Slow.begun.wait()
    writer.shutdown()
    asking.join()
    assert taken[0].result(1) == 1
