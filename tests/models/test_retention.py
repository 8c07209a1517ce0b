"""What is past its time goes: judged by the last change of each assessment, then by what is left."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import get_args

import pytest
from sqlalchemy import Connection, func, select, update

from flows.retention import purge
from models.answer import append_answer
from models.assessment import AssessmentState, assessments, save_snapshot, start_assessment
from models.blanking import blank_settled, settled_before
from models.bulletin import DeliveryState, NewDelivery, deliveries
from models.bulletins import add_bulletin, opened_and_left, retry_failed
from models.delivered import recipients_of
from models.delivering import add_deliveries
from models.determination import Finding, store_determinations
from models.firm import About, add_firm, firms, join_firm
from models.outbox import NewMessage, outbox, put
from models.person import add_person, people
from models.retention import delete_messages, forget_overdue
from models.session import Database
from models.subscription import subscribe
from models.talk import set_focus, talks
from tests.models.firms import NOW, World, answer, build
from tests.sent import mark_sent

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Left:
    """How many rows of each kind a purge left."""

    people: int
    firms: int
    assessments: int


def _after_a_purge(connection: Connection) -> Left:
    forget_overdue(connection, NOW - 30 * DAY, NOW - 730 * DAY)
    counts = (select(func.count()).select_from(table) for table in (people, firms, assessments))
    return Left(*(connection.execute(count).scalar_one() for count in counts))


def _came_long_ago(connection: Connection) -> World:
    world = build(connection)
    for table in (people, firms):
        connection.execute(update(table).values(created_at=NOW - 900 * DAY))
    return world


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
    def work(connection: Connection) -> Left:
        world = _came_long_ago(connection)
        save_snapshot(connection, world.assessment, {}, state, NOW - days * DAY)
        return _after_a_purge(connection)

    assert database.turn(work) == (Left(0, 0, 0) if gone else Left(1, 1, 1))


@pytest.mark.parametrize(("days", "gone"), [(31, False), (729, False), (731, True)])
def test_a_finished_one_that_was_left_open_later_keeps_its_two_years(
    database: Database, days: int, gone: bool
) -> None:
    def work(connection: Connection) -> Left:
        world = _came_long_ago(connection)
        done = save_snapshot(connection, world.assessment, {}, "finished", NOW - 800 * DAY)
        save_snapshot(connection, done, {"revenue": 1}, "open", NOW - days * DAY)
        return _after_a_purge(connection)

    assert database.turn(work) == (Left(0, 0, 0) if gone else Left(1, 1, 1))


def test_a_fresh_firm_keeps_no_other_firm_of_the_same_person(database: Database) -> None:
    """The unfinished one goes with its answers, what was told, its firm, and a talk that points at it is let go."""

    def work(connection: Connection) -> tuple[Left, list[str | None], int]:
        world = _came_long_ago(connection)
        person, edition = world.account.person_id, world.assessment.edition_id
        save_snapshot(connection, world.assessment, {}, "open", NOW - 31 * DAY)
        append_answer(connection, world.assessment.id, answer("revenue", 7, person))
        found = [Finding("ladder", "below")]
        store_determinations(connection, world.assessment, NOW.date(), found, NOW - 31 * DAY)
        set_focus(connection, world.account.id, world.assessment.id, {"slot": "revenue"}, NOW)
        fresh = add_firm(connection, person, "owner", About(name="新乡留下的厂"), NOW)
        start_assessment(connection, fresh.id, 2025, edition, NOW)
        left = _after_a_purge(connection)
        names = list(connection.execute(select(firms.c.name)).scalars())
        return left, names, connection.execute(select(func.count()).select_from(talks)).scalar_one()

    assert database.turn(work) == (Left(1, 1, 1), ["新乡留下的厂"], 1)


def test_of_two_years_of_a_firm_only_the_one_past_its_time_goes(database: Database) -> None:
    def work(connection: Connection) -> tuple[Left, int]:
        world = _came_long_ago(connection)
        save_snapshot(connection, world.assessment, {}, "open", NOW - 31 * DAY)
        start_assessment(connection, world.firm.id, 2026, world.assessment.edition_id, NOW)
        left = _after_a_purge(connection)
        return left, connection.execute(select(assessments.c.fiscal_year)).scalar_one()

    assert database.turn(work) == (Left(1, 1, 1), 2026)


def test_who_came_yesterday_stays_even_without_an_assessment(database: Database) -> None:
    def work(connection: Connection) -> Left:
        add_person(connection, "web", "new", NOW - DAY)
        return _after_a_purge(connection)

    assert database.turn(work) == Left(1, 0, 0)


def test_who_agreed_and_never_said_more_goes_after_a_month(database: Database) -> None:
    def work(connection: Connection) -> Left:
        add_person(connection, "web", "silent", NOW - 31 * DAY)
        return _after_a_purge(connection)

    assert database.turn(work) == Left(0, 0, 0)


def test_a_firm_that_somebody_still_works_on_keeps_everybody_who_speaks_for_it(database: Database) -> None:
    def work(connection: Connection) -> Left:
        world = build(connection)
        colleague = add_person(connection, "web", "colleague", NOW - 400 * DAY)
        join_firm(connection, colleague.person_id, world.firm.id, "owner", NOW)
        return _after_a_purge(connection)

    assert database.turn(work) == Left(2, 1, 1)


def _told(connection: Connection, world: World, state: DeliveryState, days: int, **values: object) -> int:
    """A bulletin about the firm that was laid down so many days ago; the row's number."""
    at, person = NOW - days * DAY, world.account.person_id
    text = {"topic": "policy", "title": "新政策", "body": "正文", "author": "张工"}
    made = add_bulletin(connection, **text, audience={}, urgent=False, at=at)
    payload = {"data": {"firms": [{"name": world.firm.name}]}}
    one = NewDelivery(person, world.firm.id, "telegram", "4711", payload, state)
    add_deliveries(connection, made.id, [one], at)
    row = deliveries.c.bulletin_id == made.id
    change = update(deliveries).where(row).values({"external_id": "77", **values})
    return int(connection.execute(change.returning(deliveries.c.id)).scalar_one())


