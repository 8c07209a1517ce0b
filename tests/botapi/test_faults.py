"""Each fault, seen by a bare client and by the real Bot class: what the bot sees, and what the person sees."""

import asyncio
import errno
import time
from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from tests.botapi.api import BotApi
from tests.botapi.conftest import Caller
from tests.botapi.people import Person


@pytest.fixture
def anna(bot_api: BotApi) -> Person:
    return bot_api.person(5, "Anna", met=True)


async def test_flood(bot_api: BotApi, anna: Person, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "PTB_TIMEDELTA", "true"
    )  # without it each RetryAfter warns that this will be the default
    fault = bot_api.faults.flood(3, method="sendMessage")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(5, "a")
    assert caught.value.retry_after == timedelta(seconds=3)
    assert anna.chat.texts == []
    await bot.send_message(5, "b")
    assert (anna.chat.texts, fault.hits) == (["b"], 1)
    assert [(each.outcome, each.code) for each in bot_api.calls_of("sendMessage")] == [
        ("flood", 429),
        ("ok", 200),
    ]


@pytest.mark.parametrize("status", [500, 502])
async def test_a_proxy_s_error_page(bot_api: BotApi, anna: Person, bot: Bot, status: int) -> None:
    bot_api.faults.error(status)
    bot_api.faults.error(status, took_effect=True)
    for expected in ([], ["a"]):
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(5, "a")
        assert type(caught.value) is NetworkError
        assert anna.chat.texts == expected


@pytest.mark.parametrize(("took_effect", "seen"), [(False, []), (True, ["a"])])
async def test_a_cut_connection(
    bot_api: BotApi, anna: Person, bot: Bot, took_effect: bool, seen: list[str]
) -> None:
    bot_api.faults.cut(took_effect=took_effect)
    with pytest.raises(NetworkError):
        await bot.send_message(5, "a")
    assert anna.chat.texts == seen
    (call,) = bot_api.calls_of("sendMessage")
    assert (call.outcome, call.took_effect) == ("cut", took_effect)


@pytest.mark.parametrize("took_effect", [True, False])
async def test_a_bare_client_sees_a_reset(bot_api: BotApi, call: Caller, took_effect: bool) -> None:
    bot_api.faults.cut(took_effect=took_effect)
    with pytest.raises(aiohttp.ClientOSError) as caught:
        await call("getMe")
    assert caught.value.errno == errno.ECONNRESET
    assert (await call("getMe"))["ok"]


async def test_half_an_answer(bot_api: BotApi, anna: Person, call: Caller, bot: Bot) -> None:
    bot_api.faults.half(times=2)
    with pytest.raises(aiohttp.ClientPayloadError):
        await call("sendMessage", chat_id=5, text="a")
    with pytest.raises(NetworkError):
        await bot.send_message(5, "b")
    assert anna.chat.texts == ["a", "b"]


@pytest.mark.parametrize(("took_effect", "seen"), [(False, []), (True, ["a"])])
async def test_hanging(bot_api: BotApi, anna: Person, bot: Bot, took_effect: bool, seen: list[str]) -> None:
    bot_api.faults.hang(took_effect=took_effect)
    with pytest.raises(TimedOut):
        await bot.send_message(5, "a", read_timeout=0.3)
    assert anna.chat.texts == seen


async def test_a_hanging_call_does_not_hold_up_the_end(bot_api: BotApi, call: Caller) -> None:
    bot_api.faults.hang()
    hanging = asyncio.create_task(call("getMe"))
    await asyncio.sleep(0.05)
    assert not hanging.done()
    hanging.cancel()


async def test_latency_and_delay(bot_api: BotApi, anna: Person, call: Caller) -> None:
    async def duration(text: str) -> float:
        begins = time.monotonic()
        await call("sendMessage", chat_id=5, text=text)
        return time.monotonic() - begins

    bot_api.latency = 0.1
    assert await duration("a") >= 0.1
    bot_api.latency = 0
    bot_api.faults.delay(0.2)
    slow, quick = await asyncio.gather(duration("b"), duration("c"))
    assert quick < slow >= 0.2
    assert anna.chat.texts == ["a", "c", "b"]


async def test_a_lost_answer_of_getupdates(bot_api: BotApi, anna: Person, call: Caller) -> None:
    fault = bot_api.faults.lose_updates()
    assert (await call("getUpdates"))["result"] == []
    assert fault.hits == 0
    poll = asyncio.create_task(call("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    update = anna.says("1")
    with pytest.raises(aiohttp.ClientOSError):
        await poll
    assert bot_api.pending == [update]
    assert len((await call("getUpdates"))["result"]) == 1
    assert fault.hits == 1


async def test_scope_by_method_chat_and_count(bot_api: BotApi, anna: Person, call: Caller) -> None:
    boris = bot_api.person(6, met=True)
    fault = bot_api.faults.flood(1, method="sendMessage", chat=6, times=2, after=1)

    async def codes(chat: int, times: int) -> list[int]:
        answers = [await call("sendMessage", chat_id=chat, text="a") for _ in range(times)]
        return [answer.get("error_code", 200) for answer in answers]

    assert await codes(anna.id, 3) == [200, 200, 200]
    assert (await call("sendChatAction", chat_id=6, action="typing"))["ok"]
    assert await codes(boris.id, 4) == [200, 429, 429, 200]
    forever = bot_api.faults.flood(1, chat=6, times=None)
    assert await codes(boris.id, 3) == [429] * 3
    forever.stop()
    assert await codes(boris.id, 1) == [200]
    assert (fault.hits, forever.hits) == (2, 3)


async def test_faults_strike_in_the_order_they_were_made(bot_api: BotApi, call: Caller) -> None:
    bot_api.faults.flood(1)
    bot_api.faults.flood(2)
    found = [(await call("getMe")).get("parameters") for _ in range(3)]
    assert found == [{"retry_after": 1}, {"retry_after": 2}, None]
    bot_api.faults.flood(1)
    bot_api.faults.stop()
    assert (await call("getMe"))["ok"]


async def test_a_fault_on_a_toast_is_of_its_chat(bot_api: BotApi, anna: Person, call: Caller) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "d"}]]}
    await call("sendMessage", chat_id=5, text="a", reply_markup=markup)
    bot_api.faults.flood(1, chat=5)
    answer = await call("answerCallbackQuery", callback_query_id=anna.taps("x").content["id"])
    assert answer["error_code"] == 429


async def test_polls_are_struck_only_when_named(bot_api: BotApi, call: Caller) -> None:
    makers: list[Callable[[], object]] = [
        lambda: bot_api.faults.flood(1),
        lambda: bot_api.faults.flood(1, method="getUpdates"),
    ]
    found = []
    for make in makers:
        make()
        found.append((await call("getUpdates"))["ok"])
    assert found == [True, False]


async def test_a_refused_call_under_a_late_fault_takes_no_effect(
    bot_api: BotApi, anna: Person, bot: Bot
) -> None:
    bot_api.faults.cut(took_effect=True)
    with pytest.raises(NetworkError):
        await bot.send_message(5, "")
    assert bot_api.calls_of("sendMessage")[0].took_effect is False
    with pytest.raises(BadRequest):
        await bot.send_message(5, "")
