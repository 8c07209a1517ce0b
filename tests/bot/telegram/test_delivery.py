"""Bad days: what is delivered twice, lost, refused, flooded or slow is answered once, in order, and holds nobody up."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.telegram.heard import Heard, Said
from bot.telegram.markup import split
from bot.telegram.service import Service
from models.outbox import outbox
from models.person import find_account
from models.session import Database
from tests.bot.telegram.serving import agrees, make, until_in_loop
from tests.botapi.api import BotApi
from tests.botapi.people import Person


@pytest.fixture
async def service(published: Database, bot_api: BotApi) -> AsyncIterator[Service]:
    made = make(published, bot_api)
    async with made.running():
        yield made


async def agreed(api: BotApi, count: int = 1) -> list[Person]:
    people = [api.person() for _ in range(count)]
    for person in people:
        agrees(person)
    for person in people:
        await person.will_see("注册地")
    return people


def states(database: Database) -> list[str]:
    return list(database.read(lambda c: c.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars()))


def cards(person: Person) -> int:
    """Without the notice."""
    return len(person.chat.bot_messages) - 1


async def test_five_updates_delivered_again_have_five_answers(
    service: Service, bot_api: BotApi, published: Database
) -> None:
    (person,) = await agreed(bot_api)
    updates = [person.says(words) for words in ("河南", "3.2亿", "有", "没有", "不确定")]
    await until_in_loop(lambda: cards(person) == 6)
    service.dispatcher._done.clear()  # as after a restart: only the database remembers
    for update in reversed(updates):  # each comes before what waits already
        bot_api.redeliver(update)
    await until_in_loop(lambda: not bot_api.pending)
    await asyncio.sleep(0.1)
    assert cards(person) == 6
    assert states(published) == ["sent"] * 6


@pytest.mark.usefixtures("service")
async def test_an_answer_of_get_updates_that_was_lost_is_no_loss(bot_api: BotApi) -> None:
    (person,) = await agreed(bot_api)
    bot_api.faults.lose_updates(times=1)
    person.says("河南")
    await person.will_see("营业收入", 10)
    assert cards(person) == 2


@pytest.mark.usefixtures("service")
async def test_a_lost_answer_a_502_and_a_429_in_a_row(bot_api: BotApi, published: Database) -> None:
    (person,) = await agreed(bot_api)
    bot_api.faults.cut(took_effect=True, method="sendMessage")
    bot_api.faults.error(502, method="sendMessage")
    bot_api.faults.flood(1, method="sendMessage")
    for words in ("河南", "3.2亿", "有"):
        person.says(words)
    await person.will_see("技术改造", 15)
    await until_in_loop(lambda: states(published) == ["sent"] * 4)
    asked = [text for text in person.chat.texts if "营业收入是多少" in text]
    assert len(asked) == 2  # the lost one had arrived; nobody could know
    assert cards(person) == 5


@pytest.mark.usefixtures("service")
async def test_a_flood_in_one_chat_holds_up_no_other(bot_api: BotApi) -> None:
    slow, quick = await agreed(bot_api, 2)
    bot_api.faults.flood(2, method="sendMessage", chat=slow.id)
    begins = time.monotonic()
    slow.says("河南")
    await asyncio.sleep(0.05)
    quick.says("河南")
    await quick.will_see("营业收入")
    assert time.monotonic() - begins < 1
    await slow.will_see("营业收入")
    assert time.monotonic() - begins > 1.9


@pytest.mark.usefixtures("service")
async def test_who_blocks_us_gets_nothing_more_until_they_come_back(
    bot_api: BotApi, published: Database
) -> None:
    def state() -> str | None:
        account = published.read(lambda c: find_account(c, "telegram", str(person.id)))
        return None if account is None else account.state

    (person,) = await agreed(bot_api)
    person.blocks()
    await until_in_loop(lambda: state() == "blocked")
    person.unblocks()
    await until_in_loop(lambda: state() == "active")
    person.says("河南")
    await person.will_see("营业收入")


@pytest.mark.usefixtures("service")
async def test_a_403_marks_the_account_and_ends_the_tries(
    bot_api: BotApi, published: Database, caplog: pytest.LogCaptureFixture
) -> None:
    person, other = await agreed(bot_api, 2)
    person.chat.refusal = "bot was blocked by the user"  # found out before any update tells of it
    person.says("河南")
    person.says("3亿")
    await until_in_loop(lambda: states(published).count("dead") == 2)
    account = published.read(lambda c: find_account(c, "telegram", str(person.id)))
    assert account
    assert account.state == "blocked"
    other.says("河南")
    await other.will_see("营业收入")
    assert "ALARM" not in caplog.text
    assert len(bot_api.calls_of("sendMessage", person.id)) <= 4


@pytest.mark.usefixtures("service")
async def test_what_telegram_refuses_is_buried_with_an_alarm(
    bot_api: BotApi, published: Database, caplog: pytest.LogCaptureFixture
) -> None:
    (person,) = await agreed(bot_api)
    person.chat.known = False  # "chat not found"
    bot_api.cloud.updates.add("message", {**message_of(person), "text": "河南"}, person.id)
    await until_in_loop(lambda: "dead" in states(published))
    assert "ALARM" in caplog.text
    assert len(bot_api.calls_of("sendMessage", person.id)) == 3


def message_of(person: Person) -> dict[str, object]:
    return dict(person.chat.messages[0].as_json())


@pytest.mark.usefixtures("service")
async def test_an_edit_that_changes_nothing_is_a_success(bot_api: BotApi, published: Database) -> None:
    (person,) = await agreed(bot_api)
    bot_api.faults.cut(took_effect=True, method="editMessageText")
    person.taps("在河南")
    await person.will_see("营业收入")
    await until_in_loop(lambda: states(published) == ["sent", "sent"])
    assert cards(person) == 1
    assert [call.outcome for call in bot_api.calls_of("editMessageText")] == ["cut", "refused"]


async def test_a_reply_left_over_goes_out_at_the_next_start(published: Database, bot_api: BotApi) -> None:
    first = make(published, bot_api)
    async with first.running():
        (person,) = await agreed(bot_api)
        fault = bot_api.faults.error(502, method="sendMessage", times=None)
        person.says("河南")
        await until_in_loop(lambda: fault.hits)
    fault.stop()
    assert cards(person) == 1
    async with make(published, bot_api).running():
        await person.will_see("营业收入", 8)
        person.taps("不确定")
        await person.will_see("先记“不确定”")
    assert cards(person) == 2
    assert person.chat.bot_messages[0].buttons == []  # known after the restart, too


@pytest.mark.usefixtures("service")
async def test_one_persons_order_is_kept_at_uneven_cost(bot_api: BotApi) -> None:
    (person,) = await agreed(bot_api)
    for seconds in (0.3, 0.0, 0.2, 0.0):
        bot_api.faults.delay(seconds, method="sendMessage", chat=person.id)
    said = ("河南", "3.2亿", "有", "没有")
    for words in said:
        person.says(words)
    await until_in_loop(lambda: cards(person) == 5)
    echoed = [text.split("：", 1)[0] for text in person.chat.texts[2:]]
    assert echoed == ["注册地", "营业收入", "研发机构", "技术改造项目"]
    asked = [
        line for text in person.chat.texts for line in text.splitlines() if line.startswith("（最多还剩")
    ]
    left = [int("".join(filter(str.isdigit, line.split("题", 1)[0]))) for line in asked]
    assert left == sorted(left, reverse=True)


@pytest.mark.usefixtures("service")
async def test_forty_people_at_once_and_a_slow_api(bot_api: BotApi) -> None:
    people = await agreed(bot_api, 40)
    bot_api.latency = 0.3
    begins = time.monotonic()
    for person in people:
        person.says("河南")
    await asyncio.gather(*(person.will_see("营业收入", 10) for person in people))
    took = time.monotonic() - begins
    bot_api.latency = 0
    assert took < 2, took


async def test_a_turn_that_always_fails_is_apologised_for_and_blocks_nobody(
    service: Service, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    unlucky, lucky = await agreed(bot_api, 2)
    work = service.dispatcher._work

    def fails(number: int, what: Heard) -> Callable[[Connection], Any]:
        if isinstance(what, Said) and what.incoming.text == "坏":
            return lambda _connection: 1 / 0
        return work(number, what)

    monkeypatch.setattr(type(service.dispatcher), "_work", lambda _self, number, what: fails(number, what))
    unlucky.says("坏")
    lucky.says("河南")
    await lucky.will_see("营业收入")
    await unlucky.will_see("没能存上")
    assert "ALARM" in caplog.text
    unlucky.says("河南")
    await unlucky.will_see("营业收入")
    await until_in_loop(lambda: not bot_api.pending)


@pytest.mark.usefixtures("service")
async def test_who_has_to_wait_sees_that_somebody_is_typing(bot_api: BotApi, published: Database) -> None:
    (person,) = await agreed(bot_api)
    slow = asyncio.ensure_future(published.turn_async(lambda _connection: time.sleep(1.2)))
    await asyncio.sleep(0.02)
    person.says("河南")
    await person.will_see(lambda chat: chat.actions, 1.1)
    await slow
    await person.will_see("营业收入")
    assert [action.name for action in person.chat.actions] == ["typing"]


async def test_a_long_result_comes_in_pieces_with_the_buttons_on_the_last(
    service: Service, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    (person,) = await agreed(bot_api)
    monkeypatch.setattr("bot.telegram.channel.split", lambda text: split(text, 60))
    person.says("/help")
    await person.will_see("注册地", anew=True)
    shown = person.chat.bot_messages[2:]
    assert len(shown) > 2
    assert [bool(each.buttons) for each in shown] == [False] * (len(shown) - 1) + [True]
    assert service.channel.further == len(shown) - 1, "each piece uses up the pace"
