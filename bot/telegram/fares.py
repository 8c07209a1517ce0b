"""How the polling fares: told in the log when it changes, and to the health check at any time."""

import logging
import time
from datetime import timedelta

from telegram.error import Conflict, TelegramError

from bot.telegram.refusals import told

_OVERLONG = timedelta(minutes=5)

_log = logging.getLogger("ladder.telegram")


class Fares:
    """Told of every poll. Until the first one the age counts from the start."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._trouble: type[TelegramError] | None = None

    def begins(self) -> None:
        """From now on it is this process that polls."""
        self._last = time.monotonic()

    def well(self) -> None:
        self._last = time.monotonic()
        if self._trouble is not None:
            _log.warning("polling works again")
        self._trouble = None

    def badly(self, error: TelegramError) -> None:
        """The kind once: the same trouble every few seconds is no news."""
        if type(error) is self._trouble:
            return
        self._trouble = type(error)
        if isinstance(error, Conflict):
            _log.error("ALARM: another process polls with this token; only one of them gets each message")
        else:
            _log.warning("polling fails (%s); it goes on trying", told(error))

    def ails(self) -> str | None:
        """What a health check should say."""
        age = timedelta(seconds=time.monotonic() - self._last)
        return None if age < _OVERLONG else f"the last good poll was {age.total_seconds():.0f} s ago"
