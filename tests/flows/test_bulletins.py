"""A bulletin reaches exactly those it concerns: once, with their own before and after, and nobody else."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, insert, select, update

from benchmarks.reassess import DAY, NOON, Seed, lowered, seed, seeds
from flows.audience import Audience
from flows.bulletins import ALONE, Text, cancel, draft, pause, redraft, release, report_on, resume, retry
from flows.concerned import count, find
from flows.digest import gather_week, is_due
from flows.editions import Editions, publish_shipped
from flows.laying_out import lay_out
from flows.messages import Reply
from flows.publishing import review_and_publish
from flows.reassess import start_dry_run, work
from flows.render import render
from models.assessment import assessments
from models.base import RefusedError
from models.bulletin import Bulletin, bulletins, deliveries
from models.draft import Deed
from models.firm import firms, memberships
from models.outbox import outbox
from models.person import add_person, set_account_state
from models.review import reviews, verdicts
from models.session import Database
from models.subscription import subscribe, unsubscribe
from policy.load import SHIPPED, load_edition
from tests.flows.test_reassess import between_the_gates

ZHANG, LI = Deed("张工", NOON), Deed("李工", NOON)
MANY = 600
MORNING = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # a Monday, ten o'clock in China
NEWS = Text("policy", "新政策", "某某办法自下月起施行。")


@pytest.fixture(scope="module")
def firms_seeded() -> list[Seed]:
    return list(seeds(load_edition(SHIPPED), MANY, Random(8)))


@pytest.fixture
def world(database: Database, firms_seeded: list[Seed]) -> Database:
    """Many firms; every second one has somebody on Telegram who subscribed to changes of their result."""
    edition = database.turn(publish_shipped)
    seed(database, edition, firms_seeded, MANY)
    database.turn(_people)
    return database


def _people(connection: Connection) -> None:
    rows = connection.execute(select(assessments.c.id, assessments.c.firm_id)).all()
    for row in rows:
        account = add_person(connection, "telegram", str(row.id), NOON)
        join = insert(memberships).values(
            person_id=account.person_id, firm_id=row.firm_id, role="owner", since=NOON
        )
        connection.execute(join)
        if row.id % 2 == 0:
            subscribe(connection, account.person_id, account.id, "result", frequency="at-once", at=NOON)


def lowered_and_reassessed(database: Database) -> int:
    """Publish the edition with the lower gate; the number of its reassessment."""
    made = lowered(database)
    work(database, database.turn(lambda c: start_dry_run(c, made, DAY, ZHANG)).id)
    _, run = database.turn(lambda c: review_and_publish(c, made, DAY, DAY, LI))
    assert run is not None
    work(database)
    return run.id


def laid_out(database: Database, bulletin: Bulletin, at: datetime = NOON, by: str = "李工") -> Bulletin:
    """Release a draft and lay down its recipients."""
    editions = Editions()
    audience = Audience.from_json(bulletin.audience)
    number = database.read(lambda c: count(c, editions, bulletin.topic, audience))
    released = database.turn(lambda c: release(c, bulletin, number, by, at))
    while database.turn(lambda c: lay_out(c, editions, at + timedelta(seconds=1))):
        pass
    return released


def rows_of(database: Database, bulletin: Bulletin) -> dict[str, tuple[str, Reply]]:
    """State and message by address."""
    wanted = select(deliveries.c.address, deliveries.c.state, deliveries.c.payload).where(
        deliveries.c.bulletin_id == bulletin.id
    )
    found = database.read(lambda c: c.execute(wanted).all())
    return {row.address: (row.state, Reply.from_json(row.payload)) for row in found}


def test_a_change_of_the_rules_is_told_to_exactly_those_whose_result_changed(
    world: Database, firms_seeded: list[Seed]
) -> None:
    concerned = {n for n in range(1, MANY + 1) if between_the_gates(firms_seeded[n % MANY].facts)}
    assert len(concerned) > 6
    run = lowered_and_reassessed(world)
    text = Text("result", "您的结果变了", "技改补助的门槛降低了。")
    made = world.turn(lambda c: draft(c, text, Audience(changed_by=run), "张工", NOON))
    told = rows_of(world, laid_out(world, made))
    assert told.keys() == {str(n) for n in concerned if n % 2 == 0}
    for state, reply in told.values():
        assert state == "waiting"
        words = render(reply)
        assert "重大技术改造" in words
        assert "→" in words
        assert "摘要H4" in words
    assert laid_out_again(world) == 0


def laid_out_again(database: Database) -> int:
    return int(database.turn(lambda c: lay_out(c, Editions(), NOON + timedelta(hours=1))))


def test_the_message_tells_the_firms_own_amounts(world: Database, firms_seeded: list[Seed]) -> None:
    run = lowered_and_reassessed(world)
    text = Text("result", "您的结果变了", "技改补助的门槛降低了。")
    made = world.turn(lambda c: draft(c, text, Audience(changed_by=run), "张工", NOON))
    told = rows_of(world, laid_out(world, made))
    sums = 0
    for address, (_, reply) in told.items():
        facts = firms_seeded[int(address) % MANY].facts
        base = facts.get("upgrade_equipment_software", ("", None))[1]
        (firm,) = reply.data["firms"]
        (change,) = firm["changes"]
        if isinstance(base, int) and change["after"]["amount"]:
            yuan = min(base * 15 // 100, 10_000_000)
            assert change["after"]["amount"].removesuffix("元") == f"{yuan / 10_000:.10g}万"
            sums += 1
    assert sums > 0


def test_who_left_is_blocked_or_never_asked_hears_nothing(world: Database) -> None:
    def leave(connection: Connection) -> None:
        unsubscribe(connection, 2, None, NOON)
        set_account_state(connection, 4, "blocked")

    world.turn(leave)
    text = Text("result", "给所有订了的人", "正文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    told = rows_of(world, laid_out(world, made))
    assert told.keys() == {str(n) for n in range(2, MANY + 1, 2)} - {"2", "4"}
    other = world.turn(lambda c: draft(c, NEWS, Audience(), "张工", NOON))
    with pytest.raises(RefusedError, match="nobody"):
        laid_out(world, other)


def test_an_audience_that_is_misspelled_reaches_nobody() -> None:
    with pytest.raises(RefusedError, match="citys"):
        Audience.from_json({"citys": ["洛阳"]})
    with pytest.raises(RefusedError, match="subject"):
        Audience.from_json({"verdicts": ["eligible"]})
    whole = Audience(cities=("洛阳",), changed_by=3)
    assert Audience.from_json(whole.to_json()) == whole


def test_an_audience_narrows_by_city_industry_rung_and_verdict(world: Database) -> None:
    def list_them(connection: Connection) -> None:
        blank = {
            "state": "new",
            "version": 0,
            "fiscal_year": 2025,
            "channel": "telegram",
            "confirmed_yuan": 0,
        }
        blank |= {"amount_yuan": 0, "changed_at": NOON}
        rows = [
            {**blank, "assessment_id": n, "firm_id": n, "industry": industry, "rung": rung}
            for n, industry, rung in ((2, "manufacturing", 1), (4, "manufacturing", 2), (6, "trade", 1))
        ]
        connection.execute(insert(reviews), rows)
        told = {"assessment_id": 4, "subject": "hnte", "verdict": "eligible", "amount_yuan": 0}
        connection.execute(insert(verdicts), [told])

    world.turn(list_them)
    city = world.read(lambda c: c.execute(select(firms.c.city).where(firms.c.id == 4)).scalar_one())
    for audience, wanted in (
        (Audience(industries=("manufacturing",)), {"2", "4"}),
        (Audience(rungs=(1,)), {"2", "6"}),
        (Audience(industries=("manufacturing",), rungs=(2,)), {"4"}),
        (Audience(subject="hnte"), {"4"}),
        (Audience(subject="hnte", verdicts=("ineligible",)), set()),
        (Audience(cities=(city,), subject="hnte", verdicts=("eligible",)), {"4"}),
        (Audience(cities=("三门峡",)), set()),
    ):
        page = world.read(lambda c, audience=audience: find(c, Editions(), "result", audience, 0, 1000))  # type: ignore[misc]
        assert {each.address for each in page.recipients} == wanted, audience


def test_many_recipients_need_a_second_person(world: Database) -> None:
    text = Text("result", "给很多人", "正文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    assert MANY / 2 > ALONE
    with pytest.raises(RefusedError, match="somebody else"):
        laid_out(world, made, by="张工")
    assert len(rows_of(world, laid_out(world, made))) == MANY / 2


def test_who_changes_a_draft_is_its_author_and_an_old_page_overwrites_nothing(database: Database) -> None:
    made = database.turn(lambda c: draft(c, NEWS, Audience(), "张工", NOON))
    again = database.turn(lambda c: redraft(c, made, NEWS, Audience(cities=("洛阳",)), "李工"))
    assert (again.author, again.version) == ("李工", made.version + 1)
    with pytest.raises(RefusedError, match="meanwhile"):
        database.turn(lambda c: redraft(c, made, NEWS, Audience(), "张工"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (Text("gossip", "题", "文"), "gossip"),
        (Text("policy", " ", "文"), "title"),
        (Text("policy", "题", "\n"), "body"),
        (Text("policy", "题" * 61, "文"), "61"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(database: Database, text: Text, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        database.turn(lambda c: draft(c, text, Audience(), "张工", NOON))


def test_pause_resume_cancel_and_retry(world: Database) -> None:
    text = Text("result", "题", "文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    laid_out(world, made)

    def current(connection: Connection) -> Bulletin:
        wanted = select(bulletins).where(bulletins.c.id == made.id)
        return Bulletin(**connection.execute(wanted).mappings().one())

    held = world.turn(lambda c: pause(c, current(c)))
    assert held.state == "paused"
    assert world.turn(lambda c: resume(c, current(c))).state == "preparing"
    assert world.turn(lambda c: lay_out(c, Editions(), NOON))
    assert world.read(current).state == "sending"
    failed = update(deliveries).where(deliveries.c.address == "2").values(state="failed")
    world.turn(lambda c: c.execute(failed))
    world.turn(lambda c: retry(c, current(c), NOON))
    with pytest.raises(RefusedError, match="nothing to try"):
        world.turn(lambda c: retry(c, current(c), NOON))
    world.turn(lambda c: cancel(c, current(c), NOON))
    assert world.read(lambda c: report_on(c, current(c))).states == {"cancelled": MANY / 2}
    with pytest.raises(RefusedError):
        world.turn(lambda c: resume(c, current(c)))


def test_a_time_that_is_past_is_refused_and_one_to_come_is_waited_for(world: Database) -> None:
    text = Text("result", "题", "文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    past, later = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    with pytest.raises(RefusedError, match="past"):
        world.turn(lambda c: release(c, made, MANY // 2, "李工", NOON, when=past))
    world.turn(lambda c: release(c, made, MANY // 2, "李工", NOON, when=later))
    assert not world.turn(lambda c: lay_out(c, Editions(), NOON))
    assert world.turn(lambda c: lay_out(c, Editions(), later))


def test_what_is_held_for_the_week_comes_as_one_message(database: Database) -> None:
    def people(connection: Connection) -> None:
        publish_shipped(connection)
        for address, channel, how in (
            ("1", "telegram", "weekly"),
            ("2", "web", "weekly"),
            ("3", "telegram", "at-once"),
        ):
            account = add_person(connection, channel, address, NOON)
            subscribe(connection, account.person_id, account.id, "policy", frequency=how, at=NOON)  # type: ignore[arg-type]

    database.turn(people)
    for title in ("第一件", "第二件"):
        text = Text("policy", title, f"{title}的正文")
        laid_out(database, database.turn(lambda c, text=text: draft(c, text, Audience(), "张工", NOON)))  # type: ignore[misc]
    tuesday = NOON + timedelta(days=1)
    assert not is_due(tuesday)
    assert is_due(MORNING)
    assert not database.turn(lambda c: gather_week(c, tuesday))
    while database.turn(lambda c: gather_week(c, MORNING)):
        pass
    states = database.read(lambda c: c.execute(select(deliveries.c.address, deliveries.c.state)).all())
    assert sorted(map(tuple, states)) == [
        *(("1", "merged"), ("1", "merged"), ("1", "waiting")),
        *(("2", "merged"), ("2", "merged"), ("2", "sent"), ("3", "waiting"), ("3", "waiting")),
    ]
    placed = database.read(lambda c: c.execute(select(outbox.c.payload)).scalar_one())
    words = render(Reply.from_json(placed))
    assert "第一件的正文" in words
    assert "第二件的正文" in words
    assert not database.turn(lambda c: gather_week(c, MORNING))


def test_a_firm_hears_at_most_twice_a_week_the_rest_waits_for_monday(world: Database) -> None:
    for number in range(3):
        text = Text("result", f"第{number}件", "正文")
        made = world.turn(lambda c, text=text: draft(c, text, Audience(), "张工", NOON))  # type: ignore[misc]
        states = {state for state, _ in rows_of(world, laid_out(world, made)).values()}
        assert states == ({"waiting"} if number < 2 else {"held"})
