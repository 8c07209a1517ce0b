"""Forgetting a person, a firm or an assessment, in every table. Who asks for it: flows/privacy.py, flows/consent.py (at
the door) and models/retention.py.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select, update

from models.answer import answers
from models.assessment import assessments
from models.audit import blank_personal
from models.blanking import take_out_firm
from models.bulletin import deliveries
from models.case import forget_asked_at, forget_case
from models.changes import forget_changes
from models.determination import determinations
from models.firm import firms, memberships
from models.handover import handovers
from models.mailbox import mailboxes
from models.outbox import outbox
from models.passage import passages
from models.person import accounts, consents, people
from models.reminder import reminders
from models.report import reports
from models.searching import forget_names
from models.share import shares
from models.staff import staff_firms
from models.subscription import subscriptions
from models.talk import talks
from models.worklist import unlist


def forget_person(connection: Connection, person_id: int) -> None:
    """Delete a person, all that hangs on them, and every firm for which nobody else speaks now.

    Firms for which others speak stay with all answers as read; those of the person lose their author and words.
    On SQLite call `Database.scrub` afterwards, so that the log forgets too.
    """
    # Locked (on PostgreSQL), so that a turn which is under way cannot hang a new row on an account that goes.
    rows = connection.execute(
        select(accounts.c.id, accounts.c.channel, accounts.c.address)
        .where(accounts.c.person_id == person_id)
        .with_for_update()
    ).all()
    for firm_id in _firms_left_alone(connection, person_id):
        forget_firm(connection, firm_id)
    connection.execute(delete(mailboxes).where(mailboxes.c.person_id == person_id))
    _forget_accounts(connection, [row.id for row in rows], [(row.channel, row.address) for row in rows])
    # Who answered for another is forgotten; that it was answered stays.
    connection.execute(update(handovers).where(handovers.c.used_by == person_id).values(used_by=None))
    nobody = {"by_person": None, "as_typed": None, "key": None}
    connection.execute(update(answers).where(answers.c.by_person == person_id).values(nobody))
    connection.execute(delete(deliveries).where(deliveries.c.person_id == person_id))
    connection.execute(delete(reminders).where(reminders.c.person_id == person_id))
    connection.execute(delete(passages).where(passages.c.person_id == person_id))
    connection.execute(delete(consents).where(consents.c.person_id == person_id))
    connection.execute(delete(memberships).where(memberships.c.person_id == person_id))
    connection.execute(delete(people).where(people.c.id == person_id))


def _firms_left_alone(connection: Connection, person_id: int) -> list[int]:
    others = memberships.alias("others")
    somebody_else = exists().where(
        others.c.firm_id == memberships.c.firm_id, others.c.person_id != person_id, others.c.until.is_(None)
    )
    mine = select(memberships.c.firm_id).where(memberships.c.person_id == person_id, ~somebody_else)
    return list(connection.execute(mine).scalars())


def forget_firm(connection: Connection, firm_id: int) -> None:
    """Delete a firm with all its assessments, whoever speaks for it."""
    of_firm = select(assessments.c.id).where(assessments.c.firm_id == firm_id)
    forget_assessments(connection, list(connection.execute(of_firm).scalars()))
    take_out_firm(connection, firm_id)
    connection.execute(delete(deliveries).where(deliveries.c.firm_id == firm_id))
    connection.execute(delete(reminders).where(reminders.c.firm_id == firm_id))
    forget_names(connection, (firm_id,))
    connection.execute(delete(memberships).where(memberships.c.firm_id == firm_id))
    connection.execute(delete(staff_firms).where(staff_firms.c.firm_id == firm_id))
    public = list(connection.execute(select(firms.c.public_id).where(firms.c.id == firm_id)).scalars())
    blank_personal(connection, "firm", public)
    connection.execute(delete(firms).where(firms.c.id == firm_id))


def forget_assessments(connection: Connection, ids: Sequence[int]) -> None:
    """Delete assessments with their answers and what was told; a talk that points at one goes on elsewhere."""
    connection.execute(delete(outbox).where(outbox.c.said.is_not(None), _said_for(ids)))
    unlist(connection, ids)
    forget_case(connection, list(ids))
    connection.execute(delete(determinations).where(determinations.c.assessment_id.in_(ids)))
    forget_changes(connection, ids)
    connection.execute(delete(answers).where(answers.c.assessment_id.in_(ids)))
    connection.execute(delete(handovers).where(handovers.c.assessment_id.in_(ids)))
    made = select(reports.c.id).where(reports.c.assessment_id.in_(ids))
    connection.execute(delete(shares).where(shares.c.report_id.in_(made)))
    connection.execute(delete(reports).where(reports.c.assessment_id.in_(ids)))
    public = select(assessments.c.public_id).where(assessments.c.id.in_(ids))
    blank_personal(connection, "assessment", list(connection.execute(public).scalars()))
    # The talk of somebody who once spoke for the firm, or who answers for a colleague, may point there too.
    unpointed = {"assessment_id": None, "focus": None}
    connection.execute(update(talks).where(talks.c.assessment_id.in_(ids)).values(unpointed))
    connection.execute(delete(assessments).where(assessments.c.id.in_(ids)))


def _said_for(ids: Sequence[int]) -> ColumnElement[bool]:
    """What a colleague said, and was asked, while they answered for one of these assessments."""
    return exists().where(
        handovers.c.assessment_id.in_(ids),
        accounts.c.person_id == handovers.c.used_by,
        outbox.c.account_id == accounts.c.id,
        outbox.c.created_at >= handovers.c.used_at,
        or_(handovers.c.finished_at.is_(None), outbox.c.created_at <= handovers.c.finished_at),
    )


def _forget_accounts(
    connection: Connection, ids: Sequence[int], addresses: Sequence[tuple[str, str]]
) -> None:
    # By address too: what was said before somebody agreed to anything hangs on no account.
    sent_there: list[ColumnElement[bool]] = [
        and_(outbox.c.channel == channel, outbox.c.address == address) for channel, address in addresses
    ]
    connection.execute(delete(outbox).where(or_(outbox.c.account_id.in_(ids), *sent_there)))
    connection.execute(delete(handovers).where(handovers.c.account_id.in_(ids)))
    forget_asked_at(connection, list(ids))
    connection.execute(delete(talks).where(talks.c.account_id.in_(ids)))
    connection.execute(delete(subscriptions).where(subscriptions.c.account_id.in_(ids)))
    connection.execute(delete(accounts).where(accounts.c.id.in_(ids)))
