"""Deleting what has been kept long enough, as the privacy notice promises."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from models.erasure import forget_person
from models.retention import delete_messages, overdue

UNFINISHED_DAYS = 30
FINISHED_MONTHS = 24
_DAYS_A_YEAR = 365


def purge(connection: Connection, now: datetime) -> int:
    """Forget everybody whose time is over, and old messages; how many people that were. Scrub the database after it."""
    unfinished = now - timedelta(days=UNFINISHED_DAYS)
    finished = now - timedelta(days=FINISHED_MONTHS * _DAYS_A_YEAR // 12)
    people = overdue(connection, unfinished, finished)
    for person_id in people:
        forget_person(connection, person_id)
    delete_messages(connection, unfinished)
    return len(people)
