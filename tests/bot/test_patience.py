"""A turn is tried as long as the database is away, and a few times where it is the turn that fails."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from bot.patience import Patience
from models.session import Database

AWAY = OperationalError("INSERT", {}, Exception("disk full"))
GONE = InterfaceError("INSERT", {}, Exception("connection closed"))


@pytest.fixture
def fails(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Patience]]:
    """A database that fails of these errors, one after the other, and then serves."""
    database = Database(sqlite_url)
    monkeypatch.setattr("bot.patience._PAUSES_WHILE_AWAY", (0.0,))

    def of(*errors: Exception) -> Patience:
        left, serve = iter(errors), database.turn_async

        async def turn(work: Any) -> Any:
            if (error := next(left, None)) is not None:
                raise error
            return await serve(work)

        monkeypatch.setattr(database, "turn_async", turn)
        return Patience(database)

    yield of
    database.close()


async def test_it_waits_for_the_database_and_alarms_once(
    fails: Callable[..., Patience], caplog: pytest.LogCaptureFixture
) -> None:
    assert await fails(*[AWAY, GONE] * 50).turn(lambda _connection: 7) == 7
    assert caplog.text.count("ALARM") == 1
    assert "disk full" not in caplog.text


async def test_a_hiccup_is_no_alarm(fails: Callable[..., Patience], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await fails(AWAY, GONE).turn(lambda _connection: 7) == 7
    assert "again in" in caplog.text
    assert "ALARM" not in caplog.text


async def test_a_turn_that_fails_by_itself_is_given_up(fails: Callable[..., Patience]) -> None:
    broken = IntegrityError("INSERT", {}, Exception("x"))
    assert await fails(AWAY, broken, AWAY, broken).turn(lambda _connection: 7, (0.0, 0.0)) == 7
    with pytest.raises(IntegrityError):
        await fails(broken, AWAY, broken).turn(lambda _connection: 7, (0.0,))
