"""The server deletes what is past its time by itself."""

import asyncio
import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import OperationalError

from models.assessment import assessments
from models.bulletin import deliveries
from models.firm import firms
from models.person import people
from models.session import Database
from tests.conversations.in_process import editions, publish
from tests.flows.test_reminding import NOON, owner
from tests.models.firms import NOW, build
from web import upkeep

SOON = timedelta(milliseconds=20)


def _people(database: Database) -> int:
    return int(database.read(lambda c: c.execute(select(func.count()).select_from(people)).scalar_one()))


def _long_ago(connection: Connection) -> None:
    then = NOW - timedelta(days=4000)
    for table in (people, firms, assessments):
        connection.execute(update(table).values(created_at=then))
    connection.execute(update(assessments).values(updated_at=then))


async def test_what_is_past_its_time_goes_while_the_server_runs(database: Database) -> None:
    database.turn(build)
    database.turn(_long_ago)
    async with upkeep.purging(database, SOON):
        for _ in range(250):
            if _people(database) == 0:
                break
            await asyncio.sleep(0.02)
    assert _people(database) == 0


async def test_a_database_that_fails_once_is_asked_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []

    def failing(*_: object) -> None:
        asked.append(1)
        raise OperationalError("SELECT", {}, Exception("no host at db.example"))

    monkeypatch.setattr(upkeep, "purge", failing)
    database = Database(sqlite_url)
    with caplog.at_level(logging.ERROR):
        async with upkeep.purging(database, SOON):
            for _ in range(250):
                if len(asked) > 1:
                    break
                await asyncio.sleep(0.02)
    database.close()
    assert len(asked) > 1
    assert "OperationalError" in caplog.text
    assert "db.example" not in caplog.text


async def test_owners_are_reminded_while_the_server_runs(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)
    publish(database)
    database.turn(lambda c: owner(c, finished=False))
    monkeypatch.setattr(upkeep, "OFTEN", SOON)
    monkeypatch.setattr(upkeep, "datetime", _Later)
    async with upkeep.tending(database, editions()):
        for _ in range(250):
            if database.read(lambda c: c.execute(select(deliveries.c.id)).all()):
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)  # and no second time
    assert len(database.read(lambda c: c.execute(select(deliveries.c.id)).all())) == 1
    database.close()


class _Later(datetime):
    """A clock that stands on the fourth day after the last answer, at noon in China."""

    @classmethod
    def now(cls, _zone: object = None) -> datetime:  # type: ignore[override]  # a clock that stands needs no zone
        return NOON + timedelta(days=4)
