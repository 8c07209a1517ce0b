"""Quiet hours (免打扰): nothing unasked goes out between 22 and 8 o'clock in China."""

from datetime import datetime

from flows.messages import SHANGHAI

NIGHT, MORNING = 22, 8


def is_quiet(now: datetime) -> bool:
    """Whether people there are to be left in peace."""
    hour = now.astimezone(SHANGHAI).hour
    return hour >= NIGHT or hour < MORNING
