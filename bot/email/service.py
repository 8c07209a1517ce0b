"""Mail as something that starts, runs beside the page in one event loop, and stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.broadcaster import Broadcaster
from bot.email.account import MailAccount
from bot.email.channel import MailChannel
from bot.sender import Sender
from models.mailbox import CHANNEL
from models.pace import Rate
from models.session import Database

_WITHIN = 2.0
_PAUSE = 5.0
_log = logging.getLogger("ladder.mail")


class MailService:
    """One mail server on one database: codes from the outbox, everything else from the deliveries."""

    def __init__(
        self,
        database: Database,
        account: MailAccount,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.channel = MailChannel(account, now)
        self.sender = Sender(database, CHANNEL, self.channel, now)
        self.broadcaster = Broadcaster(
            database,
            CHANNEL,
            self.channel,
            now,
            rate=Rate.of(account.a_second),
            spent=lambda: self.sender.sent,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve within the block. The server need not be reachable when it begins."""
        starting = asyncio.create_task(self._start(), name="mail: start")
        try:
            yield
        finally:
            starting.cancel()
            with suppress(asyncio.CancelledError):
                await starting
            await asyncio.gather(self.sender.stop(_WITHIN), self.broadcaster.stop(_WITHIN))
            self.channel.close()

    async def _start(self) -> None:
        while True:
            try:
                await self.sender.start()
                return self.broadcaster.start()
            except SQLAlchemyError as error:
                _log.warning("mail cannot start yet (%s); again in %.0f s", type(error).__name__, _PAUSE)
            await asyncio.sleep(_PAUSE)

    def ails(self) -> str | None:
        """What a health check should say of it; None while it is well."""
        return self.channel.ails()

    def known_as(self) -> str | None:
        """It has no name on Telegram."""
        return None
