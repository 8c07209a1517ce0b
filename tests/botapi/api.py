"""BotApi, what a test holds: the server in a thread of its own, the people, the faults, the ledger."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import count
from typing import TypeAlias

from aiohttp import web

from tests.botapi.cloud import Cloud, Profile
from tests.botapi.faults import Faults
from tests.botapi.ledger import Call
from tests.botapi.people import Person
from tests.botapi.server import Door
from tests.botapi.updates import Update
from tests.botapi.webhook import Webhook

START_WITHIN = 10.0
STOP_AT_ONCE = 0.01
_Stop: TypeAlias = Callable[[], object]


class BotApi:
    """A Bot API server on loopback for one bot. People may act before it runs, and while it does not."""

    def __init__(self, username: str = "ladder_bot") -> None:
        self.cloud = Cloud(username)
        self.door = Door(self.cloud)
        self.url = ""  # what the bot takes for https://api.telegram.org
        self._ids = count(10_001)
        self._port = 0
        self._thread: threading.Thread | None = None
        self._stop: _Stop = object

    @property
    def token(self) -> str:
        return self.door.token

    @property
    def faults(self) -> Faults:
        return self.door.faults

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in the order of arrival."""
        return self.door.ledger.calls

    def calls_of(self, method: str | None = None, chat: int | None = None) -> list[Call]:
        return self.door.ledger.of(method, chat)

    @property
    def violations(self) -> list[str]:
        """What no bot should ever do; the fixture asserts that it is empty."""
        replies = [f"a method in the answer to a webhook: {body}" for body in self.webhook.replies]
        return self.door.ledger.violations + replies

    def forgive(self) -> list[str]:
        """Return the violations and forget them; for tests that commit some on purpose."""
        found = self.violations
        self.door.ledger.violations.clear()
        self.webhook.replies.clear()
        return found

    @property
    def latency(self) -> float:
        """Seconds that each call takes, half of them before it takes effect."""
        return self.door.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.door.latency = seconds

    @property
    def webhook(self) -> Webhook:
        """Deliveries so far, what was given up, and the patience."""
        return self.cloud.webhook

    @property
    def profile(self) -> Profile:
        return self.cloud.profile

    @property
    def pending(self) -> list[Update]:
        """The updates that the bot has not confirmed."""
        return self.cloud.updates.pending

    def person(
        self,
        person_id: int | None = None,
        name: str = "",
        *,
        language_code: str | None = "zh-hans",
        met: bool = False,
    ) -> Person:
        """A person. Until she acts the bot cannot write to her ("chat not found"), unless they have `met`."""
        number = next(self._ids) if person_id is None else person_id
        user = {"id": number, "is_bot": False, "first_name": name or f"person {number}"}
        if language_code is not None:
            user["language_code"] = language_code
        chat = self.cloud.chat(number, "private", str(user["first_name"]))
        chat.known = chat.known or met
        return Person(self.cloud, user, chat)

    def redeliver(self, update: Update) -> None:
        """Bring an update once more, as Telegram does when it is not sure that the bot got it."""
        self.cloud.updates.redeliver(update)

    def quiet_week(self, next_id: int) -> None:
        """After a week without updates Telegram numbers them from anywhere."""
        self.cloud.updates.next_id = next_id

    def expire_queries(self) -> None:
        """From now on all taps so far are too old to be answered."""
        with self.cloud.lock:
            self.cloud.queries.clear()

    @contextmanager
    def running(self) -> Iterator["BotApi"]:
        """Serve within the block."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Serve from now on: on any free port, after a stop() on the same one again."""
        started: Future[_Stop] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), name="bot-api")
        self._thread.start()
        self._stop = started.result(START_WITHIN)

    def stop(self) -> None:
        """Telegram is gone: connections break off and new ones are refused, until start()."""
        if self._thread is not None:
            self._stop()
            self._thread.join()
            self._thread = None

    async def _serve(self, started: "Future[_Stop]") -> None:
        runner = web.AppRunner(self.door.app(), access_log=None, shutdown_timeout=STOP_AT_ONCE)
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            self._port = site.port
            self.url = f"http://127.0.0.1:{self._port}"
            started.set_result(lambda: loop.call_soon_threadsafe(stop.set))
            await stop.wait()
        except OSError as error:  # the port is taken
            started.set_exception(error)
        finally:
            await runner.cleanup()
