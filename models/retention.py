"""What has been kept long enough: whose time is over, and which messages. How long is decided in flows/retention.py."""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, not_, or_, select

from models.assessment import assessments
from models.firm import memberships
from models.outbox import outbox
from models.person import people


def overdue(connection: Connection, unfinished_before: datetime, finished_before: datetime) -> list[int]:
    """Return the ids of people none of whose firms has an assessment that is still within its time.

    An unfinished assessment counts from its last change and so does a finished one; a person without any from the day
    they came.
    """
    done = assessments.c.state == "finished"
    fresh = or_(
        and_(done, assessments.c.updated_at >= finished_before),
        and_(not_(done), assessments.c.updated_at >= unfinished_before),
    )
    speaks_for_fresh = exists().where(
        memberships.c.person_id == people.c.id,
        memberships.c.until.is_(None),
        memberships.c.firm_id == assessments.c.firm_id,
        fresh,
    )
    query = select(people.c.id).where(people.c.created_at < unfinished_before, ~speaks_for_fresh)
    return list(connection.execute(query.order_by(people.c.id)).scalars())


def delete_messages(connection: Connection, before: datetime) -> int:
    """Delete replies from before that day that were sent, given up, or owed to nobody we know; how many that were."""
    settled = or_(outbox.c.forget, outbox.c.state.in_(("sent", "dead", "unknown")))
    return connection.execute(delete(outbox).where(outbox.c.created_at < before, settled)).rowcount
