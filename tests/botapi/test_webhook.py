"""Webhook delivery to a small web server: the secret, repeats, order in a chat, chats at once, getWebhookInfo."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from aiohttp import web

from tests.botapi.api import BotApi
from tests.botapi.conftest import Caller, until
from tests.botapi.people import Person

SECRET = "s3cret"


class Hook:
    """Receives updates: answers with the statuses given, then 200; `pause` seconds each."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.pause = 0.0
        self.body = ""
        self.received: list[str] = []
        self.accepted: list[str] = []
        self.secrets: set[str | None] = set()
        self.at_once = self.most_at_once = 0

    async def receive(self, request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        self.received.append(text)
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.pause)
        self.at_once -= 1
        if status == 200:
            self.accepted.append(text)
        return web.Response(status=status, text=self.body)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    hook.url = f"http://127.0.0.1:{site.port}/hook"
    yield hook
    await runner.cleanup()


@pytest.fixture
def anna(bot_api: BotApi) -> Person:
    return bot_api.person(5, "Anna")


async def settled(bot_api: BotApi) -> None:
    await until(lambda: not bot_api.pending)


async def test_delivery_with_the_secret(bot_api: BotApi, anna: Person, call: Caller, hook: Hook) -> None:
    anna.says("before")
    await call("setWebhook", url=hook.url, secret_token=SECRET, allowed_updates=["message"])
    anna.says("after")
    anna.blocks()
    await settled(bot_api)
    assert hook.accepted == ["before", "after"]
    assert hook.secrets == {SECRET}
    assert (await call("getWebhookInfo"))["result"] == {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
        "ip_address": "127.0.0.1",
        "allowed_updates": ["message"],
    }


async def test_repeats_with_growing_pauses_and_in_order(
    bot_api: BotApi, anna: Person, call: Caller, hook: Hook
) -> None:
    hook.statuses = [503, 500, 302]
    await call("setWebhook", url=hook.url)
    anna.says("1")
    anna.says("2")
    await settled(bot_api)
    assert hook.received == ["1", "1", "1", "1", "2"]
    at = [each.at for each in bot_api.webhook.deliveries]
    pauses = [later - earlier for earlier, later in pairwise(at)]
    assert all(pause >= least for pause, least in zip(pauses, (0.05, 0.1, 0.2), strict=False))
    assert hook.secrets == {None}
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_one_chat_in_sequence_many_at_once(bot_api: BotApi, call: Caller, hook: Hook) -> None:
    hook.pause = 0.1
    people = [bot_api.person() for _ in range(6)]
    await call("setWebhook", url=hook.url, max_connections=4)
    for number in range(2):
        for person in people:
            person.says(f"{person.id} {number}")
    await settled(bot_api)
    assert hook.most_at_once == 4
    for person in people:
        own = [text for text in hook.accepted if text.startswith(str(person.id))]
        assert own == [f"{person.id} 0", f"{person.id} 1"]


async def test_a_chat_that_fails_holds_up_no_other(
    bot_api: BotApi, anna: Person, call: Caller, hook: Hook
) -> None:
    hook.statuses = [500] * 3
    await call("setWebhook", url=hook.url, max_connections=1)
    anna.says("1")
    await until(lambda: len(hook.received) == 3)
    bot_api.person(6).says("2")
    await settled(bot_api)
    assert hook.accepted == ["2", "1"]


async def test_what_cannot_be_delivered_is_given_up(
    bot_api: BotApi, anna: Person, call: Caller, hook: Hook
) -> None:
    bot_api.webhook.patience.attempts = 2
    hook.statuses = [500] * 2
    await call("setWebhook", url=hook.url)
    update = anna.says("1")
    await settled(bot_api)
    assert bot_api.webhook.given_up == [update]
    assert hook.received == ["1", "1"]


async def test_refused_and_slow_hooks_are_told_apart(
    bot_api: BotApi, anna: Person, call: Caller, hook: Hook, unused_tcp_port: int
) -> None:
    bot_api.webhook.patience.timeout = 0.05
    await call("setWebhook", url=f"http://127.0.0.1:{unused_tcp_port}/")
    anna.says("1")
    await until(lambda: bot_api.webhook.deliveries)
    info = (await call("getWebhookInfo"))["result"]
    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
    hook.pause = 0.2
    tried = len(bot_api.webhook.deliveries)
    await call("setWebhook", url=hook.url)
    await until(lambda: len(bot_api.webhook.deliveries) > tried)
    assert bot_api.webhook.deliveries[-1].error == "Read timeout expired"
    hook.pause = 0
    bot_api.webhook.patience.timeout = 5
    await settled(bot_api)


async def test_redelivery(bot_api: BotApi, anna: Person, call: Caller, hook: Hook) -> None:
    await call("setWebhook", url=hook.url)
    update = anna.says("1")
    await settled(bot_api)
    bot_api.redeliver(update)
    await settled(bot_api)
    assert hook.accepted == ["1", "1"]


async def test_after_deletion_updates_wait_for_getupdates(
    bot_api: BotApi, anna: Person, call: Caller, hook: Hook
) -> None:
    hook.statuses = [500] * 100
    await call("setWebhook", url=hook.url)
    anna.says("1")
    await until(lambda: hook.received)
    await call("setWebhook", url="")
    assert (await call("getWebhookInfo"))["result"]["url"] == ""
    assert len((await call("getUpdates"))["result"]) == 1


async def test_a_method_in_the_hook_s_answer_is_a_violation(
    bot_api: BotApi, anna: Person, call: Caller, hook: Hook
) -> None:
    hook.body = '{"method": "sendMessage"}'
    await call("setWebhook", url=hook.url)
    anna.says("1")
    await settled(bot_api)
    assert bot_api.forgive() == ['a method in the answer to a webhook: {"method": "sendMessage"}']
