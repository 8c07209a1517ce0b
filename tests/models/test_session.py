"""One turn, one transaction: what it keeps, what it takes back, and who wins a race."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models import sqlite
from models.base import LostRaceError, RefusedError
from models.person import Account, accounts, add_person, find_account
from models.session import ATTEMPTS, Database
from tests.models.firms import NOW


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(accounts)).scalar_one())


def _add(address: str) -> Callable[[Connection], Account]:
    return lambda connection: add_person(connection, "web", address, NOW)


def test_a_turn_commits_and_an_error_takes_all_back(database: Database) -> None:
    database.turn(_add("a"))

    def fails(connection: Connection) -> None:
        add_person(connection, "web", "b", NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.turn(fails)
    assert database.read(_count) == 1


async def test_from_an_event_loop(database: Database) -> None:
    await asyncio.gather(*(database.turn_async(_add(str(number))) for number in range(20)))
    assert await database.read_async(_count) == 20


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        database.read(_add("a"))
    database.turn(_add("a"))


def test_a_commit_that_fails_does_not_spoil_the_next_turn(sqlite_url: str) -> None:
    def points_nowhere(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        values = {"person_id": 99, "channel": "web", "address": "x", "state": "active", "created_at": NOW}
        connection.execute(accounts.insert(), values)

    with closing(Database(sqlite_url)) as database:
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            database.turn(points_nowhere)
        database.turn(_add("a"))
        assert database.read(_count) == 1


def test_a_full_disk_is_told_and_loses_nothing(sqlite_url: str) -> None:
    def grow(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(10_000):
            add_person(connection, "web", f"{number}" * 20, NOW)

    with closing(Database(sqlite_url)) as database:
        database.turn(_add("a"))
        with pytest.raises(DBAPIError, match="full"):
            database.turn(grow)
        assert database.read(_count) == 1
        assert database.read(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"


def test_reading_sees_one_moment(database: Database) -> None:
    if database.is_sqlite and not sqlite.is_fixed(sqlite.DRIVER.sqlite_version_info):
        pytest.skip("without a write-ahead log whoever reads holds up whoever writes")

    def twice(connection: Connection) -> tuple[int, int]:
        before = _count(connection)
        database.turn(_add("meanwhile"))
        return before, _count(connection)

    assert database.read(twice) == (0, 0)
    assert database.read(_count) == 1


def test_a_turn_inside_a_turn_is_an_error_not_a_deadlock(database: Database) -> None:
    with pytest.raises(RuntimeError, match="a turn inside a turn"):
        database.turn(lambda _: database.turn(_add("a")))


def test_two_strangers_at_once_become_one_person(database: Database) -> None:
    """Both look, both find nobody, both add: the second is run again and finds the first."""
    gate = threading.Barrier(2)
    tries: list[int] = []

    def greet(connection: Connection) -> Account:
        tries.append(1)
        known = find_account(connection, "web", "a")
        if not database.is_sqlite and len(tries) <= 2:
            gate.wait(timeout=10)
        return known or add_person(connection, "web", "a", NOW)

    found: list[Account] = []
    threads = [threading.Thread(target=lambda: found.append(database.turn(greet))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert found[0] == found[1]
    assert database.read(_count) == 1
    assert len(tries) == (2 if database.is_sqlite else 3)


@pytest.mark.parametrize("losses", [0, 1, ATTEMPTS - 1, ATTEMPTS])
def test_a_lost_race_is_run_again_three_times(sqlite_url: str, losses: int) -> None:
    tries: list[int] = []

    def work(_connection: Connection) -> int:
        tries.append(1)
        if len(tries) <= losses:
            raise LostRaceError
        return len(tries)

    with closing(Database(sqlite_url)) as database:
        if losses < ATTEMPTS:
            assert database.turn(work) == losses + 1
        else:
            with pytest.raises(LostRaceError):
                database.turn(work)
            assert len(tries) == ATTEMPTS


def test_a_unique_key_that_is_taken_for_good_is_told(database: Database) -> None:
    database.turn(_add("a"))
    with pytest.raises(IntegrityError):
        database.turn(_add("a"))


def test_other_errors_are_not_tried_again(database: Database) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        connection.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError):
        database.turn(work)
    assert len(tries) == 1


def test_sqlite_is_set_up_for_power_loss(sqlite_url: str) -> None:
    wanted = {"journal_mode": sqlite.journal_mode(sqlite.DRIVER.sqlite_version_info), "synchronous": 2}
    wanted |= {"foreign_keys": 1, "busy_timeout": 15000, "secure_delete": 1}

    def pragmas(connection: Connection) -> dict[str, object]:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}

    with closing(Database(sqlite_url)) as database:
        assert database.turn(pragmas) == wanted
        assert database.read(pragmas) == wanted


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_which_sqlite_may_use_a_write_ahead_log(version: tuple[int, int, int], fixed: bool) -> None:
    assert sqlite.is_fixed(version) is fixed
    assert sqlite.journal_mode(version) == ("wal" if fixed else "truncate")


def test_the_affected_sqlite_works_with_truncate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "is_fixed", lambda _version: False)
    with closing(Database(f"sqlite:///{tmp_path}/deep/down/ladder.db")) as database:
        mode = database.turn(lambda c: c.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        assert mode == "truncate"
        database.scrub()


def test_a_log_that_is_being_read_is_not_said_to_be_empty(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.02)
    monkeypatch.setattr(sqlite, "is_fixed", lambda _version: True)
    with closing(Database(sqlite_url)) as database:
        with database._reading.connect() as reader, reader.begin():
            reader.execute(select(func.count()).select_from(accounts))
            database.turn(lambda c: add_person(c, "web", "a", NOW))
            assert not database.scrub()
        assert database.scrub()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://a/b", "oracle://x"]
)
def test_a_url_that_cannot_serve_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(RefusedError, match="LADDER_DATABASE_URL") as refused:
        Database(url)
    assert "\n" not in str(refused.value)
