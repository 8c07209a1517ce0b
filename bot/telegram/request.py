"""The Bot API over aiohttp: httpx, which comes with the library, costs several times as much a call."""

import asyncio
from typing import Any, TypeAlias

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.payloads import body_of, read_answer

Timeout: TypeAlias = DefaultValue[None] | DefaultValue[float] | float | None

CONNECT_SECONDS, READ_SECONDS, WRITE_SECONDS, UPLOAD_SECONDS = 5.0, 10.0, 5.0, 20.0
_REDIRECTS = range(300, 400)
_GATEWAY_TIMEOUT = 504  # what a proxy says whose call may well have got through


class Unsure:
    """Marks an error after which nobody can say whether the call took effect."""


class UnsureTimedOutError(Unsure, TimedOut):
    """No answer in time, after the connection was there."""


class UnsureNetworkError(Unsure, NetworkError):
    """The connection broke while it was in use."""


_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientProxyConnectionError,
)


class AiohttpRequest(BaseRequest):
    """One session. Errors name what happened, never the address, because the token is part of it."""

    def __init__(self, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": self.USER_AGENT},
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917  the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        write_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        connect_timeout: Timeout = BaseRequest.DEFAULT_NONE,
        pool_timeout: Timeout = BaseRequest.DEFAULT_NONE,  # noqa: ARG002  no bound is set on waiting for a connection
    ) -> tuple[int, bytes]:
        """Return the status and the body. Raises TimedOut or NetworkError."""
        if self._session is None:
            raise NetworkError("the session is closed")
        uploads = request_data is not None and request_data.contains_files
        connect, read = _seconds(connect_timeout, CONNECT_SECONDS), _seconds(read_timeout, READ_SECONDS)
        write = _seconds(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)
        content = {} if request_data is None else body_of(request_data)
        return await self._ask(
            self._session, method, url, {"timeout": timeout, **content}, _sum(connect, read, write)
        )

    async def _ask(
        self, session: aiohttp.ClientSession, method: str, url: str, how: dict[str, Any], within: float | None
    ) -> tuple[int, bytes]:
        """Ask within so many seconds in all: the bounds of single steps cover neither a proxy that accepts and stays
        silent, nor an answer that comes in drips. What redirects is no Bot API and must not carry words elsewhere."""
        try:
            async with (
                asyncio.timeout(within),
                session.request(method, url, proxy=self._proxy, allow_redirects=False, **how) as response,
            ):
                code, body = response.status, await response.read()
        except _NEVER_LEFT as error:
            raise NetworkError(type(error).__name__) from None
        except TimeoutError as error:
            raise UnsureTimedOutError(type(error).__name__) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise UnsureNetworkError(type(error).__name__) from None
        if code == _GATEWAY_TIMEOUT:
            raise UnsureNetworkError("504")
        if code in _REDIRECTS:
            raise NetworkError(f"redirected ({code})")
        return code, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:  # noqa: ANN401  JSON
        return read_answer(payload)


def _seconds(given: Timeout, usual: float) -> float | None:
    return usual if isinstance(given, DefaultValue) else given


def _sum(*seconds: float | None) -> float | None:
    """None, which is no bound, where one of them is."""
    told = [each for each in seconds if each is not None]
    return sum(told) if len(told) == len(seconds) else None
