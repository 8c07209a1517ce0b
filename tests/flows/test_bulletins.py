"""A bulletin reaches exactly those it concerns: once, with their own before and after, and nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import Connection, insert, select, update

from benchmarks.reassess import NOON, seeds
from flows import broadcasting
from flows.audience import Audience, Readership
from flows.broadcasting import Hand, write
from flows.bulletins import (
    ALONE,
    HeldBackError,
    cancel,
    draft,
    finish_sent,
    may_go_out,
    pause,
    redraft,
    release,
    report_on,
    resume,
    retry,
)
from flows.composing import Composed, FaultyError, Text, faults_of_text
from flows.concerned import count, find
from flows.digest import gather_week, is_due
from flows.editions import Editions, publish_shipped
from flows.laying_out import lay_out
from flows.messages import Reply
from flows.render import render
from models.audit import acts_on
from models.base import RefusedError
from models.bulletin import Bulletin, bulletins, deliveries
from models.bulletins import StaleBulletinError, bulletin_by_public_id, latest_bulletins
from models.firm import firms
from models.outbox import outbox
from models.person import add_person, set_account_state
from models.review import reviews, verdicts
from models.session import Database
from models.subscription import Frequency, subscribe, unsubscribe
from policy.load import SHIPPED, load_edition
from tests.flows.subscribed import MORNING, fill

FEW = 8
NEWS = Text("policy", "新政策", "某某办法自下月起施行。")


@pytest.fixture
def world(database: Database) -> Database:
    """A few firms; every second one's owner subscribed to changes of their result."""
    fill(database, list(seeds(load_edition(SHIPPED), FEW, Random(8))))
    return database


def laid_out(database: Database, bulletin: Bulletin, at: datetime = NOON, by: str = "李工") -> Bulletin:
    """Release a draft and lay down its recipients."""
    editions = Editions()
    audience = Audience.from_json(bulletin.audience)
    number = database.read(lambda c: count(c, editions, Readership(bulletin.topic, audience)))
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


