"""After a reassessment all that is read of a firm is what it is told now: lists, counts, audiences, and the bulletins about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import partial
from random import Random

import pytest
from sqlalchemy import Connection, select, update

from benchmarks.reassess import DAY, NOON, SCHEME, lowered, seeds
from flows import broadcasting
from flows import concerned as concerned_now
from flows.announcing import Letter, announce
from flows.audience import Audience, Readership
from flows.broadcasting import Hand
from flows.bulletins import HeldBackError
from flows.composing import Composed, Text
from flows.concerned import find
from flows.digest import gather_week
from flows.drafts import bring_in, sound
from flows.editions import Editions
from flows.laying_out import lay_out
from flows.preview import tell
from flows.publishing import review_and_publish
from flows.reassess import work
from flows.render import render
from flows.reporting import findings
from flows.slots import Entry, Sheet
from flows.trying_out import Listing, page_of
from models.assessment import Assessment, assessments
from models.base import columns_of
from models.bulletin import deliveries
from models.change_list import Sought
from models.counters import counts
from models.delivered import delivery_counts
from models.delivering import Mark, mark_deliveries
from models.determination import store_determinations
from models.relisting import complete, counted
from models.review import rows_of
from models.scope import Scope
from models.session import Database
from models.subscription import subscriptions
from policy.complaints import EditionError
from policy.determine import determine
from policy.gathering import read_folder
from policy.load import SHIPPED, load_edition
from tests.flows.subscribed import LI, MORNING, ZHANG, expected, fill, lowered_and_reassessed
from tests.flows.test_tracking import NAMES
from tests.models.taking import take
from web import upkeep

MANY = 400
SUBSIDY, TITLE = "tech-upgrade-demo-subsidy", "重大技术改造示范项目补助"
FIRMS = list(seeds(load_edition(SHIPPED), MANY, Random(97)))


@pytest.fixture
def world(database: Database) -> Database:
    """Firms in the advisors' list; every second one's owner subscribed to changes of their result."""
    fill(database, FIRMS)
    database.turn(complete)
    return database


def reached(database: Database, audience: Audience) -> set[int]:
    """The numbers of the firms that a bulletin would be about."""
    page = database.read(lambda c: find(c, Editions(), Readership("result", audience), 0, 10 * MANY))
    return {firm.firm_id for each in page.recipients for firm in each.firms if firm.firm_id is not None}


def concerned() -> Mapping[int, tuple[str, str | None]]:
    """What the lower gate brings, by the number of the firm."""
    found = {n: expected(FIRMS[n % MANY].facts) for n in range(1, MANY + 1)}
    return {n: told for n, told in found.items() if told is not None}


def test_right_after_a_reassessment_an_audience_by_verdict_finds_who_has_it_now(world: Database) -> None:
    lowered_and_reassessed(world)
    for verdict in ("eligible", "conditional", "undetermined"):
        now = {n for n, told in concerned().items() if told[0] == verdict and n % 2 == 0}
        assert now, verdict
        assert reached(world, Audience(subject=SUBSIDY, verdicts=(verdict,))) == now
    assert world.read(lambda c: counts(c, NAMES)) == world.read(counted)
    for row, told in world.read(partial(rows_of, assessment_ids=list(concerned()))):
        assert row.confirmed_yuan == sum(each.amount_yuan for each in told if each.verdict == "eligible")


def corrected(
    connection: Connection, which: int, yuan: int, *, told: bool, fact: str = "upgrade_total_investment"
) -> None:
    """The firm says another figure; `told`: it has looked at its result since."""
    wanted = select(*columns_of(assessments, Assessment)).where(assessments.c.id == which)
    before = Assessment(*connection.execute(wanted).one())
    sheet = Sheet.from_json(before.facts).filled(fact, Entry("value", yuan))
    changed = update(assessments).where(assessments.c.id == which)
    connection.execute(changed.values(facts=sheet.to_json(), version=before.version + 1, packed=None))
    if told:
        edition = Editions().by_id(connection, before.edition_id).edition
        after = Assessment(*connection.execute(wanted).one())
        found = findings(determine(edition, sheet.facts(edition), DAY))
        store_determinations(connection, after, DAY, found, NOON + timedelta(days=900))


@pytest.mark.parametrize("told", [True, False])
def test_who_corrected_an_answer_since_is_not_told_what_held_before(world: Database, told: bool) -> None:
    _, run = lowered_and_reassessed(world)
    sure = sorted(n for n, (verdict, _) in concerned().items() if verdict == "eligible" and n % 2 == 0)
    first, second, *others = sure
    world.turn(lambda c: corrected(c, first, 10_000_000, told=told))
    world.turn(lambda c: corrected(c, second, 45_000_000, told=told))
    now = reached(world, Audience(changed_by=run))
    assert first not in now, "it was told that it may claim, and may not any more"
    assert {second, *others} <= now, "another total between the gates changes nothing"


def test_what_a_later_edition_took_back_is_told_to_nobody(world: Database) -> None:
    _, run = lowered_and_reassessed(world)
    zhang, li = Hand("张工", "command", NOON), Hand("李工", "command", NOON)
    audience, text = Audience(changed_by=run), Text("result", "您的结果变了", "门槛降低了。")
    made = world.turn(lambda c: broadcasting.write(c, Editions(), Composed(text, audience), zhang))
    assert reached(world, audience)
    again = lowered(world, "5000万")
    world.turn(lambda c: review_and_publish(c, again, DAY, DAY, LI))
    work(world)
    nobody = len(reached(world, audience))
    assert nobody == 0
    with pytest.raises(HeldBackError) as refused:
        world.turn(lambda c: broadcasting.release(c, Editions(), made, nobody, li))
    assert refused.value.why == "nobody"


def test_what_a_later_edition_left_as_it_was_is_still_told(world: Database) -> None:
    _, run = lowered_and_reassessed(world)
    audience = Audience(changed_by=run)
    before = reached(world, audience)
    again = lowered(world, "2999万")
    world.turn(lambda c: review_and_publish(c, again, DAY, DAY, LI))
    work(world)
    assert reached(world, audience) == before
    composed = Composed(Text("result", "您的结果变了", "门槛降低了。"), audience)
    made = world.turn(lambda c: broadcasting.write(c, Editions(), composed, Hand("张工", "command", NOON)))
    hand = Hand("李工", "command", NOON)
    out = world.turn(lambda c: broadcasting.release(c, Editions(), made, len(before), hand))
    assert out.state == "scheduled"


def laid_out(world: Database, run: int) -> set[int]:
    """A bulletin about that run's changes, released, its rows there; the firms that it is about."""
    zhang, li = Hand("张工", "command", NOON), Hand("李工", "command", NOON)
    composed = Composed(Text("result", "您的结果变了", "门槛降低了。"), Audience(changed_by=run))
    made = world.turn(lambda c: broadcasting.write(c, Editions(), composed, zhang))
    now = reached(world, composed.audience)
    world.turn(lambda c: broadcasting.release(c, Editions(), made, len(now), li))
    while world.turn(lambda c: lay_out(c, Editions(), NOON)):
        pass
    return now


