"""Replies: stored once, sent until sent, forgotten where they must be."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from models.outbox import (
    Message,
    NewMessage,
    claim,
    mark_failed,
    mark_sent,
    outbox,
    put,
    stored_reply,
    unsent,
)
from models.session import Database
from tests.models.firms import NOW

LATER = NOW + timedelta(seconds=5)


def _message(key: str, address: str = "4711", *, forget: bool = False) -> NewMessage:
    return NewMessage(
        "telegram", address, key, "question", {"fact": "revenue", "text": "营收？"}, forget=forget
    )


def _put(database: Database, *messages: NewMessage) -> list[int]:
    return database.turn(lambda c: [put(c, message, NOW) for message in messages])


def _unsent(database: Database, address: str | None = None) -> list[str]:
    rows = database.read(lambda c: unsent(c, "telegram", address, 100, LATER))
    return [message.reply_to for message in rows]


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


def test_unsent_comes_in_order_until_sent(database: Database) -> None:
    ids = _put(database, _message("1"), _message("2", "other"), _message("3"))
    assert _unsent(database) == ["1", "2", "3"]
    assert _unsent(database, "4711") == ["1", "3"]
    database.turn(lambda c: mark_sent(c, ids[0], LATER))
    assert _unsent(database, "4711") == ["3"]
    sent = _stored(database, "1")
    assert sent
    assert sent.state == "sent"


def test_a_claimed_message_is_left_alone_until_its_lease_ends(database: Database) -> None:
    (one,) = _put(database, _message("1"))
    assert database.turn(lambda c: claim(c, one, NOW, LATER + timedelta(seconds=1)))
    assert not database.turn(lambda c: claim(c, one, NOW, LATER))
    assert _unsent(database) == []
    assert database.read(lambda c: unsent(c, "telegram", None, 9, LATER + timedelta(seconds=1)))
    database.turn(lambda c: mark_sent(c, one, LATER))
    assert not database.turn(lambda c: claim(c, one, LATER + timedelta(days=1), LATER))


def test_a_failure_is_tried_again_later_or_never(database: Database) -> None:
    again, never = _put(database, _message("1"), _message("2"))
    database.turn(lambda c: mark_failed(c, again, "new", "429", LATER + timedelta(seconds=30)))
    database.turn(lambda c: mark_failed(c, never, "dead", "403 blocked", LATER))
    assert _unsent(database) == []
    in_a_minute = LATER + timedelta(minutes=1)
    assert [m.id for m in database.read(lambda c: unsent(c, "telegram", None, 9, in_a_minute))] == [again]


def test_what_is_to_be_forgotten_leaves_no_row(database: Database) -> None:
    sent, dead = _put(database, _message("1", forget=True), _message("2", forget=True))
    database.turn(lambda c: mark_sent(c, sent, NOW))
    database.turn(lambda c: mark_failed(c, dead, "dead", "403", NOW))
    assert database.read(lambda c: c.execute(select(func.count()).select_from(outbox)).scalar_one()) == 0


def test_the_number_of_a_deleted_row_never_comes_back(database: Database) -> None:
    (first,) = _put(database, _message("1", forget=True))
    database.turn(lambda c: mark_sent(c, first, NOW))
    (second,) = _put(database, _message("2"))
    assert second > first


def test_the_query_for_unsent_rows_uses_the_partial_index(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    def plan(connection: Connection) -> str:
        sql = "SELECT * FROM outbox WHERE state IN ('new', 'sending') AND channel = 'a' AND address = 'b'"
        return str(connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all())

    assert "ix_outbox_unsent" in database.read(plan)
    database.close()
