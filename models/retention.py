"""What has been kept long enough goes: assessments, then what they leave behind, and messages. How long is decided in
flows/retention.py.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, or_, select

from models.assessment import assessments
from models.erasure import forget_assessments, forget_firm, forget_person
from models.firm import firms, memberships
from models.outbox import FETCHED, outbox
from models.person import people

_AT_ONCE = 1000  # a statement takes only so many parameters


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many assessments, firms and people were deleted."""

    assessments: int
    firms: int
    people: int

    def __bool__(self) -> bool:
        return bool(self.assessments or self.firms or self.people)


def forget_overdue(
    connection: Connection, unfinished_before: datetime, finished_before: datetime
) -> Forgotten:
    """Delete every assessment that was last changed before its day, then firms and people of whom nothing is left.

    Finished is what ever was: who changes an answer later and leaves it open keeps the longer time. A firm or a person
    without anything counts from the day it came. On SQLite call `Database.scrub` afterwards.
    """
    done = assessments.c.finished_at.is_not(None)
    over = or_(
        and_(done, assessments.c.updated_at < finished_before),
        and_(~done, assessments.c.updated_at < unfinished_before),
    )
    # Locked (on PostgreSQL), so that an answer which comes in just now is waited for, and judged.
    overdue = list(connection.execute(select(assessments.c.id).where(over).with_for_update()).scalars())
    for start in range(0, len(overdue), _AT_ONCE):
        forget_assessments(connection, overdue[start : start + _AT_ONCE])
    empty = ~exists().where(assessments.c.firm_id == firms.c.id)
    left = select(firms.c.id).where(firms.c.created_at < unfinished_before, empty)
    firms_left = list(connection.execute(left).scalars())
    for firm_id in firms_left:
        forget_firm(connection, firm_id)
    speaks = exists().where(memberships.c.person_id == people.c.id, memberships.c.until.is_(None))
    alone = select(people.c.id).where(people.c.created_at < unfinished_before, ~speaks)
    people_left = list(connection.execute(alone.order_by(people.c.id)).scalars())
    for person_id in people_left:
        forget_person(connection, person_id)
    return Forgotten(len(overdue), len(firms_left), len(people_left))


def delete_messages(connection: Connection, before: datetime) -> int:
    """Delete replies from before that day that were sent, given up, owed to nobody we know, or never fetched; how many
    that were."""
    fetched = outbox.c.channel.in_(FETCHED)
    settled = or_(outbox.c.forget, fetched, outbox.c.state.in_(("sent", "dead", "unknown")))
    return connection.execute(delete(outbox).where(outbox.c.created_at < before, settled)).rowcount
