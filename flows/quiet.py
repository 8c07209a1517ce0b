"""Quiet hours (免打扰): nothing unasked goes out between 22 and 8 o'clock in China."""

from datetime import datetime, time, timedelta

from flows.messages import SHANGHAI

NIGHT, MORNING = 22, 8


def is_quiet(now: datetime) -> bool:
    """Whether people there are to be left in peace."""
    hour = now.astimezone(SHANGHAI).hour
    return hour >= NIGHT or hour < MORNING


def first_allowed(now: datetime) -> datetime:
    """The first moment from now on at which something unasked may go out."""
    there = now.astimezone(SHANGHAI)
    if not is_quiet(now):
        return there
    day = there.date() + timedelta(days=there.hour >= NIGHT)
    return datetime.combine(day, time(MORNING), SHANGHAI)
