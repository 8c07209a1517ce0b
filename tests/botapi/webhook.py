"""Webhook delivery: the secret, one chat in sequence and chats at once, repeats after anything but 2xx."""

import asyncio
import ipaddress
import re
import time
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from tests.botapi.methods import Json, Parameters
from tests.botapi.refusals import WEBHOOK_WAS_SET, bad_request, conflict
from tests.botapi.updates import Update, Updates

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
DEFAULT_CONNECTIONS, MOST_CONNECTIONS = 40, 100


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt. `at` is time.monotonic(); `error` is what getWebhookInfo would tell, None for a 2xx."""

    at: float
    update: Update
    error: str | None


@dataclass(slots=True)
class Patience:
    """How the server repeats, in seconds; scaled down from Telegram's for tests."""

    first: float = 0.05
    longest: float = 1.0
    attempts: int = 50
    timeout: float = 10.0


@dataclass(slots=True)
class _Setting:
    url: str
    secret: str | None
    connections: int
    address: str | None
    slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.slots = asyncio.Semaphore(self.connections)


class Webhook:
    """The webhook, if one is set. All but `deliveries` and `given_up` belongs to the server's loop."""

    def __init__(self, updates: Updates) -> None:
        self.patience = Patience()
        self.deliveries: list[Delivery] = []
        self.given_up: list[Update] = []
        self.replies: list[
            str
        ] = []  # bodies that would call a method in the answer, which this server does not do
        self._updates = updates
        self._setting: _Setting | None = None
        self._queues: dict[int, deque[Update]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[int, str] | None = None

    def set(self, given: Parameters) -> bool:
        if given.get("drop_pending_updates"):
            self._updates.drop_all()
        if not given["url"]:
            return self.delete({})
        setting = _setting_of(given)
        self._updates.choose(given.get("allowed_updates"))
        self._updates.end_poll(conflict(WEBHOOK_WAS_SET))
        self._stop()
        self._setting, self._last_error = setting, None
        self._updates.listener = self._announce
        for update in self._updates.pending:
            self._enqueue(update)
        return True

    def delete(self, given: Parameters) -> bool:
        if given.get("drop_pending_updates"):
            self._updates.drop_all()
        self._stop()
        self._setting = self._updates.listener = None
        return True

    def info(self, _given: Parameters) -> Json:
        setting = self._setting
        body = {
            "url": setting.url if setting else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
            "allowed_updates": sorted(self._updates.allowed),
        }
        if setting:
            body |= {"max_connections": setting.connections, "ip_address": setting.address or "127.0.0.1"}
        if self._last_error:
            body |= {"last_error_date": self._last_error[0], "last_error_message": self._last_error[1]}
        return body

    def open(self) -> None:
        """Go on with what is not delivered yet."""
        if self._setting is not None:
            self._setting.slots = asyncio.Semaphore(self._setting.connections)
            for update in self._updates.pending:
                self._enqueue(update)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        self._stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._queues.clear()

    def _announce(self, update: Update) -> None:
        loop = self._updates.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._enqueue, update)

    def _enqueue(self, update: Update) -> None:
        setting = self._setting
        if setting is None:
            return
        self._queues.setdefault(update.chat, deque()).append(update)
        if update.chat not in self._tasks:
            self._tasks[update.chat] = asyncio.create_task(self._serve(update.chat, setting))

    async def _serve(self, chat: int, setting: _Setting) -> None:
        """Bring one chat's updates, one after another."""
        queue = self._queues[chat]
        while queue:
            await self._deliver(queue[0], setting)
            queue.popleft()
        del self._queues[chat], self._tasks[chat]

    async def _deliver(self, update: Update, setting: _Setting) -> None:
        wait = self.patience.first
        for _ in range(self.patience.attempts):
            async with setting.slots:
                error = await self._post(update, setting)
            self.deliveries.append(Delivery(time.monotonic(), update, error))
            if error is None:
                return self._updates.done(update)
            self._last_error = (int(time.time()), error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, self.patience.longest)
        self.given_up.append(update)
        return self._updates.done(update)

    async def _post(self, update: Update, setting: _Setting) -> str | None:
        """Return what went wrong."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        headers = {SECRET_HEADER: setting.secret} if setting.secret else {}
        limit = aiohttp.ClientTimeout(total=self.patience.timeout)
        try:
            async with self._session.post(
                setting.url, json=update.body, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                body = await answer.text()
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except aiohttp.ClientError as error:
            return f"Connection broken: {error}"
        if '"method"' in body:
            self.replies.append(body)
        if 200 <= answer.status < 300:
            return None
        return f"Wrong response from the webhook: {answer.status} {answer.reason}"


def _setting_of(given: Parameters) -> _Setting:
    secret = given.get("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    url = urlsplit(given["url"])
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.hostname)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    connections = min(max(given.get("max_connections", DEFAULT_CONNECTIONS), 1), MOST_CONNECTIONS)
    return _Setting(given["url"], secret, connections, given.get("ip_address"))


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
