"""Codes for a colleague: one at a time, one person each, gone with the owner, the assessment and their days."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from models.answer import Answer, answers_of, append_answer
from models.erasure import forget_person
from models.handover import (
    Handover,
    add_handover,
    finish_handover,
    forget_expired,
    handover_by_code,
    handover_by_id,
    handovers,
    handovers_of,
    maker_of,
    use_handover,
    used_by,
    withdraw_handovers,
)
from models.person import Account, add_person
from models.schema import downgrade, upgrade
from models.session import Database
from tests.models.firms import NOW, World, build

WEEK = timedelta(days=7)


def _made(connection: Connection, world: World, sha256: str = "ab" * 32) -> int:
    made = Handover(world.assessment.id, world.account.id, sha256, ["revenue"], "key-1", NOW, NOW + WEEK)
    return add_handover(connection, made)


def _handed(connection: Connection) -> tuple[World, Account, int]:
    world = build(connection)
    return world, add_person(connection, "web", "colleague", NOW), _made(connection, world)


def _left(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(handovers)).scalar_one()


def test_it_is_found_by_its_fingerprint_and_belongs_to_whom_was_first(database: Database) -> None:
    def work(connection: Connection) -> None:
        world, colleague, number = _handed(connection)
        other = add_person(connection, "web", "other", NOW)
        found = handover_by_code(connection, "ab" * 32)
        assert found == handover_by_id(connection, number)
        assert found is not None
        assert (found.slots, found.expires_at, found.used_by) == (["revenue"], NOW + WEEK, None)
        assert maker_of(connection, found) == world.account
        assert use_handover(connection, number, colleague.person_id, NOW)
        assert use_handover(connection, number, colleague.person_id, NOW)
        assert not use_handover(connection, number, other.person_id, NOW)
        assert [each.id for each in used_by(connection, colleague.person_id)] == [number]

    database.turn(work)


def test_a_new_one_takes_back_the_old_but_not_what_is_answered(database: Database) -> None:
    def work(connection: Connection) -> None:
        world, _, first = _handed(connection)
        finish_handover(connection, first, NOW)
        second = _made(connection, world, "cd" * 32)
        third = _made(connection, world, "ef" * 32)
        assert second != third
        assert [each.id for each in handovers_of(connection, world.assessment.id)] == [first, third]
        assert withdraw_handovers(connection, world.assessment.id) == 1
        assert withdraw_handovers(connection, world.assessment.id) == 0

    database.turn(work)


def test_it_goes_with_its_maker(database: Database) -> None:
    def work(connection: Connection) -> int:
        world, colleague, number = _handed(connection)
        use_handover(connection, number, colleague.person_id, NOW)
        forget_person(connection, world.account.person_id)
        return _left(connection)

    assert database.turn(work) == 0


def test_a_colleague_who_goes_leaves_a_used_code(database: Database) -> None:
    def work(connection: Connection) -> None:
        world, colleague, number = _handed(connection)
        use_handover(connection, number, colleague.person_id, NOW)
        told = Answer(
            slot="revenue",
            kind="value",
            as_typed="3亿",
            as_read=3,
            by_person=colleague.person_id,
            by_role="colleague",
            channel="web",
            at=NOW,
        )
        append_answer(connection, world.assessment.id, told)
        forget_person(connection, colleague.person_id)
        kept = handover_by_id(connection, number)
        assert kept is not None
        assert (kept.used_by, kept.used_at) == (None, NOW)
        assert not use_handover(connection, number, world.account.person_id, NOW)
        stays = answers_of(connection, world.assessment.id)[0]
        assert (stays.as_read, stays.as_typed, stays.by_person, stays.by_role) == (3, None, None, "colleague")

    database.turn(work)


def test_what_is_past_its_days_goes(database: Database) -> None:
    def work(connection: Connection) -> tuple[int, int]:
        _handed(connection)
        return forget_expired(connection, NOW + WEEK), forget_expired(connection, NOW + 2 * WEEK)

    assert database.turn(work) == (0, 1)


def test_a_role_nobody_knows_is_refused(database: Database) -> None:
    world = database.turn(build)
    odd = Answer(slot="revenue", kind="unknown", by_role="guest", channel="web", at=NOW)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(DBAPIError, match="ck_answer_by_role"):
        database.turn(lambda c: append_answer(c, world.assessment.id, odd))


def test_going_back_a_version_keeps_a_colleagues_answer_as_the_owners(empty_url: str) -> None:
    upgrade(empty_url)
    database = Database(empty_url)

    def work(connection: Connection) -> None:
        world = build(connection)
        told = Answer(slot="revenue", kind="value", as_read=3, by_role="colleague", channel="web", at=NOW)
        append_answer(connection, world.assessment.id, told)

    database.turn(work)
    database.close()
    downgrade(empty_url, "20261123_shipped")
    database = Database(empty_url)
    roles = database.read(lambda c: list(c.execute(text("SELECT by_role, as_read FROM answer")).all()))
    database.close()
    assert [role for role, _ in roles] == ["owner"]
    upgrade(empty_url)