def test_what_was_told_unasked_is_emptied_after_a_month_and_counted_for_good(database: Database) -> None:
    def work(connection: Connection) -> World:
        world = build(connection)
        for state in get_args(DeliveryState):
            _told(connection, world, state, 31, error="why", opened_at=NOW)
            _told(connection, world, state, 29)
        return world

    world = database.turn(work)
    purge(database, NOW)
    purge(database, NOW)
    told = database.read(lambda c: c.execute(deliveries.select().order_by(deliveries.c.id)).all())
    on_its_way = ("waiting", "sending", "held")
    for old, young in zip(told[::2], told[1::2], strict=True):
        assert young.address == "4711"
        assert (old.error, old.opened_at, old.firm_id, old.state) == ("why", NOW, world.firm.id, young.state)
        left = ("4711", "77", young.payload) if old.state in on_its_way else ("", None, {})
        assert (old.address, old.external_id, old.payload) == left
    page = database.read(lambda c: recipients_of(c, told[0].bulletin_id, 0, 10))
    assert [each.firm for each in page] == [world.firm.name]
    assert database.read(lambda c: opened_and_left(c, told[0].bulletin_id)) == (1, 0)


def test_more_than_one_step_is_emptied(database: Database) -> None:
    database.turn(lambda c: [_told(c, w, "sent", 31) for w in [build(c)] for _ in range(5)])
    steps, after = 0, 0
    while found := database.read(partial(settled_before, before=NOW, after=after, most=2)):
        database.turn(partial(blank_settled, before=NOW, which=found))
        steps, after = steps + 1, found[1]
    left = select(func.count()).where(deliveries.c.address != "")
    assert (steps, database.read(lambda c: c.execute(left).scalar_one())) == (3, 0)


def test_what_is_in_the_queue_again_since_it_was_found_keeps_its_text(database: Database) -> None:
    which = database.turn(lambda c: _told(c, build(c), "failed", 31))
    assert database.read(partial(settled_before, before=NOW, after=0, most=2)) == (which, which)
    database.turn(lambda c: c.execute(update(deliveries).values(state="waiting")))
    database.turn(partial(blank_settled, before=NOW, which=(which, which)))
    assert database.read(lambda c: c.execute(select(deliveries.c.address)).scalars().all()) == ["4711"]


def test_what_was_emptied_is_not_tried_again(database: Database) -> None:
    def work(connection: Connection) -> list[int]:
        world = build(connection)
        who = world.account
        subscribe(connection, who.person_id, who.id, "policy", frequency="at-once", at=NOW)
        old, young = (_told(connection, world, "failed", days) for days in (31, 29))
        blank_settled(connection, NOW - 30 * DAY, (old, young))
        of = select(deliveries.c.bulletin_id).where(deliveries.c.id.in_((old, young)))
        return [retry_failed(connection, each, NOW) for each in connection.execute(of).scalars().all()]

    assert sorted(database.turn(work)) == [0, 1]


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
