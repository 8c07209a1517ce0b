"""Attempts to sign in that failed, counted for an account and for an address, and codes mailed to an address:
all processes share what they know.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from models.signing import failures

_FIND = (
    select(failures.c.count.label("so_far"), failures.c.last_at, failures.c.wait_until)
    .where(failures.c.subject == bindparam("which"))
    .with_for_update()
)


def count_attempt(
    connection: Connection,
    subject: str,
    now: datetime,
    forgotten_before: datetime,
    wait_after: Callable[[int], timedelta],
) -> timedelta:
    """Count an attempt as if it failed (success clears it); one that comes while waiting is not counted.

    Returns what is left to wait, 0 for an attempt that may be looked at. `wait_after` tells the wait after so many failures.
    """
    found = connection.execute(_FIND, {"which": subject}).first()
    if found is None:
        row = {"subject": subject, "count": 1, "last_at": now, "wait_until": now + wait_after(1)}
        connection.execute(insert(failures), row)
        return timedelta(0)
    if found.wait_until > now:
        return timedelta(seconds=(found.wait_until - now).total_seconds())
    count = 1 if found.last_at < forgotten_before else found.so_far + 1
    changed = {"count": count, "last_at": now, "wait_until": now + wait_after(count)}
    connection.execute(update(failures).where(failures.c.subject == subject).values(changed))
    return timedelta(0)


def clear_failures(connection: Connection, subject: str) -> None:
    """Forget every failure of an account that has signed in."""
    connection.execute(delete(failures).where(failures.c.subject == subject))


def uncount_attempt(connection: Connection, subject: str, now: datetime) -> None:
    """Take back what was counted for an attempt that succeeded; failures before it stay."""
    back = {"count": failures.c.count - 1, "wait_until": now}
    connection.execute(update(failures).where(failures.c.subject == subject).values(back))


def forget_failures(connection: Connection, before: datetime) -> int:
    """Delete failures from before that moment and return how many there were."""
    return connection.execute(delete(failures).where(failures.c.last_at < before)).rowcount
