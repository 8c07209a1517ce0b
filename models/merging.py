"""Several places of one person: where their talk is, giving a place a new address, and making two persons one."""

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update

from models.answer import answers
from models.assessment import assessments
from models.bulletin import deliveries
from models.firm import firms, memberships
from models.handover import handovers
from models.mailbox import join_mail
from models.outbox import outbox
from models.passage import passages
from models.person import accounts, consents, people
from models.reminder import reminders
from models.subscription import subscriptions
from models.talk import talks

_SPEAKS = exists().where(
    memberships.c.person_id == bindparam("person"),
    memberships.c.firm_id == assessments.c.firm_id,
    memberships.c.until.is_(None),
)
_TALKS = (
    select(assessments.c.id, assessments.c.updated_at, talks.c.at)
    .join(talks, talks.c.assessment_id == assessments.c.id)
    .join(accounts, accounts.c.id == talks.c.account_id)
    .where(accounts.c.person_id == bindparam("person"), _SPEAKS)
)
_ANSWERED = (
    select(func.count(firms.c.id.distinct()))
    .join(assessments, assessments.c.firm_id == firms.c.id)
    .where(_SPEAKS, assessments.c.version > 0)
)
_BY = select(func.count()).select_from(answers).where(answers.c.by_person == bindparam("person"))


def current_assessment(connection: Connection, person_id: int) -> int | None:
    """Return the assessment that the person's newest talk, on whatever channel, is about."""
    rows = connection.execute(_TALKS, {"person": person_id}).all()
    newest = max(rows, key=lambda row: (max(row.updated_at, row.at), row.id), default=None)
    return None if newest is None else int(newest.id)


def firms_answered(connection: Connection, person_id: int) -> int:
    """Return for how many firms that the person speaks for something was answered."""
    return int(connection.execute(_ANSWERED, {"person": person_id}).scalar_one())


def rename_address(connection: Connection, channel: str, before: str, after: str) -> bool:
    """Give an account a new address, with all that was sent there. False: there is no such account."""
    named = accounts.c.channel == channel, accounts.c.address == before
    if connection.execute(update(accounts).where(*named).values(address=after)).rowcount == 0:
        return False
    sent = outbox.c.channel == channel, outbox.c.address == before
    connection.execute(update(outbox).where(*sent).values(address=after))
    told = deliveries.c.channel == channel, deliveries.c.address == before
    connection.execute(update(deliveries).where(*told).values(address=after))
    return True


def join_people(connection: Connection, one: int, other: int) -> int:
    """Make two persons one, and return who stays: who answered more.

    The answers of who goes stay as read. They lose author and words, because an answer's row cannot be given to
    somebody else (a trigger allows the forgetting only).
    """
    if one == other:
        return one
    # Locked (on PostgreSQL), so that a turn which is under way cannot hang a new row on who goes.
    both = accounts.c.person_id.in_((one, other))
    connection.execute(select(accounts.c.id).where(both).order_by(accounts.c.id).with_for_update())
    kept, gone = sorted((one, other), key=lambda person: -_answers_by(connection, person))
    _join_memberships(connection, kept, gone)
    for column in (accounts.c.person_id, consents.c.person_id, passages.c.person_id, handovers.c.used_by):
        connection.execute(update(column.table).where(column == gone).values({column.name: kept}))
    _join_wishes(connection, kept, gone)
    nobody = {"by_person": None, "as_typed": None, "key": None}
    connection.execute(update(answers).where(answers.c.by_person == gone).values(nobody))
    connection.execute(delete(people).where(people.c.id == gone))
    return kept


def _join_wishes(connection: Connection, kept: int, gone: int) -> None:
    """What both have (a subscription, a bulletin received, a reminder) counts once; the rest goes over."""
    join_mail(connection, kept, gone)
    for table, same in (
        (subscriptions, ("topic",)),
        (deliveries, ("bulletin_id",)),
        (reminders, ("firm_id", "occasion")),
    ):
        other = table.alias("other")
        had = exists().where(other.c.person_id == kept, *(other.c[name] == table.c[name] for name in same))
        connection.execute(delete(table).where(table.c.person_id == gone, had))
        connection.execute(update(table).where(table.c.person_id == gone).values(person_id=kept))


def _answers_by(connection: Connection, person_id: int) -> int:
    return int(connection.execute(_BY, {"person": person_id}).scalar_one())


def _join_memberships(connection: Connection, kept: int, gone: int) -> None:
    """Who speaks for a firm now, be it as one or as the other, goes on speaking for it."""
    theirs = memberships.alias("theirs")
    of_both = (
        select(
            memberships.c.id, theirs.c.id.label("other"), memberships.c.until, theirs.c.until.label("ends")
        )
        .join(theirs, theirs.c.firm_id == memberships.c.firm_id)
        .where(memberships.c.person_id == kept, theirs.c.person_id == gone)
    )
    for row in connection.execute(of_both).all():
        until = None if None in {row.until, row.ends} else max(row.until, row.ends)
        connection.execute(update(memberships).where(memberships.c.id == row.id).values(until=until))
        connection.execute(delete(memberships).where(memberships.c.id == row.other))
    connection.execute(update(memberships).where(memberships.c.person_id == gone).values(person_id=kept))
