"""What is stopped stays stopped: a bulletin that was paused or cancelled, a person who left; and one that breaks stops no other."""

import asyncio
import logging
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import OperationalError

from benchmarks.reassess import NOON
from flows.audience import Audience
from flows.bulletins import HeldBackError, cancel, draft, pause, release, resume, retry
from flows.composing import Text
from flows.digest import gather_week
from flows.editions import Editions, publish_shipped
from flows.laying_out import lay_out
from flows.subscriptions import ALL, REMINDER
from flows.unwritten import of_day
from models.bulletin import Bulletin, NewDelivery, bulletins, deliveries
from models.bulletins import StaleBulletinError
from models.delivered import delivery_counts
from models.delivering import Mark, Taken, add_deliveries, mark_deliveries
from models.merging import join_people
from models.person import Account, add_account, add_person, set_account_state
from models.session import Database
from models.subscription import Frequency, subscribe, unsubscribe
from tests.flows.subscribed import MORNING
from tests.models.taking import take
from web import upkeep

NEWS = Text("policy", "新政策", "某某办法自下月起施行。")


def somebody(connection: Connection, address: str, *topics: str, often: Frequency = "at-once") -> Account:
    account = add_person(connection, "telegram", address, NOON)
    for topic in topics or ("policy",):
        subscribe(connection, account.person_id, account.id, topic, frequency=often, at=NOON)
    return account


def released(database: Database, *, urgent: bool = True, laid: bool = True) -> Bulletin:
    text = Text(NEWS.topic, NEWS.title, NEWS.body, urgent)
    made = database.turn(lambda c: draft(c, text, Audience(), "张工", NOON))
    database.turn(lambda c: release(c, made, 1, "李工", NOON))
    while laid and database.turn(lambda c: lay_out(c, Editions(), NOON)):
        pass
    return current(database, made)


def current(database: Database, made: Bulletin) -> Bulletin:
    wanted = select(bulletins).where(bulletins.c.id == made.id)
    return database.read(lambda c: Bulletin(**c.execute(wanted).mappings().one()))


def counts(database: Database, made: Bulletin) -> dict[str, int]:
    return database.read(lambda c: delivery_counts(c, made.id))


def put(database: Database, state: str) -> None:
    database.turn(lambda c: c.execute(update(deliveries).values(state=state)))


@pytest.mark.parametrize("topic", [REMINDER, ALL])
def test_the_days_own_bulletin_goes_on_where_it_was_paused_and_stops_no_other(
    database: Database, topic: str
) -> None:
    database.turn(publish_shipped)
    database.turn(lambda c: somebody(c, "1", REMINDER, "policy"))
    made = database.turn(lambda c: of_day(c, topic, "该办的事", NOON.date(), NOON))
    assert made is not None
    held = database.turn(lambda c: pause(c, made))
    assert database.turn(lambda c: resume(c, held, "李工")).state == "sending"
    assert counts(database, released(database)) == {"waiting": 1}


