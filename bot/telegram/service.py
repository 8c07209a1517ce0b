"""The bot as something that starts, runs beside the page in one event loop, and stops."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Updater

from bot.broadcaster import Broadcaster
from bot.sender import Sender
from bot.telegram.account import Account, QuietBot
from bot.telegram.asides import Asides
from bot.telegram.channel import TelegramChannel
from bot.telegram.dispatcher import Dispatcher
from bot.telegram.fares import Fares
from bot.telegram.handlers import ALLOWED
from bot.telegram.heard import CHANNEL, mini_app
from bot.telegram.poller import PollingBot
from bot.telegram.polling import Intake, PollingRequest, quiet
from bot.telegram.secrecy import keep_tokens_out
from flows.editions import Editions
from flows.messages import Operator
from models.leadership import Leadership
from models.pace import Rate
from models.session import Database

_POLL_SECONDS = 25
_FAREWELL_WITHIN, _TURNS_WITHIN, _SENDS_WITHIN = 2.0, 1.0, 2.0  # well under 10 s together
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_ALARM_SECONDS = 3600.0
_LEADING_SECONDS = 5.0

_log = logging.getLogger("ladder.telegram")


class Service:
    """One bot on one database. `now` is the clock of all that it stores."""

    def __init__(
        self,
        database: Database,
        account: Account,
        operator: Operator,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        channel: Callable[[QuietBot], TelegramChannel] = TelegramChannel,
    ) -> None:
        keep_tokens_out()
        self._fares = Fares()
        polling = PollingRequest(self._settled, account.proxy)
        bot = PollingBot(self._fares, **account.reached_by(polling))
        self._database = database
        self.channel = channel(bot)
        self.channel.app = mini_app(operator.site)
        self.sender = Sender(database, CHANNEL, self.channel, now)
        self.broadcaster = Broadcaster(
            database,
            CHANNEL,
            self.channel,
            now,
            rate=Rate.of(account.a_second),
            spent=lambda: self.sender.sent + self.channel.further,
        )
        self._leadership = Leadership(database)
        self._follows = False  # another process polls
        self.dispatcher = Dispatcher(database, Editions(), operator, self.sender, Asides(bot), now)
        self._bot = bot
        self._updater = Updater(bot, Intake(self.dispatcher.take))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve within the block. Telegram need not be reachable when it begins."""
        starting = asyncio.create_task(self._start(), name="telegram: start")
        try:
            yield
        finally:
            starting.cancel()
            try:
                with suppress(asyncio.CancelledError):
                    await starting
            finally:
                await self._stop()

    def ails(self) -> str | None:
        """What a health check should say of the bot; None while it polls."""
        trouble = None if self._follows else self._fares.ails()
        return None if trouble is None else f"the Telegram bot does not poll: {trouble}"

    def known_as(self) -> str | None:
        """The bot's name, for links to it; None until Telegram told it."""
        return self.channel.bot_name or None

    async def _settled(self) -> None:
        await self.dispatcher.settled()

    async def _start(self) -> None:
        pause, alarm_at = _FIRST_PAUSE, 0.0
        while True:
            try:
                await self._begin()
                return await self._keep_leading()
            except InvalidToken:  # or a proxy's 404: who is to say
                pause, now = _LONGEST_PAUSE, time.monotonic()
                if now >= alarm_at:
                    alarm_at = now + _ALARM_SECONDS
                    _log.error(
                        "ALARM: LADDER_TELEGRAM_TOKEN is refused by Telegram; the bot does not run yet"
                    )
            except (TelegramError, SQLAlchemyError) as error:
                _log.warning("the bot cannot start yet (%s); again in %.0f s", type(error).__name__, pause)
            except Exception:  # noqa: BLE001  whatever it is, people wait for the bot
                _log.exception("ALARM: the bot cannot start; again in %.0f s", pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _begin(self) -> None:
        await self._updater.initialize()
        await self._database.read_async(
            self.dispatcher.editions.current
        )  # else the first person waits for it
        gc.freeze()  # libraries and rules stay for good: going through them again and again costs several per cent
        await self.sender.start()
        self.broadcaster.start()

    async def _keep_leading(self) -> None:
        """Poll in one process of all: Telegram serves one poller. When that one ends, another takes over."""
        while True:
            leads = await asyncio.to_thread(self._leadership.take)
            self._follows = not leads
            if leads and not self._updater.running:
                self._fares.begins()
                await self._updater.start_polling(
                    timeout=_POLL_SECONDS, allowed_updates=ALLOWED, bootstrap_retries=-1, error_callback=quiet
                )
                _log.info("the Telegram bot is polling")
            elif not leads and self._updater.running:
                _log.warning("another process polls Telegram from now on")
                await self._updater.stop()
            await asyncio.sleep(_LEADING_SECONDS)

    async def _stop(self) -> None:
        """Receive no more, finish what is in hand, leave the rest in the tables."""
        if self._updater.running:
            with suppress(TimeoutError, TelegramError):
                async with asyncio.timeout(_FAREWELL_WITHIN):
                    await self._updater.stop()
        await self.dispatcher.stop(_TURNS_WITHIN)
        await asyncio.gather(self.sender.stop(_SENDS_WITHIN), self.broadcaster.stop(_SENDS_WITHIN))
        await asyncio.to_thread(self._leadership.release)
        await self.channel.settle(_TURNS_WITHIN)
        await self._bot.shutdown()
