"""What the server does by itself while it runs: once a day, delete what is past its time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from flows.exporting import tidy
from flows.retention import purge
from flows.wakening import EVERY, summarise
from models.session import Database

DAILY = timedelta(days=1)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def reminding(database: Database, every: timedelta = EVERY) -> AsyncIterator[None]:
    """Tell staff once a day of waiting work, and delete exports past their time, as long as this is open."""
    task = asyncio.create_task(_remind(database, every))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _remind(database: Database, every: timedelta) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        now = datetime.now(UTC)
        try:
            await database.turn_async(partial(summarise, at=now))
            await asyncio.to_thread(tidy, database, now)
        except (SQLAlchemyError, OSError) as error:
            _log.error("the reminder did not succeed (%s); it runs again soon", type(error).__name__)


@asynccontextmanager
async def purging(database: Database, every: timedelta = DAILY) -> AsyncIterator[None]:
    """Purge again and again as long as this is open. The first time after a whole interval: starting purges anyway."""
    task = asyncio.create_task(_purge(database, every))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _purge(database: Database, every: timedelta) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await asyncio.to_thread(purge, database, datetime.now(UTC))
        except SQLAlchemyError as error:
            # Tomorrow is another day. The class alone: what the database says may name its address.
            kind = type(error).__name__
            _log.error("the daily deletion did not succeed (%s); it runs again tomorrow", kind)