async def test_one_that_cannot_be_laid_down_is_paused_and_the_next_goes_out(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    database.turn(lambda c: somebody(c, "1"))
    broken, good = released(database, laid=False), released(database, laid=False)
    nonsense = {"citys": ["洛阳"]}
    database.turn(
        lambda c: c.execute(update(bulletins).where(bulletins.c.id == broken.id).values(audience=nonsense))
    )
    monkeypatch.setattr(upkeep, "SOON", timedelta(milliseconds=20))
    with caplog.at_level(logging.ERROR):
        async with upkeep.tending(database, Editions()):
            for _ in range(250):
                if counts(database, good):
                    break
                await asyncio.sleep(0.02)
    assert counts(database, good) == {"waiting": 1}
    assert current(database, broken).state == "paused"
    assert f"ALARM: bulletin {broken.id}" in caplog.text
    assert "洛阳" not in caplog.text


def test_who_got_it_and_became_one_with_a_later_person_gets_it_once(database: Database) -> None:
    database.turn(publish_shipped)
    first = database.turn(lambda c: somebody(c, "1"))
    second = database.turn(lambda c: somebody(c, "2"))
    third = database.turn(lambda c: somebody(c, "3"))
    made = released(database, laid=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.laying_out.STEP", 1)
        database.turn(lambda c: lay_out(c, Editions(), NOON))
        # Of two who answered as much, the one named first stays.
        assert database.turn(lambda c: join_people(c, third.person_id, first.person_id)) == third.person_id
        while database.turn(lambda c: lay_out(c, Editions(), NOON)):
            pass
    wanted = select(deliveries.c.person_id).where(deliveries.c.bulletin_id == made.id)
    told = database.read(lambda c: c.execute(wanted).scalars().all())
    assert sorted(told) == [second.person_id, third.person_id]


def test_a_retry_leaves_out_who_left_or_is_gone(database: Database) -> None:
    database.turn(publish_shipped)
    people = [database.turn(partial(somebody, address=str(n))) for n in range(4)]
    made = released(database)
    put(database, "failed")
    database.turn(lambda c: unsubscribe(c, people[0].person_id, "policy", NOON))
    database.turn(lambda c: set_account_state(c, people[1].id, "blocked"))
    database.turn(lambda c: retry(c, made, NOON))
    assert counts(database, made) == {"failed": 2, "waiting": 2}
    put(database, "failed")
    for each in people:
        database.turn(partial(unsubscribe, person_id=each.person_id, topic=None, at=NOON))
    with pytest.raises(HeldBackError):
        database.turn(lambda c: retry(c, current(database, made), NOON))


def test_a_retry_leaves_out_an_address_that_shut_us_out_though_its_person_asks_elsewhere(
    database: Database,
) -> None:
    database.turn(publish_shipped)
    who = database.turn(lambda c: somebody(c, "1"))
    made = released(database)
    put(database, "failed")

    def moves(connection: Connection) -> None:
        page = add_account(connection, who.person_id, "web", "w", NOON)
        subscribe(connection, who.person_id, page.id, "policy", frequency="at-once", at=NOON)
        set_account_state(connection, who.id, "blocked")

    database.turn(moves)
    with pytest.raises(HeldBackError):
        database.turn(lambda c: retry(c, made, NOON))


async def test_an_outage_of_the_database_pauses_no_bulletin(database: Database) -> None:
    database.turn(publish_shipped)
    database.turn(lambda c: somebody(c, "1"))
    made = released(database, laid=False)
    with pytest.MonkeyPatch.context() as patch:

        def fails(*_: object, **__: object) -> bool:
            raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

        patch.setattr(upkeep, "lay_out", fails)
        with pytest.raises(OperationalError):
            await upkeep._lay_out(database, Editions(), mails=False)
    assert current(database, made).state == "scheduled"
    await upkeep._lay_out(database, Editions(), mails=False)
    assert counts(database, made) == {"waiting": 1}


def test_a_failed_gathering_is_tried_again_once_for_who_wants_any_topic(database: Database) -> None:
    who = database.turn(lambda c: somebody(c, "1", "policy", "result"))
    made = gathering(database, who)
    put(database, "failed")
    assert database.turn(lambda c: retry(c, made, NOON)).state == "sending"
    assert counts(database, made) == {"waiting": 1}


def gathering(database: Database, who: Account) -> Bulletin:
    made = database.turn(lambda c: of_day(c, ALL, "每周汇总", NOON.date(), NOON))
    assert made is not None
    new = NewDelivery(who.person_id, None, "telegram", who.address, {"data": {}})
    database.turn(lambda c: add_deliveries(c, made.id, [new], NOON))
    return made


def given_back(database: Database, made: Bulletin) -> dict[str, int]:
    """What became of a row that was on its way and met a refusal for now."""
    (taken,) = take(database, [made.id], 5, NOON)
    return comes_back(database, made, taken)


def comes_back(database: Database, made: Bulletin, taken: Taken) -> dict[str, int]:
    mark = Mark(taken, "waiting", "429", again_at=NOON)
    database.turn(lambda c: mark_deliveries(c, [mark], NOON))
    return counts(database, made)


def test_what_comes_back_after_its_person_left_is_not_sent_again(database: Database) -> None:
    database.turn(publish_shipped)
    who = database.turn(lambda c: somebody(c, "1", "policy", "result"))
    made = released(database)
    assert given_back(database, made) == {"waiting": 1}
    database.turn(lambda c: unsubscribe(c, who.person_id, "policy", NOON))
    assert given_back(database, made) == {"cancelled": 1}


def test_what_comes_back_after_its_person_shut_us_out_counts_as_blocked(database: Database) -> None:
    database.turn(publish_shipped)
    who = database.turn(lambda c: somebody(c, "1"))
    made = released(database)
    database.turn(lambda c: set_account_state(c, who.id, "blocked"))
    assert given_back(database, made) == {"blocked": 1}


def test_what_comes_back_of_a_gathering_goes_on_while_any_topic_is_wanted(database: Database) -> None:
    who = database.turn(lambda c: somebody(c, "1", "policy", "result"))
    made = gathering(database, who)
    database.turn(lambda c: unsubscribe(c, who.person_id, "policy", NOON))
    assert given_back(database, made) == {"waiting": 1}
    database.turn(lambda c: unsubscribe(c, who.person_id, "result", NOON))
    assert given_back(database, made) == {"cancelled": 1}


def test_what_comes_back_after_its_bulletin_was_cancelled_is_not_sent_again(database: Database) -> None:
    database.turn(publish_shipped)
    database.turn(lambda c: somebody(c, "1"))
    made = released(database)
    (taken,) = take(database, [made.id], 5, NOON)
    database.turn(lambda c: cancel(c, made, NOON))
    assert comes_back(database, made, taken) == {"cancelled": 1}


def held_for_the_week(database: Database) -> Bulletin:
    database.turn(publish_shipped)
    database.turn(lambda c: somebody(c, "1", often="weekly"))
    made = released(database, urgent=False)
    assert (made.state, counts(database, made)) == ("done", {"held": 1})
    return made


def test_what_is_held_of_a_paused_bulletin_waits_until_it_goes_on(database: Database) -> None:
    made = held_for_the_week(database)
    sending = update(bulletins).where(bulletins.c.id == made.id).values(state="sending")
    database.turn(lambda c: c.execute(sending))
    database.turn(lambda c: pause(c, current(database, made)))
    assert not database.turn(lambda c: gather_week(c, Editions(), MORNING))
    assert counts(database, made) == {"held": 1}
    database.turn(lambda c: resume(c, current(database, made), "李工"))
    assert database.turn(lambda c: gather_week(c, Editions(), MORNING))
    assert counts(database, made) == {"merged": 1}


def test_giving_up_what_somebody_left_leaves_what_is_paused(database: Database) -> None:
    made = held_for_the_week(database)
    other = released(database, urgent=False)
    paused = update(bulletins).where(bulletins.c.id == made.id).values(state="paused")
    database.turn(lambda c: c.execute(paused))
    account_gone = select(deliveries.c.person_id).limit(1)
    who = database.read(lambda c: c.execute(account_gone).scalar_one())
    database.turn(lambda c: unsubscribe(c, who, None, NOON))
    assert database.turn(lambda c: gather_week(c, Editions(), MORNING))
    assert (counts(database, made), counts(database, other)) == ({"held": 1}, {"cancelled": 1})


def test_one_that_was_sent_can_be_cancelled_for_those_who_wait_for_monday(database: Database) -> None:
    made = held_for_the_week(database)
    assert database.turn(lambda c: cancel(c, made, NOON)).state == "cancelled"
    assert counts(database, made) == {"cancelled": 1}
    assert not database.turn(lambda c: gather_week(c, Editions(), MORNING))
    again = released(database, urgent=False)
    put(database, "sent")
    with pytest.raises(StaleBulletinError):
        database.turn(lambda c: cancel(c, again, NOON))