def test_who_left_is_blocked_or_never_asked_hears_nothing(world: Database) -> None:
    def leave(connection: Connection) -> None:
        unsubscribe(connection, 2, None, NOON)
        set_account_state(connection, 4, "blocked")

    world.turn(leave)
    text = Text("result", "给所有订了的人", "正文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    told = rows_of(world, laid_out(world, made))
    assert told.keys() == {str(n) for n in range(2, FEW + 1, 2)} - {"2", "4"}
    other = world.turn(lambda c: draft(c, NEWS, Audience(), "张工", NOON))
    with pytest.raises(RefusedError, match="nobody"):
        laid_out(world, other)


def test_only_our_own_pages_and_the_authorities_may_be_named() -> None:
    body = "看https://ladder.example/plan/H4，和 https://www.henan.gov.cn/a?b=1。写信：kjt@henan.gov.cn；按 3.5 亿算。"
    text = Text("policy", "题", body)
    assert faults_of_text(text, "https://ladder.example") == []
    assert [each.told for each in faults_of_text(text)] == ["https://ladder.example/plan/H4"]


def test_a_link_to_our_own_page_goes_the_whole_way(database: Database) -> None:
    database.turn(publish_shipped)
    text = Text("policy", "题", "看 https://ladder.example/plan/H4")
    here, elsewhere = (Hand("张工", "command", NOON, site) for site in ("https://ladder.example", ""))
    made = database.turn(lambda c: write(c, Editions(), Composed(text, Audience()), here))
    again = database.turn(
        lambda c: broadcasting.rewrite(c, Editions(), made, Composed(text, Audience()), here)
    )
    with pytest.raises(FaultyError, match="elsewhere"):
        database.turn(lambda c: broadcasting.release(c, Editions(), again, 1, elsewhere))
    assert database.turn(lambda c: broadcasting.release(c, Editions(), again, 1, here)).state == "scheduled"


def test_an_audience_of_what_there_is_not_is_refused(database: Database) -> None:
    database.turn(publish_shipped)
    hand, editions = Hand("张工", "command", NOON), Editions()
    for audience, fault in (
        (Audience(cities=("北京",)), ("cities", "unknown")),
        (Audience(industries=("magic",)), ("industries", "unknown")),
        (Audience(rungs=(9,)), ("rungs", "unknown")),
        (Audience(subject="free-money"), ("subject", "unknown")),
        (Audience(subject="hnte", verdicts=("rich",)), ("verdicts", "unknown")),
        (Audience(verdicts=("eligible",)), ("verdicts", "needs_measure")),
        (Audience(changed_by=99), ("changed_by", "unpublished")),
    ):
        with pytest.raises(FaultyError) as refused:
            database.turn(lambda c, audience=audience: write(c, editions, Composed(NEWS, audience), hand))  # type: ignore[misc]  # this pass's value
        assert [(each.field, each.why) for each in refused.value.faults] == [fault]
    assert database.read(latest_bulletins) == []


@pytest.mark.parametrize(
    "rule", [{"cities": "洛阳"}, {"rungs": ["1"]}, {"subject": ["hnte"]}, {"changed_by": True}]
)
def test_an_audience_of_another_shape_reaches_nobody(rule: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match=next(iter(rule))):
        Audience.from_json(rule)


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
        readers = Readership("result", audience)
        page = world.read(partial(find, editions=Editions(), readers=readers, after=0, most=1000))
        assert {each.address for each in page.recipients} == wanted, audience


def test_many_recipients_need_a_second_person(database: Database) -> None:
    made = database.turn(lambda c: draft(c, NEWS, Audience(), "张工", NOON))
    with pytest.raises(HeldBackError, match="somebody else"):
        database.turn(lambda c: release(c, made, ALONE + 1, "张工", NOON))
    assert database.turn(lambda c: release(c, made, ALONE + 1, "李工", NOON)).state == "scheduled"


def test_more_who_subscribe_after_its_author_released_it_wait_for_a_second_person(database: Database) -> None:
    def subscribes(connection: Connection) -> None:
        account = add_person(connection, "telegram", "1", NOON)
        subscribe(connection, account.person_id, account.id, "policy", frequency="at-once", at=NOON)

    def current(connection: Connection) -> Bulletin:
        found = bulletin_by_public_id(connection, made.public_id)
        assert found is not None
        return found

    database.turn(subscribes)
    made = database.turn(lambda c: draft(c, NEWS, Audience(), "张工", NOON))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.laying_out.ALONE", 0)
        database.turn(lambda c: release(c, made, 1, "张工", NOON))
        for by in ("张工", "李工"):
            assert database.turn(lambda c: lay_out(c, Editions(), NOON))
            assert database.read(current).state == "paused"
            assert rows_of(database, made) == {}
            database.turn(lambda c, by=by: resume(c, current(c), by))  # type: ignore[misc]  # this pass's value
        assert database.turn(lambda c: lay_out(c, Editions(), NOON))
    assert rows_of(database, made).keys() == {"1"}


def test_of_two_who_release_at_once_one_is_refused(database: Database) -> None:
    editions = Editions()
    database.turn(publish_shipped)
    hands = [Hand(name, "command", NOON) for name in ("李工", "王工")]
    made = database.turn(
        lambda c: write(c, editions, Composed(NEWS, Audience()), Hand("张工", "command", NOON))
    )
    together = Barrier(2, timeout=20)

    def let_go(by: Hand) -> str:
        def work(connection: Connection) -> str:
            return broadcasting.release(connection, editions, made, ALONE + 1, by).confirmed_by or ""

        together.wait()
        try:
            return database.turn(work)
        except StaleBulletinError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(let_go, hands))
    assert done in (["refused", "李工"], ["refused", "王工"])
    acts = database.read(lambda c: acts_on(c, "bulletin", made.public_id))
    assert [each.action for each in acts] == ["bulletin.release", "bulletin.write"]
    stored = database.read(lambda c: bulletin_by_public_id(c, made.public_id))
    assert stored is not None
    assert stored.confirmed_by == done[1]


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
        (Text("policy", "题*", "文"), "title"),
        (Text("policy", "题", "**一\n二**"), "pairs"),
        (Text("policy", "题", "看 http://www.henan.gov.cn/"), "https"),
        (Text("policy", "题", "看 https://henan.gov.cn.example.org/"), "elsewhere"),
        (Text("policy", "题", "看 t.me/somebody"), "elsewhere"),
        (Text("policy", "题", "看example.com。"), "elsewhere"),
        (Text("policy", "题", "https://henan.gov.cn@evil.example/"), "elsewhere"),
        (Text("policy", "题", "https://henan.gov.cn:443@evil.example/"), "elsewhere"),
        (Text("policy", "题", "翻\u202e转"), "U\\+202E"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_reason(text: Text, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        raise FaultyError(faults_of_text(text))


def test_a_faulty_text_is_not_stored(database: Database) -> None:
    with pytest.raises(FaultyError, match="body"):
        database.turn(lambda c: draft(c, Text("policy", "题", " "), Audience(), "张工", NOON))
    assert database.read(latest_bulletins) == []


def test_pause_resume_cancel_and_retry(world: Database) -> None:
    text = Text("result", "题", "文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    laid_out(world, made)

    def current(connection: Connection) -> Bulletin:
        wanted = select(bulletins).where(bulletins.c.id == made.id)
        return Bulletin(**connection.execute(wanted).mappings().one())

    held = world.turn(lambda c: pause(c, current(c)))
    assert held.state == "paused"
    assert world.turn(lambda c: resume(c, current(c), "李工")).state == "preparing"
    assert world.turn(lambda c: lay_out(c, Editions(), NOON))
    assert world.read(current).state == "sending"
    failed = update(deliveries).where(deliveries.c.address == "2").values(state="failed")
    world.turn(lambda c: c.execute(failed))
    world.turn(lambda c: retry(c, current(c), NOON))
    with pytest.raises(RefusedError, match="nothing to try"):
        world.turn(lambda c: retry(c, current(c), NOON))
    world.turn(lambda c: cancel(c, current(c), NOON))
    assert world.read(lambda c: report_on(c, current(c))).states == {"cancelled": FEW / 2}
    with pytest.raises(RefusedError):
        world.turn(lambda c: resume(c, current(c), "李工"))


def test_a_time_that_is_past_is_refused_and_one_to_come_is_waited_for(world: Database) -> None:
    text = Text("result", "题", "文")
    made = world.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    past, later = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
    with pytest.raises(RefusedError, match="past"):
        world.turn(lambda c: release(c, made, FEW // 2, "李工", NOON, when=past))
    world.turn(lambda c: release(c, made, FEW // 2, "李工", NOON, when=later))
    assert not world.turn(lambda c: lay_out(c, Editions(), NOON))
    assert world.turn(lambda c: lay_out(c, Editions(), later))


def test_what_is_held_for_the_week_comes_as_one_message(database: Database) -> None:
    def people(connection: Connection) -> None:
        publish_shipped(connection)
        wishes: tuple[tuple[str, str, Frequency], ...] = (
            ("1", "telegram", "weekly"),
            ("2", "web", "weekly"),
            ("3", "telegram", "at-once"),
        )
        for address, channel, how in wishes:
            account = add_person(connection, channel, address, NOON)
            subscribe(connection, account.person_id, account.id, "policy", frequency=how, at=NOON)

    database.turn(people)
    for title in ("第一件", "第二件"):
        text = Text("policy", title, f"{title}的正文")
        laid_out(database, database.turn(lambda c, text=text: draft(c, text, Audience(), "张工", NOON)))  # type: ignore[misc]  # this pass's value
    tuesday = NOON + timedelta(days=1)
    assert not is_due(tuesday)
    assert is_due(MORNING)
    assert not database.turn(lambda c: gather_week(c, Editions(), tuesday))
    while database.turn(lambda c: gather_week(c, Editions(), MORNING)):
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
    assert not database.turn(lambda c: gather_week(c, Editions(), MORNING))


def test_a_gathering_that_is_over_goes_on_for_others_and_tells_nobody_twice(database: Database) -> None:
    def weekly(connection: Connection, address: str) -> None:
        account = add_person(connection, "telegram", address, NOON)
        subscribe(connection, account.person_id, account.id, "policy", frequency="weekly", at=NOON)

    def tells(title: str, at: datetime) -> None:
        text = Text("policy", title, "正文")
        laid_out(database, database.turn(lambda c: draft(c, text, Audience(), "张工", at)), at)

    database.turn(lambda c: weekly(c, "1"))
    tells("第一件", NOON)
    assert database.turn(lambda c: gather_week(c, Editions(), MORNING))
    database.turn(
        lambda c: c.execute(update(deliveries).where(deliveries.c.state == "waiting").values(state="sent"))
    )
    database.turn(lambda c: finish_sent(c, MORNING))
    database.turn(lambda c: weekly(c, "2"))
    tells("第二件", MORNING)
    later = MORNING + timedelta(minutes=5)
    assert database.turn(lambda c: gather_week(c, Editions(), later))
    assert not database.turn(lambda c: gather_week(c, Editions(), later))
    states = database.read(lambda c: c.execute(select(deliveries.c.address, deliveries.c.state)).all())
    assert sorted(map(tuple, states)) == [
        *(("1", "held"), ("1", "merged"), ("1", "sent")),
        *(("2", "merged"), ("2", "waiting")),
    ]
    assert len(database.read(lambda c: may_go_out(c, later))) == 1


def test_a_firm_hears_at_most_twice_a_week_the_rest_waits_for_monday(world: Database) -> None:
    for number in range(3):
        text = Text("result", f"第{number}件", "正文")
        made = world.turn(lambda c, text=text: draft(c, text, Audience(), "张工", NOON))  # type: ignore[misc]  # this pass's value
        states = {state for state, _ in rows_of(world, laid_out(world, made)).values()}
        assert states == ({"waiting"} if number < 2 else {"held"})
