"""Owners are reminded of what they asked for: on the right day, once an occasion, in one message; and of nothing that is not known."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, update

from flows.digest import gather_week
from flows.editions import Editions
from flows.messages import Reply
from flows.occasions import occasions
from flows.reminding import remind
from flows.render import render
from flows.subscriptions import REMINDER
from models.assessment import assessments, save_snapshot, start_assessment
from models.bulletin import bulletins, deliveries
from models.bulletins import finish_bulletins
from models.firm import About, add_firm
from models.outbox import outbox
from models.person import add_person
from models.reminder import Remembered, reminders
from models.review import verdicts
from models.session import Database
from models.subscription import Frequency, subscribe, unsubscribe
from policy.citations import Validity
from policy.load import SHIPPED, load_edition
from policy.schemes import Edition
from tests.conversations.in_process import editions, publish

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HNTE = [{"code": "hnte", "until": "2027-02"}]


@dataclass(frozen=True)
class Owner:
    """Somebody, and the firm they speak for."""

    person: int
    account: int
    firm: int
    assessment: int


def owner(  # noqa: PLR0913  what a test varies
    connection: Connection,
    address: str = "1",
    *,
    channel: str = "telegram",
    facts: dict[str, Any] | None = None,
    finished: bool = True,
    year: int = 2025,
    at: datetime = NOON,
    often: Frequency = "at-once",
) -> Owner:
    """Somebody who subscribed, with a firm that answered so much."""
    account = add_person(connection, channel, address, at)
    firm = add_firm(connection, account.person_id, "owner", About("洛阳某某轴承"), at)
    begun = start_assessment(connection, firm.id, year, 1, at)
    told = {key: ["value", value] for key, value in (facts or {"revenue": 60_000_000}).items()}
    save_snapshot(connection, begun, told, "finished" if finished else "open", at)
    subscribe(connection, account.person_id, account.id, REMINDER, frequency=often, at=at)
    return Owner(account.person_id, account.id, firm.id, begun.id)


def run(database: Database, day: date, at: datetime | None = None, **more: Any) -> None:
    """All steps of one day."""
    now, after = at or datetime(day.year, day.month, day.day, 4, tzinfo=UTC), 0
    while True:
        reached = database.turn(lambda c, after=after: remind(c, editions(), day, now, after, **more))  # type: ignore[misc]  # this pass's value
        if reached is None:
            return
        after = reached


def told(database: Database, *states: str) -> list[str]:
    """What was laid down, as text, the oldest first."""
    wanted = select(deliveries.c.payload).order_by(deliveries.c.id)
    if states:
        wanted = wanted.where(deliveries.c.state.in_(states))
    found = database.read(lambda c: c.execute(wanted).scalars().all())
    return [render(Reply.from_json(each)) for each in found]


@pytest.fixture
def world(database: Database) -> Database:
    publish(database)
    return database


def test_who_stopped_half_way_is_reminded_once_after_three_days(world: Database) -> None:
    world.turn(lambda c: owner(c, finished=False))
    for days in (0, 1, 2):
        run(world, TODAY + timedelta(days=days))
    assert told(world) == []
    for days in (3, 4, 9, 20):
        run(world, TODAY + timedelta(days=days))
    (words,) = told(world)
    assert "2025 年度的测评还没做完" in words
    assert "退订" in words


def test_a_recognition_is_told_of_three_months_ahead_and_once(world: Database) -> None:
    world.turn(lambda c: owner(c, facts={"certificates": HNTE}))
    run(world, date(2026, 10, 31))
    assert told(world) == []
    for day in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 2, 28)):
        run(world, day)
    assert "高新技术企业的有效期到 2027 年 2 月。资格三年，到期前要重新申报。" in told(world)[0]
    assert len([each for each in told(world) if "有效期到" in each]) == 1


def test_no_date_is_made_up_for_a_recognition_whose_end_was_not_told(sqlite: Database) -> None:
    sqlite.turn(lambda c: owner(c, facts={"certificates": ["hnte"]}))
    for month in range(1, 13):
        run(sqlite, date(2026, month, 15))
    assert told(sqlite) == []


def test_each_march_who_is_listed_as_a_tech_sme_hears_that_the_number_ends(sqlite: Database) -> None:
    sqlite.turn(lambda c: owner(c, facts={"certificates": ["tech_sme"]}))
    for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)):
        run(sqlite, day)
    (words,) = told(sqlite)
    assert "科技型中小企业：3 月 31 日前要重新办" in words
    sqlite.turn(lambda c: c.execute(update(assessments).values(fiscal_year=2026)))
    run(sqlite, date(2027, 3, 10))
    assert len(told(sqlite)) == 2


def test_figures_of_a_year_gone_by_are_told_of_once_a_year(sqlite: Database) -> None:
    sqlite.turn(owner)
    for day in (date(2026, 12, 31), date(2027, 1, 4), date(2027, 6, 1), date(2028, 1, 5)):
        run(sqlite, day)
    first, second = told(sqlite)
    assert "2025 年度的数，已经过了一年。2026 年度的数" in first
    assert "2027 年度的数" in second


def closing_soon(edition: Edition, ends: date) -> Edition:
    """The same edition, of which the upgrade scheme has a last day."""
    (first, *others) = edition.schemes
    return replace(edition, schemes=(replace(first, valid=Validity(None, ends)), *others))


@pytest.mark.parametrize(
    ("verdict", "days", "is_told"),
    [
        ("eligible", 30, True),
        ("undetermined", 0, True),
        ("eligible", 31, False),
        ("eligible", -1, False),
        ("ineligible", 10, False),
        (None, 10, False),
    ],
)
def test_a_deadline_is_told_to_those_who_may_still_get_something(
    verdict: str | None, days: int, is_told: bool
) -> None:
    edition = closing_soon(load_edition(SHIPPED), TODAY + timedelta(days=days))
    scheme = edition.schemes[0]
    firm = Remembered(1, 1, None, 2025, 7, 1, "finished", 3, {}, NOON, NOON)
    known = {} if verdict is None else {(7, scheme.key): verdict}
    found = list(occasions(firm, NOON, edition, known, TODAY))
    assert [each.told["title"] for each in found] == [scheme.title] * is_told
    assert all(each.told["cited"] for each in found)


def test_several_occasions_of_several_firms_come_in_one_message_the_next_ones_tomorrow(
    world: Database,
) -> None:
    def fill(connection: Connection) -> None:
        one = owner(connection, facts={"certificates": [*HNTE, {"code": "zjtx", "until": "2026-12"}]})
        other = add_firm(connection, one.person, "owner", About("新乡另一家"), NOON)
        begun = start_assessment(connection, other.id, 2025, 1, NOON)
        save_snapshot(connection, begun, {"revenue": ["value", 1]}, "open", NOON)

    world.turn(fill)
    day = TODAY + timedelta(days=3)
    run(world, day)
    (words,) = told(world)
    assert words.index("洛阳某某轴承") < words.index("高新技术企业") < words.index("新乡另一家")
    assert "专精特新中小企业的有效期到 2026 年 12 月" in words
    world.turn(lambda c: c.execute(delete(reminders).where(reminders.c.occasion.like("unfinished%"))))
    run(world, day)
    assert len(told(world)) == 1
    run(world, day + timedelta(days=1))
    assert len(told(world)) == 2


def test_nobody_hears_anything_who_did_not_ask_or_left(world: Database) -> None:
    def fill(connection: Connection) -> None:
        one = owner(connection, finished=False)
        other = owner(connection, "2", finished=False)
        unsubscribe(connection, one.person, REMINDER, NOON)
        unsubscribe(connection, other.person, None, NOON)

    world.turn(fill)
    run(world, TODAY + timedelta(days=5))
    assert told(world) == []


def test_on_the_page_it_waits_and_weekly_ones_come_on_monday(world: Database) -> None:
    def fill(connection: Connection) -> None:
        owner(connection, "page", channel="web", finished=False)
        owner(connection, "weekly", channel="web", finished=False, often="weekly")

    world.turn(fill)
    run(world, TODAY + timedelta(days=3))
    states = select(deliveries.c.address, deliveries.c.state).order_by(deliveries.c.address)
    assert [tuple(row) for row in world.read(lambda c: c.execute(states).all())] == [
        ("page", "sent"),
        ("weekly", "held"),
    ]
    monday = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
    while world.turn(lambda c: gather_week(c, Editions(), monday)):
        pass
    placed = world.read(lambda c: c.execute(select(outbox.c.payload, outbox.c.address)).all())
    words = {row.address: render(Reply.from_json(row.payload)) for row in placed}
    assert "测评还没做完" in words["page"]
    assert "测评还没做完" in words["weekly"]
    assert "全部退订" in words["weekly"]


def test_who_leaves_before_monday_hears_nothing_then(sqlite: Database) -> None:
    one = sqlite.turn(lambda c: owner(c, channel="web", finished=False, often="weekly"))
    run(sqlite, TODAY + timedelta(days=3))
    sqlite.turn(lambda c: unsubscribe(c, one.person, None, NOON))
    monday = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
    while sqlite.turn(lambda c: gather_week(c, Editions(), monday)):
        pass
    assert sqlite.read(lambda c: c.execute(select(deliveries.c.state)).scalars().all()) == ["cancelled"]


def test_the_weekly_cap_holds_back_what_is_too_much_for_one_firm(sqlite: Database) -> None:
    one = sqlite.turn(lambda c: owner(c, finished=False))
    for number in (1, 2, 3):
        sqlite.turn(lambda c: c.execute(delete(reminders)))
        run(sqlite, TODAY + timedelta(days=3 + number))
    states = select(deliveries.c.state).where(deliveries.c.firm_id == one.firm).order_by(deliveries.c.id)
    assert sqlite.read(lambda c: c.execute(states).scalars().all()) == ["waiting", "waiting", "held"]


def test_a_day_whose_first_reminders_are_sent_goes_on_with_the_next_and_a_stopped_one_does_not(
    world: Database,
) -> None:
    world.turn(lambda c: owner(c, finished=False))
    day = TODAY + timedelta(days=3)
    run(world, day)
    world.turn(lambda c: c.execute(update(deliveries).values(state="sent")))
    world.turn(lambda c: finish_bulletins(c, NOON))
    world.turn(lambda c: owner(c, "2", finished=False))
    run(world, day)
    assert world.read(lambda c: c.execute(select(bulletins.c.state)).scalar_one()) == "sending"
    assert len(told(world)) == 2
    world.turn(lambda c: c.execute(update(bulletins).values(state="paused")))
    world.turn(lambda c: owner(c, "3", finished=False))
    run(world, day)
    assert len(told(world)) == 2
    run(world, day + timedelta(days=1))
    assert len(told(world)) == 3


def test_two_processes_that_remind_at_once_tell_it_once(postgresql_url: str) -> None:
    one, other = Database(postgresql_url), Database(postgresql_url)
    publish(one)
    one.turn(lambda c: [owner(c, str(number), finished=False) for number in range(20)])
    with ThreadPoolExecutor(4) as threads:
        day = TODAY + timedelta(days=3)
        for each in [threads.submit(run, each, day) for each in (one, other, one, other)]:
            each.result()
    assert len(told(one)) == 20
    one.close()
    other.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Any:
    """For what the database does not matter to."""
    opened = Database(sqlite_url)
    publish(opened)
    yield opened
    opened.close()


DAYS = st.dates(date(2026, 9, 1), date(2028, 4, 30))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=12))
def test_in_whatever_order_days_come_and_however_often_it_dies_nothing_is_told_twice(
    sqlite: Database, days: list[tuple[date, bool]]
) -> None:
    def begin(connection: Connection) -> None:
        for table in (outbox, reminders, deliveries, bulletins):
            connection.execute(delete(table))
        connection.execute(update(assessments).values(fiscal_year=2025))

    if not sqlite.read(lambda c: c.execute(select(assessments.c.id)).first()):
        early = datetime(2026, 8, 1, tzinfo=UTC)
        sqlite.turn(lambda c: owner(c, facts={"certificates": [*HNTE, "tech_sme"]}, at=early))
        sqlite.turn(lambda c: owner(c, "2", finished=False, at=early))
    sqlite.turn(begin)
    for day, dies in days:
        if dies:
            with pytest.raises(_DiedError):
                sqlite.turn(lambda c, day=day: _and_die(c, day))  # type: ignore[misc]  # this pass's value
        run(sqlite, day)
    assert_once(sqlite)


class _DiedError(Exception):
    """The process ended in the middle of a step."""


def _and_die(connection: Connection, day: date) -> None:
    remind(connection, editions(), day, datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
    raise _DiedError


def assert_once(database: Database) -> None:
    """Every occasion that was told stands in exactly one message, and none but those."""
    noted = database.read(lambda c: len(c.execute(select(reminders.c.id)).all()))
    payloads = database.read(lambda c: c.execute(select(deliveries.c.payload)).scalars().all())
    lines = [
        (firm["name"], tuple(sorted(item.items())))
        for payload in payloads
        for firm in payload["data"]["reminders"]
        for item in firm["items"]
    ]
    assert len(lines) == noted
    years = [dict(item) for _, item in lines if dict(item)["kind"] == "expires"]
    assert len(years) <= 1


def test_a_deadline_is_read_from_what_firms_were_told(sqlite: Database, monkeypatch: Any) -> None:
    one = sqlite.turn(owner)
    current = sqlite.read(lambda c: editions().current(c, TODAY))
    scheme = current.edition.schemes[0]
    row = {"assessment_id": one.assessment, "subject": scheme.key, "verdict": "eligible"}
    sqlite.turn(lambda c: c.execute(verdicts.insert().values(**row, amount_yuan=1)))
    ends = closing_soon(current.edition, TODAY + timedelta(days=9))
    monkeypatch.setattr("flows.reminding.Editions.current", lambda *_: type(current)(current.id, ends))
    for day in (TODAY, TODAY + timedelta(days=5)):
        run(sqlite, day)
    (words,) = told(sqlite)
    assert "截止日是 2026-12-02" in words
    assert f"{scheme.title}：现行政策写的截止日" in words
    assert f"依据：{scheme.citations[0].place}" in words
