"""What the server does by itself while it runs: once a day, delete what is past its time; all the while, lay down the
recipients of bulletins, and hold an edition that has come into force against what is stored.
"""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from flows.digest import CannotGatherError, gather_week, hold_ungathered, is_due
from flows.editions import Editions
from flows.exporting import tidy
from flows.helping import work_together
from flows.laying_out import hold_broken, lay_out
from flows.messages import SHANGHAI
from flows.quiet import is_quiet
from flows.reassess import start_due
from flows.reminding import remind
from flows.retention import purge
from flows.wakening import EVERY, summarise
from models.bulletins import to_prepare
from models.session import Database

DAILY = timedelta(days=1)
SOON, NOW_AND_THEN = timedelta(seconds=1), timedelta(minutes=1)
OFTEN, HOURLY = timedelta(minutes=10), timedelta(hours=1)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def reminding(database: Database, every: timedelta = EVERY) -> AsyncIterator[None]:
    """Tell staff once a day of waiting work, and delete exports past their time, as long as this is open."""
    async with _again(partial(_remind, database), every, "the reminder"):
        yield


@asynccontextmanager
async def purging(database: Database, every: timedelta = DAILY) -> AsyncIterator[None]:
    """Purge again and again as long as this is open. The first time after a whole interval: starting purges anyway."""
    async with _again(partial(_purge, database), every, "the daily deletion"):
        yield


@asynccontextmanager
async def tending(database: Database, editions: Editions, *, mails: bool = False) -> AsyncIterator[None]:
    """Do what bulletins and editions need as long as this is open. Several processes may: each step is one transaction.

    `mails`: there is somebody who sends mail.
    """
    async with (
        _again(partial(_lay_out, database, editions, mails=mails), SOON, "the laying out of bulletins"),
        _again(partial(_reassess, database), NOW_AND_THEN, "the reassessment"),
        _again(partial(_gather, database, editions, mails=mails), HOURLY, "the weekly gathering"),
        _again(_Reminding(database, editions, mails=mails), OFTEN, "what owners are reminded of"),
    ):
        yield


@asynccontextmanager
async def _again(step: Callable[[], Awaitable[None]], every: timedelta, what: str) -> AsyncIterator[None]:
    task = asyncio.create_task(_keep(step, every, what))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep(step: Callable[[], Awaitable[None]], every: timedelta, what: str) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await step()
        except SQLAlchemyError as error:
            # The next time may go well. The class alone: what the database says may name its address.
            _log.error("%s did not succeed (%s); it runs again later", what, type(error).__name__)
        except Exception:  # noqa: BLE001  whatever it is, it must not end what else is done
            _log.exception("ALARM: %s broke; it runs again later", what)


async def _purge(database: Database) -> None:
    await asyncio.to_thread(purge, database, datetime.now(UTC))


async def _remind(database: Database) -> None:
    now = datetime.now(UTC)
    await database.turn_async(partial(summarise, at=now))
    await asyncio.to_thread(tidy, database, now)


async def _lay_out(database: Database, editions: Editions, *, mails: bool) -> None:
    while await _laid_out_further(database, partial(lay_out, editions=editions, mails=mails)):
        pass


async def _laid_out_further(database: Database, step: Callable[..., bool]) -> bool:
    """Take a step for the first bulletin that no other process has; one that breaks is held, and the next comes first."""
    now = datetime.now(UTC)
    for which in await database.read_async(partial(to_prepare, now=now)):
        try:
            if await database.turn_async(partial(step, now=now, which=which)):
                return True
        except (OperationalError, InterfaceError, PoolTimeoutError):
            raise  # the database's own trouble, which passes
        except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the other bulletins
            if await database.turn_async(partial(hold_broken, which=which, now=now)):
                _log.error("ALARM: bulletin %s cannot be laid down and is paused: %s", which, _short(error))
    return False


def _short(error: BaseException) -> str:
    """What went wrong and where; no message, because what a database says may name people."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {at.name} ({Path(at.filename).name}:{at.lineno})"


async def _reassess(database: Database) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(SHANGHAI).date()
    await database.turn_async(partial(start_due, today=today, at=now))
    await asyncio.to_thread(work_together, database)


async def _gather(database: Database, editions: Editions, *, mails: bool) -> None:
    if is_due(datetime.now(UTC)):
        gather = partial(gather_week, editions=editions, mails=mails)
        while await _gathered_further(database, gather):
            pass


async def _gathered_further(database: Database, gather: Callable[..., bool]) -> bool:
    """Gather for the next few people; a bulletin that breaks is held, and the others are gathered without it."""
    now = datetime.now(UTC)
    try:
        return await database.turn_async(partial(gather, now=now))
    except CannotGatherError as error:
        broken: BaseException = error.__cause__ or error
        if await database.turn_async(partial(hold_ungathered, which=error.which, now=now)):
            _log.error("ALARM: bulletin %s cannot be gathered and is paused: %s", error.which, _short(broken))
        return True


class _Reminding:
    """Goes through all who asked for reminders once a day, in the day's hours."""

    def __init__(self, database: Database, editions: Editions, *, mails: bool) -> None:
        self._database = database
        self._step = partial(remind, editions=editions, mails=mails)
        self._done: date | None = None

    async def __call__(self) -> None:
        now, after = datetime.now(UTC), 0
        today = now.astimezone(SHANGHAI).date()
        while today != self._done and not is_quiet(now):
            step = partial(self._step, day=today, now=now, after=after)
            reached = await self._database.turn_async(step)
            if reached is None:
                self._done = today
            else:
                after, now = reached, datetime.now(UTC)
