"""Answers are added and never changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.answer import Answer, answers_of, append_answer
from models.session import Database
from tests.models.firms import NOW, answer, build


def test_answers_come_back_in_order_as_given(database: Database) -> None:
    world = database.turn(build)
    given = [
        answer("revenue", 500_000_000, world.account.person_id),
        answer("national_platforms.1.kind", "new"),
        answer("rd_spend_by_year", {"2025": 1, "2024": None}),
        answer("certificates", ["hnte", {"code": "zjtx", "until": "2027-06"}]),
        Answer(
            slot="employees",
            kind="unknown",
            as_typed="不清楚",
            by_role="owner",
            channel="web",
            key="7",
            at=NOW,
        ),
    ]
    for one in given:
        database.turn(lambda c, one=one: append_answer(c, world.assessment.id, one))  # type: ignore[misc]  # this pass's value
    stored = database.read(lambda c: answers_of(c, world.assessment.id))
    assert [one.slot for one in stored] == [one.slot for one in given]
    assert [one.as_read for one in stored] == [one.as_read for one in given]
    assert [one.id for one in stored] == sorted(one.id or 0 for one in stored)
    assert stored[-1].as_typed == "不清楚"
    assert stored[-1].at == NOW


@pytest.mark.parametrize(
    "change",
    [
        "slot = 'other'",
        "as_read = '2'",
        "as_read = NULL",
        "as_typed = NULL",
        "kind = 'unknown'",
        "rule = 'guess'",
        "at = '2020-01-01'",
        "by_person = NULL",
        "by_person = NULL, as_typed = NULL, key = NULL, slot = 'other'",
        "by_person = NULL, as_typed = NULL, key = NULL, as_read = '2'",
        "by_person = by_person",
    ],
)
def test_the_database_itself_refuses_a_change(database: Database, change: str) -> None:
    world = database.turn(build)
    database.turn(
        lambda c: append_answer(c, world.assessment.id, answer("revenue", 1, world.account.person_id))
    )
    with pytest.raises(DBAPIError, match="append-only"):
        database.turn(lambda c: c.execute(text(f"UPDATE answer SET {change}")))  # noqa: S608 - from the list above


def test_the_author_can_be_forgotten_with_their_words_but_not_replaced(database: Database) -> None:
    world = database.turn(build)
    person = world.account.person_id
    database.turn(lambda c: append_answer(c, world.assessment.id, answer("revenue", 1, person)))
    database.turn(
        lambda c: c.execute(text("UPDATE answer SET by_person = NULL, as_typed = NULL, key = NULL"))
    )
    with pytest.raises(DBAPIError, match="append-only"):
        database.turn(lambda c: c.execute(text(f"UPDATE answer SET by_person = {person}")))  # noqa: S608 - a number


def test_a_kind_nobody_knows_is_refused(database: Database) -> None:
    world = database.turn(build)
    odd = Answer(slot="revenue", kind="maybe", by_role="owner", channel="web", at=NOW)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(DBAPIError, match="ck_answer_kind"):
        database.turn(lambda c: append_answer(c, world.assessment.id, odd))
