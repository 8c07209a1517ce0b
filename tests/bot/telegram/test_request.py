"""The client's errors and its bodies: what is wrong becomes one of the library's errors, without the address."""

import json

import aiohttp
import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.telegram.account import Account
from bot.telegram.payloads import read_answer, read_updates
from bot.telegram.refusals import undeliverable
from tests.botapi.api import BotApi


async def test_errors_are_the_librarys_and_hold_no_token(bot_api: BotApi) -> None:
    bot_api.person(5, met=True)
    async with Account(bot_api.token, bot_api.url).bot() as bot:
        bot_api.faults.cut(took_effect=False)
        with pytest.raises(NetworkError) as cut:
            await bot.send_message(5, "a")
        bot_api.faults.hang()
        with pytest.raises(TimedOut):
            await bot.send_message(5, "a", read_timeout=0.05)
        bot_api.faults.half()
        with pytest.raises(NetworkError):
            await bot.send_message(5, "a")
        bot_api.faults.flood(7)
        with pytest.raises(RetryAfter) as flood:
            await bot.send_message(5, "a")
        bot_api.faults.error(502)
        with pytest.raises(NetworkError):
            await bot.send_message(5, "a")
    assert bot_api.token not in repr(cut.value)
    assert undeliverable(flood.value).wait == 7


async def test_a_file_goes_as_a_form(bot_api: BotApi) -> None:
    person = bot_api.person(5, met=True)
    async with Account(bot_api.token, bot_api.url).bot() as bot:
        await bot.send_document(5, b"%PDF", filename="结果.pdf", caption="结果")
    assert person.chat.newest.upload
    assert person.chat.newest.upload.content == b"%PDF"


async def test_a_closed_client_says_so() -> None:
    bot = Account("1:" + "a" * 35, "http://127.0.0.1:1").bot()
    with pytest.raises(NetworkError, match="closed"):
        await bot.get_me()


async def test_a_proxy_is_used(bot_api: BotApi, unused_tcp_port: int) -> None:
    bot = Account(bot_api.token, bot_api.url, f"http://127.0.0.1:{unused_tcp_port}").bot()
    with pytest.raises(NetworkError, match=aiohttp.ClientProxyConnectionError.__name__):
        await bot.initialize()
    await bot.shutdown()
    assert bot_api.calls == []


def test_what_an_error_means_for_the_outbox() -> None:
    assert undeliverable(BadRequest("chat not found")).permanent
    assert not undeliverable(NetworkError("502")).permanent
    assert not undeliverable(TimedOut()).permanent


def test_answers_are_cut_down_to_what_is_news() -> None:
    message = {"message_id": 3, "date": 1, "chat": {"id": 5}, "text": "long"}
    sent = read_answer(json.dumps({"ok": True, "result": message}).encode())
    assert sent["result"] == {"message_id": 3, "date": 1, "chat": {"id": 5}}
    edited = read_answer(json.dumps({"ok": True, "result": {**message, "edit_date": 2}}).encode())
    assert edited["result"] is True
    update = {"update_id": 1, "callback_query": {"message": message, "data": "x"}}
    received = read_updates(json.dumps({"ok": True, "result": [update, {"update_id": 2}]}).encode())
    assert "text" not in received["result"][0]["callback_query"]["message"]
    assert read_updates(b"[]") == []
    with pytest.raises(TelegramError, match="JSON"):
        read_answer(b"<html>")