@pytest.mark.parametrize("told", [True, False])
def test_the_weekly_gathering_tells_what_holds_on_monday(world: Database, told: bool) -> None:
    _, run = lowered_and_reassessed(world)
    world.turn(lambda c: c.execute(update(subscriptions).values(frequency="weekly")))
    now = laid_out(world, run)
    first = min(n for n in now if concerned().get(n, ("", None))[0] == "eligible")
    world.turn(lambda c: corrected(c, first, 10_000_000, told=told))
    while world.turn(lambda c: gather_week(c, Editions(), MORNING)):
        pass
    wanted = select(deliveries.c.person_id, deliveries.c.payload).where(deliveries.c.state == "waiting")
    gathered = {
        who: payload["data"]["firms"] for who, payload in world.read(lambda c: c.execute(wanted).all())
    }
    assert gathered.keys() == now - {first}
    assert all(firms and firms[0]["changes"] for firms in gathered.values())
    left = select(deliveries.c.state).where(deliveries.c.person_id == first)
    assert world.read(lambda c: c.execute(left).scalars().all()) == ["cancelled"]


def weekly(world: Database) -> set[int]:
    """Everybody wants the gathering; a bulletin about what the lower gate brought waits for it."""
    _, run = lowered_and_reassessed(world)
    world.turn(lambda c: c.execute(update(subscriptions).values(frequency="weekly")))
    return laid_out(world, run)


