"""Whose time is over: judged by the last change of anything they speak for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from models.assessment import AssessmentState, save_snapshot
from models.firm import join_firm
from models.outbox import NewMessage, mark_sent, outbox, put
from models.person import add_person
from models.retention import delete_messages, overdue
from models.session import Database
from tests.models.firms import NOW, build

DAY = timedelta(days=1)


def _overdue(connection: Connection) -> list[int]:
    return overdue(connection, NOW - 30 * DAY, NOW - 730 * DAY)


@pytest.mark.parametrize(
    ("state", "days", "gone"),
    [
        ("open", 29, False),
        ("open", 31, True),
        ("paused", 31, True),
        ("finished", 729, False),
        ("finished", 731, True),
    ],
)
def test_an_unfinished_assessment_lasts_a_month_a_finished_one_two_years(
    database: Database, state: AssessmentState, days: int, gone: bool
) -> None:
    def work(connection: Connection) -> bool:
        world = build(connection)
        long_ago = NOW - days * DAY
        connection.exec_driver_sql("UPDATE person SET created_at = '2020-01-01 00:00:00+00:00'")
        save_snapshot(connection, world.assessment, {}, state, long_ago)
        return _overdue(connection) == [world.account.person_id]

    assert database.turn(work) is gone


def test_who_came_yesterday_is_not_overdue_even_without_an_assessment(database: Database) -> None:
    def work(connection: Connection) -> list[int]:
        add_person(connection, "web", "new", NOW - DAY)
        return _overdue(connection)

    assert database.turn(work) == []


def test_who_agreed_and_never_said_more_is_overdue_after_a_month(database: Database) -> None:
    def work(connection: Connection) -> bool:
        account = add_person(connection, "web", "silent", NOW - 31 * DAY)
        return _overdue(connection) == [account.person_id]

    assert database.turn(work)


def test_a_firm_that_somebody_still_works_on_keeps_everybody_who_speaks_for_it(database: Database) -> None:
    def work(connection: Connection) -> list[int]:
        world = build(connection)
        colleague = add_person(connection, "web", "colleague", NOW - 400 * DAY)
        join_firm(connection, colleague.person_id, world.firm.id, "owner", NOW)
        return _overdue(connection)

    assert database.turn(work) == []


def test_old_replies_go_but_what_still_waits_for_a_known_person_stays(database: Database) -> None:
    def work(connection: Connection) -> tuple[int, int]:
        world = build(connection)
        message = NewMessage("telegram", "4711", "1", "notice", {}, world.account.id)
        sent = put(connection, message, NOW - 31 * DAY)
        mark_sent(connection, sent, NOW)
        put(connection, replace(message, reply_to="2"), NOW - 31 * DAY)
        put(connection, replace(message, reply_to="3", account_id=None, forget=True), NOW - 31 * DAY)
        mark_sent(connection, put(connection, replace(message, reply_to="4"), NOW), NOW)
        deleted = delete_messages(connection, NOW - 30 * DAY)
        return deleted, connection.execute(select(func.count()).select_from(outbox)).scalar_one()

    assert database.turn(work) == (2, 2)
