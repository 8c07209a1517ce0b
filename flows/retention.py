"""Deleting what has been kept long enough, as the privacy notice promises."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from models.blanking import blank_settled, settled_before
from models.failures import forget_failures
from models.handover import forget_expired
from models.mailbox import forget_unconfirmed
from models.passage import forget_expired_passages
from models.retention import Forgotten, delete_messages, forget_overdue
from models.session import Database
from models.share import forget_expired_shares
from models.signing import forget_stale

UNFINISHED_DAYS = 30
FINISHED_MONTHS = 24
STEP = 5000
SIGNED_IN_KEPT = UNCONFIRMED_KEPT = timedelta(days=1)
_DAYS_A_YEAR = 365


def purge(database: Database, now: datetime) -> Forgotten:
    """Forget what is past its time, codes and old messages too, down to the database's log; how much that was."""
    forgotten, rows = database.turn(lambda connection: _forget(connection, now))
    rows += _blank(database, now - timedelta(days=UNFINISHED_DAYS))
    if forgotten or rows:
        database.scrub()
    return forgotten


def _blank(database: Database, before: datetime) -> int:
    """Empty what was told unasked, in short steps: one bulletin may have gone to a million; how many steps that were."""
    steps, last = 0, 0
    while found := database.read(partial(settled_before, before=before, after=last, most=STEP)):
        database.turn(partial(blank_settled, before=before, which=found))
        steps, last = steps + 1, found[1]
    return steps


def _forget(connection: Connection, now: datetime) -> tuple[Forgotten, int]:
    unfinished = now - timedelta(days=UNFINISHED_DAYS)
    finished = now - timedelta(days=FINISHED_MONTHS * _DAYS_A_YEAR // 12)
    rows = forget_expired(connection, now) + forget_expired_shares(connection, now)
    rows += forget_expired_passages(connection, now)
    rows += forget_unconfirmed(connection, now - UNCONFIRMED_KEPT)
    rows += delete_messages(connection, unfinished)
    rows += forget_failures(connection, now - SIGNED_IN_KEPT)
    rows += forget_stale(connection, now, now - SIGNED_IN_KEPT)
    return forget_overdue(connection, unfinished, finished), rows