async def test_a_bulletin_that_cannot_be_judged_is_held_and_the_others_are_gathered(
    world: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    people = weekly(world)
    text, zhang = Text("result", "另一条", "另一条的正文。"), Hand("张工", "command", NOON)
    other = world.turn(lambda c: broadcasting.write(c, Editions(), Composed(text, Audience()), zhang))
    everybody = MANY // 2
    world.turn(lambda c: broadcasting.release(c, Editions(), other, everybody, Hand("李工", "command", NOON)))
    while world.turn(lambda c: lay_out(c, Editions(), NOON)):
        pass
    monkeypatch.setattr(concerned_now, "still_holding", broken)
    gather = partial(gather_week, editions=Editions())
    monkeypatch.setattr(upkeep, "datetime", Monday)
    while await upkeep._gathered_further(world, gather):
        pass
    assert world.read(lambda c: delivery_counts(c, 1)) == {"held": len(people)}
    assert world.read(lambda c: delivery_counts(c, 2)) == {"merged": everybody}
    assert caplog.text.count("ALARM") == 1


class Monday(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Monday":
        return cls.fromtimestamp(MORNING.timestamp(), tz)


def broken(*_: object) -> list[object]:
    raise EditionError("an edition that the program reads no more")


def test_who_has_one_thing_left_of_two_is_told_that_one(world: Database) -> None:
    now = weekly(world)
    hands = Hand("张工", "command", NOON), Hand("李工", "command", NOON)
    first = min(n for n in now if concerned().get(n, ("", None))[0] == "eligible")
    text = Text("result", "能申报的请看", "能申报的请看。")
    made = world.turn(lambda c: broadcasting.write(c, Editions(), Composed(text, Audience()), hands[0]))
    world.turn(lambda c: broadcasting.release(c, Editions(), made, MANY // 2, hands[1]))
    while world.turn(lambda c: lay_out(c, Editions(), NOON)):
        pass
    world.turn(lambda c: corrected(c, first, 10_000_000, told=True))
    while world.turn(lambda c: gather_week(c, Editions(), MORNING)):
        pass
    theirs = select(deliveries.c.state, deliveries.c.payload, deliveries.c.firm_id).where(
        deliveries.c.person_id == first
    )
    rows = world.read(lambda c: c.execute(theirs.order_by(deliveries.c.id)).all())
    assert [row.state for row in rows] == ["cancelled", "merged", "waiting"]
    assert rows[-1].payload["data"]["firms"] == []
    assert [each["title"] for each in rows[-1].payload["data"]["others"]] == ["能申报的请看"]


@pytest.mark.parametrize(("gate", "holds"), [("5000万", False), ("2999万", True)])
def test_what_still_waits_when_a_later_edition_comes_does_not_tell_the_old(
    world: Database, gate: str, holds: bool
) -> None:
    _, run = lowered_and_reassessed(world)
    before = laid_out(world, run)
    (on_its_way,) = take(world, [1], 1, NOON)
    again = lowered(world, gate)
    world.turn(lambda c: review_and_publish(c, again, DAY, DAY, LI))
    work(world)
    world.turn(lambda c: mark_deliveries(c, [Mark(on_its_way, "sent")], NOON))
    states = world.read(lambda c: delivery_counts(c, 1))
    assert states == {"sent": 1, ("waiting" if holds else "held"): len(before) - 1}
    while world.turn(lambda c: gather_week(c, Editions(), MORNING)):
        pass
    assert set(world.read(lambda c: delivery_counts(c, 1))) == {"sent", "waiting" if holds else "cancelled"}


def test_a_rung_that_begins_lower_is_told_as_long_as_it_holds(world: Database) -> None:
    on, off, over = 2, 4, 6
    for which, revenue in ((on, 95_000_000), (off, 95_000_000), (over, 100_000_000)):
        world.turn(partial(corrected, which=which, yuan=revenue, told=False, fact="revenue"))
    files = read_folder(SHIPPED)
    rungs, _, _ = files["ladder.yaml"].replace("from: 1亿", "from: 9000万", 1).partition("examples:")
    example = "examples:\n  - {given: {revenue: 1万}, then: {state: below}}\n"
    found = sound({**files, "ladder.yaml": rungs + example}, DAY)
    draft = world.turn(lambda c: bring_in(c, found, ZHANG))
    _, run = world.turn(lambda c: review_and_publish(c, draft, DAY, DAY, LI))
    assert run is not None
    work(world)
    about = Audience(changed_by=run.id)
    assert {on, off} <= reached(world, about)
    assert over not in reached(world, about)
    world.turn(partial(corrected, which=off, yuan=80_000_000, told=False, fact="revenue"))
    world.turn(partial(corrected, which=on, yuan=96_000_000, told=False, fact="revenue"))
    now = reached(world, about)
    assert on in now
    assert off not in now, "it is below the rung again"


def in_another_place(title: str) -> dict[str, str]:
    """The shipped edition with another measure in the place of one."""
    files = {
        name.replace(SUBSIDY, "new-subsidy"): text.replace(SUBSIDY, "new-subsidy")
        for name, text in read_folder(SHIPPED).items()
    }
    scheme = SCHEME.replace(SUBSIDY, "new-subsidy")
    return {**files, scheme: files[scheme].replace(f"title: {TITLE}", f"title: {title}", 1)}


def test_a_measure_that_is_dropped_is_told_by_its_name(world: Database) -> None:
    found = sound(in_another_place("新补助"), DAY)
    draft = world.turn(lambda c: bring_in(c, found, ZHANG))
    _, run = world.turn(lambda c: review_and_publish(c, draft, DAY, DAY, LI))
    assert run is not None
    work(world)
    assert world.read(lambda c: counts(c, NAMES)) == world.read(counted)
    page = world.read(
        lambda c: find(c, Editions(), Readership("result", Audience(changed_by=run.id)), 0, 1000)
    )
    assert page.recipients
    for each in page.recipients:
        (firm,) = each.firms
        assert {change["title"] for change in firm.changes} == {TITLE, "新补助"}
        lines = render(announce(Letter("result", "题", "文"), each)).splitlines()
        (old,), (new,) = ([line for line in lines if f"· {title}：" in line] for title in (TITLE, "新补助"))
        assert "→ 现在没有这一项了" in old
        assert "新补助：原来没有这一项 →" in new
    shown, _ = world.read(
        lambda c: page_of(c, Listing(Scope(1, everything=True), run, Sought()), found.edition, (0, ""))
    )
    assert {line.told["title"] for line in shown} == {TITLE, "新补助"}
    told = "\n".join(world.read(lambda c: list(tell(c, run.id, found.edition))))
    assert f"{TITLE}：" in told
    assert SUBSIDY not in told
