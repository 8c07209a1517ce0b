"""The bot, run by a test: in a thread of its own (for people who wait) or in the test's event loop."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.telegram.account import Account, QuietBot
from bot.telegram.channel import TelegramChannel
from bot.telegram.service import Service
from flows.channel import Place
from flows.messages import Operator, Reply
from models.session import Database
from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.conversations.in_process import START, editions

OPERATOR = Operator("河南某某咨询", "0371-00000000")


class Clock:
    """A clock that a test can put forward; in between it goes on as clocks do."""

    def __init__(self) -> None:
        self._start, self._ahead = time.monotonic(), timedelta()

    def __call__(self) -> datetime:
        return START + self._ahead + timedelta(seconds=time.monotonic() - self._start)

    def forward(self, by: timedelta) -> None:
        self._ahead += by


class Ear(TelegramChannel):
    """The channel, which keeps what was sent, to whom, with the message that shows it."""

    def __init__(self, bot: QuietBot) -> None:
        super().__init__(bot)
        self.heard: list[tuple[str, Reply, str | None]] = []

    @property
    def is_at_rest(self) -> bool:
        """Whether old cards have lost their buttons, too."""
        return not self._asides

    async def send(self, address: str, reply: Reply, place: Place) -> str | None:
        shown = await super().send(address, reply, place)
        self.heard.append((address, reply, shown))
        return shown


def make(
    database: Database,
    api: BotApi,
    now: Callable[[], datetime] | None = None,
    channel: Callable[[QuietBot], TelegramChannel] = TelegramChannel,
) -> Service:
    service = Service(database, Account(api.token, api.url), OPERATOR, now or Clock(), channel)
    service.dispatcher.editions = editions()  # read once for all tests
    return service


def agrees(person: Person) -> None:
    """Say hello, which brings the notice, and agree to it at once."""
    person.starts()
    person.says("同意")


@contextmanager
def in_thread(service: Service) -> Iterator[None]:
    """Run the bot beside the test; an error of its start or stop is the test's."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    ended: Future[None] = Future()

    async def run() -> None:
        stop = asyncio.Event()
        async with service.running():
            started.set_result((asyncio.get_running_loop(), stop))
            await stop.wait()

    def main() -> None:
        try:
            asyncio.run(run())
            ended.set_result(None)
        except BaseException as error:  # noqa: BLE001  handed to the test
            (ended if started.done() else started).set_exception(error)

    thread = threading.Thread(target=main, name="bot")
    thread.start()
    try:
        loop, stop = started.result(10)
        try:
            yield
        finally:
            loop.call_soon_threadsafe(stop.set)
        ended.result(15)
    finally:
        thread.join(15)


def until(holds: Callable[[], object], within: float = 10.0) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends, f"{holds} did not hold within {within} s"
        time.sleep(0.003)


async def until_in_loop(holds: Callable[[], object], within: float = 10.0) -> None:
    """Wait until something holds, while the bot runs in the same event loop."""
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends, f"{holds} did not hold within {within} s"
        await asyncio.sleep(0.003)
