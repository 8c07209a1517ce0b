"""The client's errors and its bodies: what is wrong becomes one of the library's errors, without the address."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import aiohttp
import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.telegram.account import Account
from bot.telegram.payloads import read_answer, read_updates
from bot.telegram.refusals import undeliverable
from bot.telegram.request import UnsureTimedOutError
from tests.botapi.api import BotApi

TOKEN = f"1:{'a' * 35}"


async def test_errors_are_the_librarys_and_hold_no_token(bot_api: BotApi) -> None:
    bot_api.person(5, met=True)
    async with Account(bot_api.token, bot_api.url).bot() as bot:
        bot_api.faults.cut(took_effect=False)
        with pytest.raises(NetworkError) as cut:
            await bot.send_message(5, "a")
        assert undeliverable(cut.value).unsure  # it may have arrived: nobody can say
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
        with pytest.raises(NetworkError) as refused:
            await bot.send_message(5, "a")
        assert not undeliverable(refused.value).unsure
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
    assert not read_answer(b'{"ok":false,"error_code":400,"description":"x"}')["ok"]


@pytest.mark.parametrize(
    "page",
    [b"<html>", b"[]", b"{}", b"null", b"3", b'{"ok":true}', b'{"ok":true,"result":null}', b"[" * 100_000],
)
def test_what_is_none_of_telegrams_is_worth_another_try(page: bytes) -> None:
    for read in (read_answer, read_updates):
        with pytest.raises(TelegramError) as told:
            read(page)
        assert not undeliverable(told.value).permanent


@pytest.mark.parametrize("found", ["{}", "true", "[3]", "[{}]", '[{"update_id":"1"}]', "[null]"])
def test_updates_without_numbers_are_an_error_of_the_poll(found: str) -> None:
    with pytest.raises(TelegramError, match="no updates"):
        read_updates(f'{{"ok":true,"result":{found}}}'.encode())


@pytest.mark.parametrize("query", ["null", "3", "{}", '{"message":3}', '{"message":{}}'])
def test_an_update_of_a_strange_shape_is_left_to_be_parsed(query: str) -> None:
    found = read_updates(f'{{"ok":true,"result":[{{"update_id":1,"callback_query":{query}}}]}}'.encode())
    assert found["result"][0]["update_id"] == 1


Serving = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serving) -> AsyncIterator[str]:
    """A server that does with each connection what it is told; its address."""
    writers: list[asyncio.StreamWriter] = []

    async def serves(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError):
            await serve(reader, writer)

    async with await asyncio.start_server(serves, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for writer in writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def asked(url: str, proxy: str | None = None) -> type[Exception]:
    """How a message sent to this server ends, with little patience."""
    async with AsyncExitStack() as stack:
        bot = Account(TOKEN, url, proxy).bot()
        await bot.request.initialize()
        stack.push_async_callback(bot.request.shutdown)
        try:
            async with asyncio.timeout(3):
                await bot.send_message(
                    5, "营收3.2亿", connect_timeout=0.05, read_timeout=0.15, write_timeout=0.05
                )
        except TelegramError as error:
            return type(error)
    raise AssertionError("it was sent")


async def test_a_proxy_that_accepts_and_stays_silent_is_given_up() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(silent) as proxy:
        assert await asked("https://127.0.0.1:9", proxy) is UnsureTimedOutError


async def test_an_answer_in_drips_is_given_up() -> None:
    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with listening(drips) as url:
        assert await asked(url) is UnsureTimedOutError


async def test_a_redirection_carries_nothing_elsewhere() -> None:
    came: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(1000))

    async with listening(elsewhere) as other:

        async def redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1000)
            writer.write(f"HTTP/1.1 307 X\r\nLocation: {other}\r\nContent-Length: 0\r\n\r\n".encode())

        async with listening(redirects) as url:
            assert await asked(url) is NetworkError
    assert came == []


def test_a_page_of_a_proxy_is_no_refusal_of_telegrams_and_is_kept_nowhere() -> None:
    page = "Forbidden (403). Parsing the server response b'<html>' failed"
    told = undeliverable(Forbidden(page))
    assert (told.permanent, told.gone, str(told)) == (False, False, "Forbidden: Forbidden (403)")
    assert not undeliverable(BadRequest(page)).permanent
    assert len(str(undeliverable(NetworkError("x" * 5000)))) < 250


def test_a_group_that_lets_nobody_write_is_given_up_without_an_alarm() -> None:
    told = undeliverable(BadRequest("Not enough rights to send text messages to the chat"))
    assert (told.permanent, told.gone) == (True, True)
