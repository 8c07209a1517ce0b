"""Replies: stored once, under a number that never comes back."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from models.outbox import Message, NewMessage, oldest_unsent, put, stored_reply
from models.session import Database
from tests.models.firms import NOW
from tests.sent import mark_sent


def _message(key: str, address: str = "4711", *, forget: bool = False) -> NewMessage:
    return NewMessage(
        "telegram", address, key, "question", {"fact": "revenue", "text": "营收？"}, forget=forget
    )


def _put(database: Database, *messages: NewMessage) -> list[int]:
    return database.turn(lambda c: [put(c, message, NOW) for message in messages])


def _stored(database: Database, key: str) -> Message | None:
    return database.read(lambda c: stored_reply(c, "telegram", "4711", key))


def test_a_key_is_answered_once(database: Database) -> None:
    _put(database, _message("1"))
    found = _stored(database, "1")
    assert found
    assert (found.payload, found.state, found.attempts) == ({"fact": "revenue", "text": "营收？"}, "new", 0)
    assert _stored(database, "2") is None
    with pytest.raises(IntegrityError):
        _put(database, _message("1"))
    _put(database, _message("1", address="4712"))


def test_the_oldest_that_waits_is_known_until_it_is_sent(database: Database) -> None:
    assert database.read(oldest_unsent) is None
    (one,) = _put(database, _message("1"))
    assert database.read(oldest_unsent) == NOW
    database.turn(lambda c: mark_sent(c, one, NOW))
    assert database.read(oldest_unsent) is None
    found = _stored(database, "1")
    assert found
    assert (found.state, found.created_at) == ("sent", NOW)


def test_the_number_of_a_deleted_row_never_comes_back(database: Database) -> None:
    (first,) = _put(database, _message("1", forget=True))
    database.turn(lambda c: mark_sent(c, first, NOW))
    assert _stored(database, "1") is None
    (second,) = _put(database, _message("2"))
    assert second > first


def test_the_query_for_unsent_rows_uses_the_partial_index(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    def plan(connection: Connection) -> str:
        sql = "SELECT * FROM outbox WHERE state IN ('new', 'sending') AND channel = 'a' AND address = 'b'"
        return str(connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all())

    assert "ix_outbox_unsent" in database.read(plan)
    database.close()
