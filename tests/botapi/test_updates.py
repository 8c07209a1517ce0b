"""getUpdates: at least once, confirmed by offset, a poll that really waits, and 409."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.botapi.api import BotApi
from tests.botapi.conftest import Caller, until
from tests.botapi.people import Person

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WHILE_WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@pytest.fixture
def anna(bot_api: BotApi) -> Person:
    return bot_api.person(5, "Anna")


def texts(answer: Any) -> list[str]:
    return [each["message"]["text"] for each in answer["result"]]


async def test_updates_come_again_until_a_higher_offset_confirms_them(
    bot_api: BotApi, anna: Person, call: Caller
) -> None:
    first, second = anna.says("1"), anna.says("2")
    assert second.id == first.id + 1
    assert texts(await call("getUpdates")) == ["1", "2"]
    assert texts(await call("getUpdates", offset=first.id)) == ["1", "2"]
    assert texts(await call("getUpdates", offset=second.id)) == ["2"]
    assert bot_api.pending == [second]
    assert texts(await call("getUpdates", offset=second.id + 1)) == []
    assert texts(await call("getUpdates")) == []


async def test_limit_and_negative_offset(anna: Person, call: Caller) -> None:
    for number in range(120):
        anna.says(str(number))
    assert len(texts(await call("getUpdates"))) == 100
    assert texts(await call("getUpdates", limit=2)) == ["0", "1"]
    assert texts(await call("getUpdates", offset=-2)) == ["118", "119"]
    assert texts(await call("getUpdates")) == ["118", "119"]


async def test_a_poll_waits_and_wakes(anna: Person, call: Caller) -> None:
    begins = time.monotonic()
    poll = asyncio.create_task(call("getUpdates", timeout=10))
    await asyncio.sleep(0.1)
    assert not poll.done()
    anna.says("1")
    assert texts(await poll) == ["1"]
    assert 0.1 <= time.monotonic() - begins < 1


async def test_a_poll_ends_empty(call: Caller) -> None:
    begins = time.monotonic()
    assert texts(await call("getUpdates", timeout=1)) == []
    assert 0.9 <= time.monotonic() - begins < 2


async def test_allowed_updates_stay_and_do_not_touch_older_updates(anna: Person, call: Caller) -> None:
    said = anna.says("1")
    assert texts(await call("getUpdates", allowed_updates=["edited_message"])) == ["1"]
    anna.says("2")
    anna.edits(said, "3")
    for _ in range(2):
        answer = await call("getUpdates", offset=said.id + 1)
        assert [[*each][1] for each in answer["result"]] == ["edited_message"]
    await call("getUpdates", offset=-1, allowed_updates=[])
    anna.says("4")
    assert "message" in (await call("getUpdates"))["result"][-1]


async def test_a_second_poller_ends_the_first(bot_api: BotApi, anna: Person, call: Caller) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=10))
    await until(lambda: bot_api.calls)
    second = asyncio.create_task(call("getUpdates", timeout=10))
    assert await first == {"ok": False, "error_code": 409, "description": OTHER}
    anna.says("1")
    assert texts(await second) == ["1"]


async def test_no_polling_while_a_webhook_is_set(call: Caller) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    await call("setWebhook", url="http://127.0.0.1:9/")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert (await call("getUpdates"))["description"] == WHILE_WEBHOOK
    await call("deleteWebhook")
    assert (await call("getUpdates"))["ok"]


async def test_a_redelivered_update_comes_once_more(bot_api: BotApi, anna: Person, call: Caller) -> None:
    first, second = anna.says("1"), anna.says("2")
    assert texts(await call("getUpdates", offset=second.id + 1)) == []
    bot_api.redeliver(first)
    third = anna.says("3")
    assert texts(await call("getUpdates", offset=second.id + 1)) == ["1", "3"]
    assert texts(await call("getUpdates", offset=third.id + 1)) == []


async def test_redelivery_wakes_a_poll(bot_api: BotApi, anna: Person, call: Caller) -> None:
    first = anna.says("1")
    poll = asyncio.create_task(call("getUpdates", offset=first.id + 1, timeout=10))
    await asyncio.sleep(0.05)
    bot_api.redeliver(first)
    assert texts(await poll) == ["1"]


async def test_drop_pending_updates(anna: Person, call: Caller) -> None:
    anna.says("1")
    await call("deleteWebhook", drop_pending_updates=True)
    assert texts(await call("getUpdates")) == []


async def test_after_a_quiet_week_an_old_offset_loses_nothing(
    bot_api: BotApi, anna: Person, call: Caller
) -> None:
    old = anna.says("1")
    await call("getUpdates", offset=old.id + 1)
    bot_api.quiet_week(77)
    assert anna.says("2").id == 77
    assert texts(await call("getUpdates", offset=old.id + 1)) == ["2"]
    assert texts(await call("getUpdates", offset=78)) == []


async def test_what_is_said_while_the_server_is_down_waits(anna: Person) -> None:
    api = BotApi()
    boris = api.person()
    boris.says("1")
    urls = set()
    for expected in (1, 2):
        with api.running():
            urls.add(api.url)
            assert len(api.pending) == expected
        boris.says("2")
    assert len(urls) == 1


async def test_a_poller_that_died_takes_nothing_along(bot_api: BotApi, anna: Person, call: Caller) -> None:
    dying = asyncio.create_task(call("getUpdates", timeout=10))
    await until(lambda: bot_api.calls)
    dying.cancel()
    await asyncio.wait([dying])
    anna.says("1")
    assert texts(await call("getUpdates", timeout=10)) == ["1"]


async def test_an_outage(bot_api: BotApi, anna: Person, call: Caller) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=10))
    await until(lambda: bot_api.calls)
    bot_api.stop()
    await asyncio.wait([poll])
    with pytest.raises(aiohttp.ClientConnectorError):
        await call("getMe")
    anna.says("1")
    bot_api.start()
    assert texts(await call("getUpdates")) == ["1"]


def test_starts_and_stops_at_once() -> None:
    times = []
    for _ in range(3):
        begins = time.monotonic()
        with BotApi().running():
            times.append(time.monotonic() - begins)
    assert min(times) < 0.2
