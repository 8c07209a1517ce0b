"""Deliveries in somebody's hands: what is taken, tried again, taken back, erased or cut off meanwhile. On both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from models.announced import take_back
from models.bulletin import NewDelivery, deliveries
from models.bulletins import add_bulletin, change_bulletin, retry_failed
from models.claim import claimed, claims, end_claims
from models.delivered import delivery_counts, recipients_of
from models.delivering import (
    LEASE,
    Mark,
    Taken,
    add_deliveries,
    give_up_cut_off,
    mark_deliveries,
    read_taken,
    take_deliveries,
)
from models.person import add_person
from models.session import Database
from models.subscription import subscribe, unsubscribe
from tests.models.taking import take

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def which(database: Database) -> int:
    """A bulletin that is being sent to three people."""

    def work(connection: Connection) -> int:
        about = {"topic": "policy", "title": "新政策", "body": "正文", "audience": {}}
        made = add_bulletin(connection, **about, urgent=True, author="周顾问", at=NOW)  # type: ignore[arg-type]  # texts and a rule
        new = []
        for address in ("1", "2", "3"):
            account = add_person(connection, "telegram", address, NOW)
            who = account.person_id
            subscribe(connection, who, account.id, "policy", frequency="at-once", at=NOW)
            new.append(NewDelivery(who, None, "telegram", address, {"kind": "notice"}))
        add_deliveries(connection, made.id, new, NOW)
        return change_bulletin(connection, made, {"state": "sending", "started_at": NOW}, ("draft",)).id

    return database.turn(work)


def counts(database: Database, which: int) -> dict[str, int]:
    return database.read(lambda c: delivery_counts(c, which))


def mark(database: Database, taken: Taken, state: str, **more: object) -> None:
    made = Mark(taken, state, **more)  # type: ignore[arg-type]  # a test's shorthand
    database.turn(lambda c: mark_deliveries(c, [made], NOW))


def leaves(database: Database, address: str) -> None:
    person = select(deliveries.c.person_id).where(deliveries.c.address == address)
    database.turn(lambda c: take_back(c, c.execute(person).scalar_one(), None))


def test_what_is_in_somebodys_hands_is_being_sent_and_nobody_else_gets_it(
    database: Database, which: int
) -> None:
    taken = take(database, [which], 2, NOW)
    assert [each.address for each in taken] == ["1", "2"]
    assert counts(database, which) == {"sending": 2, "waiting": 1}
    page = database.read(lambda c: recipients_of(c, which, 0, 10))
    assert [each.state for each in page] == ["sending", "sending", "waiting"]
    for state, number in (("sending", 2), ("waiting", 1), ("sent", 0)):
        assert len(database.read(lambda c, s=state: recipients_of(c, which, 0, 10, s))) == number  # type: ignore[misc]  # the state of this pass
    assert [each.address for each in take(database, [which], 2, NOW)] == ["3"]
    assert take(database, [which], 2, NOW) == []


def test_what_is_to_be_tried_again_is_free_while_its_neighbours_are_still_on_their_way(
    database: Database, which: int
) -> None:
    taken = take(database, [which], 3, NOW)
    mark(database, taken[1], "waiting", again_at=LATER)
    assert counts(database, which) == {"sending": 2, "waiting": 1}
    assert take(database, [which], 3, NOW) == []
    (again,) = take(database, [which], 3, LATER)
    assert (again.id, again.fence) == (taken[1].id, taken[1].fence + 1)


def test_who_leaves_between_the_taking_and_the_reading_is_not_written_to(
    database: Database, which: int
) -> None:
    (claim,) = database.turn(lambda c: take_deliveries(c, "telegram", [which], 3, NOW))
    leaves(database, "2")
    assert [each.address for each in database.read(lambda c: read_taken(c, claim))] == ["1", "3"]


@pytest.mark.parametrize("became", ["sent", "failed", "blocked", "unknown"])
def test_what_was_taken_back_on_its_way_counts_as_what_became_of_it(
    database: Database, which: int, became: str
) -> None:
    taken = take(database, [which], 1, NOW)
    leaves(database, "1")
    mark(database, taken[0], became)
    assert counts(database, which) == {became: 1, "waiting": 2}


@pytest.mark.usefixtures("which")
def test_what_was_emptied_on_its_way_is_not_tried_again(database: Database) -> None:
    (taken,) = take(database, [1], 1, NOW)
    database.turn(lambda c: c.execute(update(deliveries).values(payload={})))
    mark(database, taken, "waiting", again_at=NOW)
    assert counts(database, 1) == {"cancelled": 1, "waiting": 2}


def test_what_was_cut_off_is_unknown_whoever_took_it_back_and_late_marks_still_count(
    database: Database, which: int
) -> None:
    taken = take(database, [which], 3, NOW)
    mark(database, taken[0], "sent")
    leaves(database, "2")
    assert database.turn(lambda c: give_up_cut_off(c, NOW + LEASE - timedelta(seconds=1))) == 0
    assert database.turn(lambda c: give_up_cut_off(c, NOW + LEASE)) == 2
    assert counts(database, which) == {"sent": 1, "unknown": 2}
    assert database.read(claimed) == set()
    mark(database, taken[1], "sent")
    assert counts(database, which) == {"sent": 2, "unknown": 1}
    assert database.turn(lambda c: give_up_cut_off(c, NOW + LEASE * 2)) == 0


def test_a_late_mark_changes_nothing_once_somebody_else_has_it(database: Database, which: int) -> None:
    taken = take(database, [which], 1, NOW)
    mark(database, taken[0], "failed")
    database.turn(lambda c: retry_failed(c, which, NOW))
    again = next(each for each in take(database, [which], 3, NOW) if each.id == taken[0].id)
    mark(database, taken[0], "unknown")
    assert counts(database, which) == {"sending": 3}
    mark(database, again, "sent")
    assert counts(database, which) == {"sending": 2, "sent": 1}


def test_a_mark_that_is_written_again_takes_nothing_out_of_anothers_hands(
    database: Database, which: int
) -> None:
    """Whoever does not hear whether it was committed writes it again."""
    taken = take(database, [which], 1, NOW)
    for _ in range(2):
        mark(database, taken[0], "waiting", again_at=NOW)
    others = take(database, [which], 3, NOW)
    assert len(others) == 3
    mark(database, taken[0], "waiting", again_at=NOW)
    assert take(database, [which], 3, NOW) == []
    assert counts(database, which) == {"sending": 3}


def test_what_was_given_up_before_it_was_begun_can_be_given_back(database: Database, which: int) -> None:
    (claim,) = database.turn(lambda c: take_deliveries(c, "telegram", [which], 3, NOW))
    person = select(deliveries.c.person_id).where(deliveries.c.address == "2")
    database.turn(lambda c: unsubscribe(c, c.execute(person).scalar_one(), "policy", NOW))
    assert database.turn(lambda c: give_up_cut_off(c, NOW + LEASE)) == 3
    for each in database.read(lambda c: read_taken(c, claim)):
        mark(database, each, "waiting", again_at=NOW)
    assert counts(database, which) == {"waiting": 2, "cancelled": 1}


def test_whose_claim_is_over_is_nobodys_concern(database: Database, which: int) -> None:
    (claim,) = database.turn(lambda c: take_deliveries(c, "telegram", [which], 3, NOW))
    database.turn(lambda c: c.execute(delete(deliveries).where(deliveries.c.address == "1")))
    database.turn(lambda c: end_claims(c, [claim.id]))
    assert counts(database, which) == {"waiting": 2}
    assert database.turn(lambda c: give_up_cut_off(c, NOW + LEASE)) == 0


def test_a_claim_on_another_channel_holds_nothing_here(database: Database, which: int) -> None:
    stamp = {"channel": "email", "ids": [1, 2, 3], "lease_until": NOW + LEASE}
    database.turn(lambda c: c.execute(insert(claims), stamp))
    assert len(take(database, [which], 3, NOW)) == 3
