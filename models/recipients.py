"""Who subscribed and can be reached, with the firms they speak for (收件人), by person and so many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select

from models.assessment import assessments
from models.base import columns_of
from models.changes import Change, changes
from models.firm import firms, memberships
from models.mailbox import mailboxes
from models.person import accounts
from models.subscription import subscriptions


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who wants to hear of a topic, since when, and where; `mail`: a confirmed address beside it, with the key
    of its leave links."""

    person_id: int
    account_id: int
    channel: str
    address: str
    frequency: str
    since: datetime
    mail: str | None
    leave_key: str | None


@dataclass(frozen=True, slots=True)
class Represented:
    """A firm that somebody speaks for, with its newest assessment."""

    person_id: int
    firm_id: int
    name: str | None
    city: str | None
    fiscal_year: int
    assessment_id: int


_MAIL = accounts.alias("mail")
_WANTING = (
    select(
        subscriptions.c.person_id,
        accounts.c.id,
        accounts.c.channel,
        accounts.c.address,
        subscriptions.c.frequency,
        subscriptions.c.since,
        _MAIL.c.address,
        mailboxes.c.leave_key,
    )
    .join(accounts, accounts.c.id == subscriptions.c.account_id)
    .outerjoin(mailboxes, mailboxes.c.person_id == subscriptions.c.person_id)
    .outerjoin(_MAIL, and_(_MAIL.c.id == mailboxes.c.account_id, _MAIL.c.state == "active"))
    .where(
        subscriptions.c.topic == bindparam("about"),
        subscriptions.c.until.is_(None),
        accounts.c.state == "active",
    )
    .order_by(subscriptions.c.person_id)
)
_SUBSCRIBED = _WANTING.where(subscriptions.c.person_id > bindparam("after")).limit(bindparam("most"))
_AMONG = _WANTING.where(subscriptions.c.person_id.in_(bindparam("people", expanding=True)))
_OLDER = assessments.alias("of_firm")
_NEWEST = (
    select(func.max(_OLDER.c.fiscal_year))
    .where(_OLDER.c.firm_id == firms.c.id)
    .correlate(firms)
    .scalar_subquery()
)
_FIRMS = (
    select(
        memberships.c.person_id,
        firms.c.id,
        firms.c.name,
        firms.c.city,
        assessments.c.fiscal_year,
        assessments.c.id.label("assessment_id"),
    )
    .join(firms, firms.c.id == memberships.c.firm_id)
    .join(
        assessments,
        and_(assessments.c.firm_id == firms.c.id, assessments.c.fiscal_year == _NEWEST),
    )
    .where(memberships.c.until.is_(None))
    .order_by(memberships.c.person_id, firms.c.id)
)


def subscribers(connection: Connection, topic: str, after: int, most: int) -> list[Subscriber]:
    """Return who wants to hear of a topic and can be reached, by person, beyond one of them."""
    values = {"about": topic, "after": after, "most": most}
    return [Subscriber(*row) for row in connection.execute(_SUBSCRIBED, values)]


def subscribers_among(connection: Connection, topic: str, person_ids: Sequence[int]) -> list[Subscriber]:
    """Return who of these people wants to hear of a topic and can be reached."""
    values = {"about": topic, "people": person_ids}
    return [Subscriber(*row) for row in connection.execute(_AMONG, values)]


def represented(
    connection: Connection, person_ids: Sequence[int], *further: ColumnElement[bool]
) -> list[Represented]:
    """Return the firms these people speak for, each with its newest assessment; `further` narrows over firm and assessment."""
    wanted = _FIRMS.where(memberships.c.person_id.in_(person_ids), *further)
    return [Represented(*row) for row in connection.execute(wanted)]


def changes_for(connection: Connection, run_id: int, assessment_ids: Sequence[int]) -> list[Change]:
    """Return what a run changed for these assessments."""
    wanted = (
        select(*columns_of(changes, Change))
        .where(changes.c.run_id == run_id, changes.c.assessment_id.in_(assessment_ids))
        .order_by(changes.c.assessment_id, changes.c.subject)
    )
    return [Change(*row) for row in connection.execute(wanted)]
