"""Who may send a row, who may mark it, and what stays of it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from models.outbox import NewMessage, outbox, put
from models.sending import Shown, bury, bury_all, last_shown, put_off, settle, take, waiting
from models.session import Database
from tests.models.firms import NOW

LEASE = NOW + timedelta(seconds=5)
LATER = LEASE + timedelta(seconds=1)


def _put(database: Database, key: str, *, leased: bool = False, forget: bool = False) -> int:
    message = NewMessage(
        *("telegram", "4711", key, "question", {}),
        forget=forget,
        target="17",
        lease_until=LEASE if leased else None,
    )
    return database.turn(lambda c: put(c, message, NOW))


def _states(database: Database) -> list[str]:
    return list(database.read(lambda c: c.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars()))


def test_stored_under_a_lease_it_is_nobody_elses(database: Database) -> None:
    one = _put(database, "1", leased=True)
    assert database.turn(lambda c: take(c, one, NOW, LATER)) is None
    assert database.turn(lambda c: settle(c, one, 1, NOW, "18"))
    assert _states(database) == ["sent"]
    assert database.read(lambda c: last_shown(c, "telegram", "4711")) == Shown("18", "question")


def test_who_was_too_slow_can_neither_mark_nor_fail(database: Database) -> None:
    one = _put(database, "1", leased=True)
    assert database.turn(lambda c: take(c, one, LATER, LATER + timedelta(seconds=5))) == 2
    assert not database.turn(lambda c: settle(c, one, 1, LATER, "18"))
    database.turn(lambda c: put_off(c, one, 1, "429", LATER))
    database.turn(lambda c: bury(c, one, 1, "400"))
    assert _states(database) == ["sending"]
    assert database.turn(lambda c: settle(c, one, 2, LATER, "19"))
    assert not database.turn(lambda c: settle(c, one, 2, LATER, "19"))


def test_put_off_it_is_taken_again_when_due(database: Database) -> None:
    one = _put(database, "1", leased=True)
    database.turn(lambda c: put_off(c, one, 1, "429", LATER))
    assert database.turn(lambda c: take(c, one, NOW, LATER)) is None
    assert database.turn(lambda c: take(c, one, LATER, LATER + timedelta(seconds=5))) == 2


def test_waiting_finds_all_or_what_is_due_in_order(database: Database) -> None:
    first, second, third = _put(database, "1"), _put(database, "2", leased=True), _put(database, "3")
    found = database.read(lambda c: waiting(c, "telegram", 0, 10))
    assert [(each.id, each.target) for each in found] == [(first, "17"), (second, "17"), (third, "17")]
    due = database.read(lambda c: waiting(c, "telegram", 0, 10, NOW))
    assert [each.id for each in due] == [first, third]
    assert [each.id for each in database.read(lambda c: waiting(c, "telegram", first, 1))] == [second]


def test_what_waits_for_one_address_is_told_apart(database: Database) -> None:
    one, leased = _put(database, "1"), _put(database, "2", leased=True)
    database.turn(lambda c: put(c, NewMessage("telegram", "other", "3", "question", {}), NOW))

    def ids(due_by: datetime | None, address: str) -> list[int]:
        found = database.read(lambda c: waiting(c, "telegram", 0, 10, due_by, address=address))
        return [each.id for each in found]

    assert (ids(None, "4711"), ids(NOW, "4711"), ids(LATER, "nobody")) == ([one, leased], [one], [])


def test_what_is_to_be_forgotten_leaves_nothing(database: Database) -> None:
    sent, dead, gone = (_put(database, key, leased=True, forget=True) for key in "123")
    assert database.turn(lambda c: settle(c, sent, 1, NOW, "18"))
    database.turn(lambda c: bury(c, dead, 1, "400"))
    assert _states(database) == ["sending"]
    database.turn(lambda c: bury_all(c, "telegram", "4711", "blocked"))
    assert _states(database) == []
    assert gone


def test_everything_for_who_is_gone_is_given_up(database: Database) -> None:
    sent = _put(database, "1", leased=True)
    database.turn(lambda c: settle(c, sent, 1, NOW, "18"))
    _put(database, "2"), _put(database, "3", leased=True)
    database.turn(lambda c: bury_all(c, "telegram", "4711", "blocked"))
    assert _states(database) == ["sent", "dead", "dead"]


def test_what_was_stored_after_they_went_is_not_given_up(database: Database) -> None:
    before, after = _put(database, "1"), _put(database, "2")
    database.turn(lambda c: bury_all(c, "telegram", "4711", "blocked", before))
    assert _states(database) == ["dead", "new"]
    assert database.turn(lambda c: take(c, after, NOW, LATER)) == 1
    assert database.read(lambda c: last_shown(c, "telegram", "nobody")) is None
