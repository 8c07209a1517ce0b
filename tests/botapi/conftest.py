"""Clients for the tests of the server itself: bare HTTP, and the Bot class of python-telegram-bot."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.botapi.api import BotApi


class Caller(Protocol):
    async def __call__(self, method: str, **parameters: Any) -> Any: ...


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - the server lives in another thread
            await asyncio.sleep(0.005)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
async def call(bot_api: BotApi, session: aiohttp.ClientSession) -> Caller:
    """Call a method with JSON and return the body of its answer."""

    async def call(method: str, **parameters: Any) -> Any:
        async with session.post(f"{bot_api.url}/bot{bot_api.token}/{method}", json=parameters) as answer:
            body = await answer.json()
            assert body["ok"] == (answer.status == 200)
            assert body["ok"] or body["error_code"] == answer.status
            return body

    return call


@pytest.fixture
async def bot(bot_api: BotApi) -> AsyncIterator[Bot]:
    def request() -> HTTPXRequest:
        # Reading all certificates takes longer than a test.
        return HTTPXRequest(httpx_kwargs={"verify": False})

    base, files = f"{bot_api.url}/bot", f"{bot_api.url}/file/bot"
    bot = Bot(
        bot_api.token,
        base_url=base,
        base_file_url=files,
        request=request(),
        get_updates_request=request(),
    )
    async with bot:
        yield bot
