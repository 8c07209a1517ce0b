"""Deliveries that are held for the weekly gathering, by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, select, text, update

from models.assessment import assessments
from models.base import JsonObject
from models.bulletin import HELD, WAITING, bulletins, deliveries
from models.changes import changes
from models.mailbox import mailboxes
from models.person import accounts
from models.subscription import subscriptions


@dataclass(frozen=True, slots=True)
class Held:
    """A held delivery, and where its person wants to be told now; `mail` and `leave_key` as in recipients.py, `bulletin`
    the public id of the one that it is of."""

    id: int
    person_id: int
    account_id: int
    firm_id: int | None
    channel: str
    address: str
    payload: JsonObject
    mail: str | None
    leave_key: str | None
    bulletin: str


_OF = bulletins.alias("of")
_STANDS = exists().where(
    _OF.c.id == deliveries.c.bulletin_id, _OF.c.state.in_(("preparing", "sending", "done"))
)
"""What was paused or cancelled is not gathered."""
_TOLD = deliveries.alias("told")
_THEN = bulletins.alias("then")
_HAS_HEARD = exists().where(
    _THEN.c.public_id == bindparam("told_in"),
    _TOLD.c.bulletin_id == _THEN.c.id,
    _TOLD.c.person_id == deliveries.c.person_id,
)
_PEOPLE = (
    select(deliveries.c.person_id)
    .where(text(f"delivery.{HELD}"), deliveries.c.created_at <= bindparam("then"), _STANDS, ~_HAS_HEARD)
    .distinct()
    .order_by(deliveries.c.person_id)
    .limit(bindparam("most"))
)
_MAIL = accounts.alias("mail")
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    deliveries.c.id,
    deliveries.c.person_id,
    accounts.c.id,
    deliveries.c.firm_id,
    accounts.c.channel,
    accounts.c.address,
    deliveries.c.payload,
    _MAIL.c.address,
    mailboxes.c.leave_key,
    bulletins.c.public_id,
)
_HELD = (
    select(*_COLUMNS)
    .join(bulletins, bulletins.c.id == deliveries.c.bulletin_id)
    .join(
        subscriptions,
        and_(
            subscriptions.c.person_id == deliveries.c.person_id,
            subscriptions.c.topic == bulletins.c.topic,
            subscriptions.c.until.is_(None),
        ),
    )
    .join(accounts, and_(accounts.c.id == subscriptions.c.account_id, accounts.c.state == "active"))
    .outerjoin(mailboxes, mailboxes.c.person_id == deliveries.c.person_id)
    .outerjoin(_MAIL, and_(_MAIL.c.id == mailboxes.c.account_id, _MAIL.c.state == "active"))
    .where(text(f"delivery.{HELD}"), _STANDS, deliveries.c.person_id == bindparam("person"))
    .order_by(deliveries.c.id)
)

_FIRST, _SECOND = changes.alias("first"), changes.alias("second")
_CHANGED_AGAIN = (
    select(assessments.c.firm_id)
    .join(_SECOND, _SECOND.c.assessment_id == assessments.c.id)
    .join(
        _FIRST,
        and_(_FIRST.c.assessment_id == _SECOND.c.assessment_id, _FIRST.c.subject == _SECOND.c.subject),
    )
    .where(
        _FIRST.c.run_id == bindparam("first_run"),
        _SECOND.c.run_id == bindparam("second_run"),
        _SECOND.c.assessment_id.between(bindparam("first_id"), bindparam("last_id")),
    )
)
_HOLD = (
    update(deliveries)
    .where(
        deliveries.c.bulletin_id == bindparam("which"),
        text(WAITING),
        deliveries.c.firm_id.in_(_CHANGED_AGAIN),
    )
    .values(state="held")
)


def hold_changed_again(
    connection: Connection, bulletin_id: int, first_run: int, second_run: int, ids: tuple[int, int]
) -> int:
    """Hold what a bulletin about the first run has not sent yet, of firms whose same subject the second run changed, for
    the gathering; how many that were. `ids`: from which to which assessment. What is just being sent counts as sent.
    """
    told = {"which": bulletin_id, "first_run": first_run, "second_run": second_run}
    return connection.execute(_HOLD, {**told, "first_id": ids[0], "last_id": ids[1]}).rowcount


def held_deliveries(
    connection: Connection, most: int, before: datetime, told_in: str = ""
) -> dict[int, list[Held]]:
    """Return what is held for the next `most` people, the oldest of each first; nothing for who left or is gone meanwhile.

    Who heard by the bulletin of the public id `told_in` waits.
    """
    values = {"most": most, "then": before, "told_in": told_in}
    people = connection.execute(_PEOPLE, values).scalars().all()
    return {
        person: [Held(*row) for row in connection.execute(_HELD, {"person": person})] for person in people
    }


def merge_held(connection: Connection, ids: Sequence[int]) -> int:
    """Note that these were told in one message; how many that were."""
    merged = update(deliveries).where(deliveries.c.id.in_(ids), deliveries.c.state == "held")
    return connection.execute(merged.values(state="merged")).rowcount


def give_up_held(connection: Connection, ids: Sequence[int]) -> None:
    """Cancel held deliveries that concern their people no more."""
    given_up = update(deliveries).where(deliveries.c.id.in_(ids), text(HELD))
    connection.execute(given_up.values(state="cancelled"))


def drop_held(connection: Connection, person_ids: Sequence[int]) -> int:
    """Give up what is still held for these people, but for what is paused; how many that were."""
    dropped = update(deliveries).where(deliveries.c.person_id.in_(person_ids), text(HELD), _STANDS)
    return connection.execute(dropped.values(state="cancelled")).rowcount
