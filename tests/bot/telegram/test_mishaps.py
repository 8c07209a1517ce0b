"""What is broken, foreign or away holds up nobody else and is told to whoever runs this."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError
from telegram.error import BadRequest, Conflict, NetworkError

from bot.telegram import channel
from bot.telegram.account import QuietBot
from bot.telegram.dispatcher import _moved
from bot.telegram.fares import Fares
from bot.telegram.heard import Moved
from bot.telegram.markup import split
from bot.telegram.service import Service
from models.outbox import NewMessage, outbox, put
from models.person import add_person, find_account
from models.session import Database
from tests.bot.telegram.serving import agrees, make, until_in_loop
from tests.botapi.api import BotApi
from tests.botapi.people import Person

NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.fixture
async def service(published: Database, bot_api: BotApi) -> AsyncIterator[Service]:
    made = make(published, bot_api)
    async with made.running():
        yield made


async def agreed(api: BotApi) -> Person:
    person = api.person()
    agrees(person)
    await person.will_see("注册地")
    return person


def rows(database: Database) -> list[tuple[str, str]]:
    asked = select(outbox.c.reply_to, outbox.c.state).order_by(outbox.c.id)
    return [(row.reply_to, row.state) for row in database.read(lambda c: c.execute(asked).all())]


def account_state(database: Database, address: str) -> str | None:
    account = database.read(lambda c: find_account(c, "telegram", address))
    return None if account is None else account.state


@pytest.mark.usefixtures("service")
async def test_an_update_that_cannot_be_parsed_stops_nobody_and_is_not_logged(
    bot_api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    person, strange = await agreed(bot_api), bot_api.person(name="绝密")
    update = strange._membership("kicked", "member", None)
    update.content["new_chat_member"] = {"status": "kicked", "user": strange.user}
    before = len(bot_api.calls_of("getUpdates"))
    person.says("河南")
    await person.will_see("营业收入")
    await until_in_loop(lambda: not bot_api.pending)
    assert len(bot_api.calls_of("getUpdates")) - before < 10
    assert f"ALARM: update {update.id} cannot be parsed" in caplog.text
    assert "绝密" not in caplog.text


@pytest.mark.usefixtures("service")
async def test_while_the_database_is_away_messages_wait_and_none_is_lost(
    bot_api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = await agreed(bot_api)
    monkeypatch.setattr("bot.patience._PAUSES_WHILE_AWAY", (0.005,))
    tries: list[int] = []

    async def away(*_arguments: object, **_options: object) -> None:
        tries.append(1)
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(Database, "turn_async", away)
        person.says("河南")
        await until_in_loop(lambda: len(tries) > 40)
        assert bot_api.pending
    await person.will_see("营业收入")
    assert caplog.text.count("ALARM: the database takes no turns") == 1
    assert "没能存上" not in person.chat.transcript()


@pytest.mark.parametrize("payload", [{"kind": "notice", "topic": "group", "choices": [], "new": 1}, {}, []])
async def test_a_row_that_is_no_reply_is_buried_and_the_rest_is_sent(
    published: Database, bot_api: BotApi, payload: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = NewMessage("telegram", "5", "u1", "notice", payload)
    published.turn(lambda c: put(c, broken, NOON))
    async with make(published, bot_api).running():
        await agreed(bot_api)
    assert ("u1", "dead") in rows(published)
    assert "ALARM" in caplog.text


async def test_a_redelivered_message_whose_reply_cannot_be_read_ends_there(
    service: Service, published: Database, bot_api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    person = await agreed(bot_api)
    update = person.says("河南")
    await person.will_see("营业收入")
    spoilt = outbox.update().where(outbox.c.reply_to == f"u{update.id}").values(payload={}, state="dead")
    published.turn(lambda c: c.execute(spoilt))
    service.dispatcher._done.clear()
    bot_api.redeliver(update)
    await until_in_loop(lambda: not bot_api.pending)
    assert "given up" not in caplog.text


async def test_the_bot_starts_whatever_went_wrong_at_first(
    published: Database, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.telegram.service._FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.telegram.service._LONGEST_PAUSE", 0.02)
    service = make(published, bot_api)
    begin, ways = service.sender.start, iter([ZeroDivisionError(), RuntimeError()])

    async def stumbles() -> None:
        if (error := next(ways, None)) is not None:
            raise error
        await begin()

    monkeypatch.setattr(service.sender, "start", stumbles)
    bot_api.faults.error(404, method="getMe", times=2)
    async with service.running():
        await agreed(bot_api)
    assert caplog.text.count("is refused by Telegram") == 1
    assert "cannot start" in caplog.text


async def test_what_runs_is_stopped_though_its_start_failed(
    published: Database, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, stopped = make(published, bot_api), []

    async def fails() -> None:
        raise SystemError

    async def stop() -> None:
        stopped.append(1)

    monkeypatch.setattr(service, "_start", fails)
    monkeypatch.setattr(service, "_stop", stop)
    with pytest.raises(SystemError):
        async with service.running():
            await asyncio.sleep(0)
    assert stopped


@pytest.mark.usefixtures("service")
async def test_a_long_reply_goes_on_where_it_broke_off(
    bot_api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await agreed(bot_api)
    shown = len(person.chat.bot_messages)
    monkeypatch.setattr("bot.telegram.channel.split", lambda text: split(text, 60))
    for after in (1, 2):
        bot_api.faults.error(502, method="sendMessage", chat=person.id, after=after)
    person.says("/help")
    await person.will_see("注册地", 10, anew=True)
    texts = person.chat.texts[shown:]
    assert len(texts) > 3
    assert len(texts) == len(set(texts))


async def test_what_is_erased_leaves_the_log_though_nobody_hears_of_it(
    service: Service, published: Database, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await agreed(bot_api)
    person.says("/delete")
    await person.will_see("确认", anew=True)
    answers: Iterator[Exception | bool] = iter([OSError(), False])
    done: list[bool] = []
    scrub = published.scrub

    def stumbles() -> bool:
        answer = next(answers, None)
        if isinstance(answer, Exception):
            raise answer
        done.append(scrub() if answer is None else answer)
        return done[-1]

    monkeypatch.setattr("bot.scrubbing._FIRST_PAUSE", 0.01)
    monkeypatch.setattr(published, "scrub", stumbles)
    person.chat.refusal = "bot was blocked by the user"
    person.says("确认删除")
    await until_in_loop(lambda: done == [False, True])
    await until_in_loop(lambda: not service.sender.scrubbing.tasks)
    assert rows(published) == []


async def test_a_farewell_that_an_earlier_run_left_is_scrubbed_for(
    published: Database, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def scrub() -> bool:
        done.append(1)
        return True

    monkeypatch.setattr(published, "scrub", scrub)
    farewell = {"kind": "notice", "topic": "deleted", "choices": []}
    left = NewMessage("telegram", "5", "u1", "notice", farewell, forget=True)
    published.turn(lambda c: put(c, left, NOON))
    async with make(published, bot_api).running():
        await until_in_loop(lambda: done)


def test_trouble_with_the_polls_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    fares = Fares()
    with caplog.at_level(logging.WARNING):
        for error in (NetworkError("502"), NetworkError("502"), Conflict("two"), Conflict("two")):
            fares.badly(error)
        fares.well()
        fares.well()
    told = [record.getMessage() for record in caplog.records]
    assert [line.split("(")[0].split(";")[0] for line in told] == [
        "polling fails ",
        "ALARM: another process polls with this token",
        "polling works again",
    ]
    assert fares.ails() is None
    fares._last -= 301
    assert "301 s ago" in str(fares.ails())


async def test_polls_that_fail_are_told_in_the_log(
    service: Service, bot_api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    person = await agreed(bot_api)
    bot_api.faults.error(502, method="getUpdates", times=2)
    person.says("河南")
    await until_in_loop(lambda: "polling fails" in caplog.text)
    person.says("3亿")
    await until_in_loop(lambda: "polling works again" in caplog.text)
    assert caplog.text.count("polling fails (NetworkError") == 1
    assert service.ails() is None


@pytest.mark.usefixtures("service")
async def test_who_was_found_blocked_and_writes_again_is_active(bot_api: BotApi, published: Database) -> None:
    person = await agreed(bot_api)
    person.chat.refusal = "bot was blocked by the user"
    person.says("河南")
    await until_in_loop(lambda: account_state(published, str(person.id)) == "blocked")
    person.chat.refusal = None
    person.says("3亿")
    await person.will_see("研发机构")
    assert account_state(published, str(person.id)) == "active"


def test_a_block_that_is_told_again_buries_nothing_that_came_after_it(published: Database) -> None:
    def work(connection: Connection) -> None:
        account = add_person(connection, "telegram", "5", NOON)
        for key in ("u7", "e70", "u12"):
            put(connection, NewMessage("telegram", "5", key, "notice", {}, account.id), NOON)
        _moved(connection, Moved("5", gone=True), 10)

    published.turn(work)
    assert rows(published) == [("u7", "dead"), ("e70", "dead"), ("u12", "new")]
    assert account_state(published, "5") == "active"
    published.turn(lambda c: _moved(c, Moved("5", gone=True), 13))
    assert rows(published)[-1] == ("u12", "dead")
    assert account_state(published, "5") == "blocked"


async def test_nobody_types_at_who_moved_or_in_a_group(
    service: Service, bot_api: BotApi, published: Database
) -> None:
    person = await agreed(bot_api)
    group = person.in_group(-4711)
    slow = asyncio.ensure_future(published.turn_async(lambda _connection: time.sleep(1.0)))
    await asyncio.sleep(0.02)
    person.blocks()
    group.says("你好")
    await slow
    await until_in_loop(lambda: not bot_api.pending)
    assert bot_api.calls_of("sendChatAction") == []
    assert service.dispatcher._chains == {}


async def test_a_group_that_was_declined_costs_no_turn(
    bot_api: BotApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = bot_api.person().in_group(-4711)
    group.says("你好")
    await group.will_see("私聊")
    await until_in_loop(lambda: not bot_api.pending)
    monkeypatch.setattr(type(service.dispatcher), "_turn", lambda *_arguments: 1 / 0)
    for _ in range(3):
        group.says("你好")
    await until_in_loop(lambda: not bot_api.pending)
    assert len(group.chat.bot_messages) == 1


@pytest.mark.usefixtures("service")
async def test_a_group_in_which_we_may_not_write_is_no_alarm(
    bot_api: BotApi, published: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = bot_api.person().in_group(-4711)
    send = channel.send_piece  # type: ignore[attr-defined]  # the name by which the channel calls it

    async def muted(bot: QuietBot, chat: int, *rest: Any) -> str:
        if chat == group.chat.id:
            raise BadRequest("Not enough rights to send text messages to the chat")
        return str(await send(bot, chat, *rest))

    monkeypatch.setattr(channel, "send_piece", muted)
    group.says("你好")
    await until_in_loop(lambda: [each for _, each in rows(published)] == ["dead"])
    assert "ALARM" not in caplog.text


@pytest.mark.usefixtures("service")
async def test_a_result_comes_below_so_that_the_phone_rings(bot_api: BotApi) -> None:
    person = await agreed(bot_api)
    for words in ("河南", "3.2亿", "有", "没有"):
        person.says(words)
    asked = await person.will_see("国家级创新平台", anew=True)
    person.taps("没有", asked)
    shown = await person.will_see("自测结果", anew=True)
    assert shown.id > asked.id
    await until_in_loop(lambda: asked.buttons == [])
