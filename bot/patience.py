"""A turn that must not be lost: tried until the database takes it."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from models.session import Database

_AWAY = (OperationalError, InterfaceError)  # a full disk, a lock that is held, a server that restarts
_PAUSES_WHILE_AWAY = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_HICCUPS = 4
_ALARM_SECONDS = 60.0

T = TypeVar("T")

_log = logging.getLogger("ladder.patience")


class Patience:
    """Giving up would lose what nobody can say again: whoever sent it keeps it only until it is acknowledged."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next_alarm = 0.0  # one alarm for all who wait

    async def turn(self, work: Callable[[Connection], T], pauses: Sequence[float] = ()) -> T:
        """Run it, again after each of `pauses` where it fails, and without end while the database is away.

        Raises what it failed of at last.
        """
        failed, away = 0, 0
        while True:
            try:
                return await self._database.turn_async(work)
            except _AWAY as error:
                pause = _PAUSES_WHILE_AWAY[min(away, len(_PAUSES_WHILE_AWAY) - 1)]
                away += 1
                self._tell(error, pause, is_hiccup=away < _HICCUPS)
            except Exception as error:
                if failed >= len(pauses):
                    raise
                pause = pauses[failed]
                failed += 1
                _log.warning("a turn failed (%s); again in %s s", type(error).__name__, pause)
            await asyncio.sleep(pause)

    def _tell(self, error: Exception, pause: float, *, is_hiccup: bool) -> None:
        now = time.monotonic()
        kind = type(error).__name__
        if not is_hiccup and now >= self._next_alarm:
            self._next_alarm = now + _ALARM_SECONDS
            _log.error("ALARM: the database takes no turns (%s); messages wait, none is lost", kind)
        else:
            _log.warning("a turn failed (%s); again in %s s", kind, pause)
