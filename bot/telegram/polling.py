"""Receiving by polling: Telegram is told that it may forget updates only once their turns are committed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession
from telegram import Update
from telegram.error import NetworkError

from bot.telegram.payloads import read_updates
from bot.telegram.request import AiohttpRequest

_REFUSED = {401, 404}


class PollingRequest(AiohttpRequest):
    """Polls only when all that was received before is settled: the offset of a poll is the acknowledgement."""

    def __init__(self, settled: Callable[[], Awaitable[None]], proxy: str | None = None) -> None:
        super().__init__(proxy)
        self._settled = settled

    async def _ask(
        self, session: ClientSession, method: str, url: str, how: dict[str, Any], within: float | None
    ) -> tuple[int, bytes]:
        await self._settled()
        code, body = await super()._ask(session, method, url, how, within)
        if code in _REFUSED:  # the library would stop polling for good; the token was right at the start
            raise NetworkError(f"the poll was refused ({code})")
        return code, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:  # noqa: ANN401  JSON
        return read_updates(payload)


class Intake(asyncio.Queue[object]):
    """What the library takes for its queue: an update is handed on at once. An error here would end its polling."""

    def __init__(self, take: Callable[[Update], None]) -> None:
        super().__init__()
        self._take = take

    async def put(self, item: object) -> None:
        if isinstance(item, Update):
            self._take(item)


def quiet(_error: Any) -> None:  # noqa: ANN401  the library's own errors
    """The loop that polls waits longer each time; what there is to tell is told by then (fares.py)."""
