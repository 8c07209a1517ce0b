"""Taking deliveries for sending and marking what became of them, for workers that may be killed, paused or not alone.

A delivery is taken only in the moment it is sent. What was taken (claim.py) and not marked when its lease ends may have
arrived or not: it is `unknown`, and not sent again, because the other side cannot tell two equal messages apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from models.bulletin import WAITING, DeliveryState, NewDelivery, bulletins, deliveries
from models.claim import HELD, Claim, claim_of, end_claims, ended_claims, let_go
from models.wanted import is_shut_out, is_wanted

LEASE = timedelta(seconds=60)
APART = timedelta(seconds=1)
"""Between two unasked messages to one address."""


class Taken(NamedTuple):  # many are made a second
    """A delivery of a claim; by `fence` and `claim_id` it is known whose mark counts. `payload` is JSON as stored."""

    id: int
    bulletin_id: int
    address: str
    payload: str
    fence: int
    claim_id: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a delivery. `again_at`: it is tried once more then (state `waiting`)."""

    taken: Taken
    state: DeliveryState
    error: str | None = None
    external_id: str | None = None
    again_at: datetime | None = None


_ACTIVE = (
    select(bulletins.c.id, bulletins.c.urgent)
    .where(bulletins.c.state.in_(("preparing", "sending")))
    .order_by(bulletins.c.started_at, bulletins.c.id)
)


def _is_undecided(table: FromClause) -> ColumnElement[bool]:
    """Of what is in somebody's hands: nobody knows yet what became of it, whoever took it back meanwhile."""
    return or_(
        *(table.c.state == each for each in ("waiting", "held", "cancelled"))
    )  # a list could not go many times


_OTHER = deliveries.alias("other")
_JUST_WRITTEN_TO = exists().where(
    _OTHER.c.channel == deliveries.c.channel,
    _OTHER.c.address == deliveries.c.address,
    _OTHER.c.id != deliveries.c.id,
    or_(
        and_(_OTHER.c.id.in_(HELD), _is_undecided(_OTHER)),
        _OTHER.c.sent_at > bindparam("just_now"),
    ),
)
_NEXT = (  # an index holds all of it: no row is read
    select(deliveries.c.id)
    .where(
        deliveries.c.bulletin_id == bindparam("bulletin"),
        deliveries.c.channel == bindparam("on"),
        text(WAITING),
        deliveries.c.due_at <= bindparam("now"),
        deliveries.c.id.not_in(HELD),
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("most"))
)
_TAKE = claim_of(_NEXT)
_TAKE_APART = claim_of(_NEXT.where(~_JUST_WRITTEN_TO))
_IS_GIVEN_UP = deliveries.c.state == "unknown"
_TEXTS = (
    select(
        deliveries.c.id,
        deliveries.c.bulletin_id,
        deliveries.c.address,
        cast(deliveries.c.payload, Text),  # who sends it reads it
        case((_IS_GIVEN_UP, deliveries.c.attempts), else_=deliveries.c.attempts + 1),
    )
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)), or_(text(WAITING), _IS_GIVEN_UP))
    .order_by(deliveries.c.id)
)
_OURS = and_(
    deliveries.c.id == bindparam("which"),
    or_(
        and_(deliveries.c.attempts == bindparam("fence") - 1, _is_undecided(deliveries)),
        # Whoever sent it knows better than the sweep that gave it up for unknown.
        and_(deliveries.c.attempts == bindparam("fence"), _IS_GIVEN_UP),
    ),
)
_MARK = (
    update(deliveries)
    .where(_OURS)
    .values(
        state=bindparam("to_state"),
        attempts=bindparam("fence"),
        error=bindparam("why"),
        external_id=bindparam("shown_as"),
        sent_at=bindparam("sent"),
        due_at=func.coalesce(bindparam("again", type_=deliveries.c.due_at.type), deliveries.c.due_at),
    )
)
_GIVE_UP = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)), _is_undecided(deliveries))
    .values(state="unknown", attempts=deliveries.c.attempts + 1, error="cut off while it was sent")
)
_ADD = insert(deliveries)


def active_bulletins(connection: Connection) -> list[tuple[int, bool]]:
    """Return the bulletins that are being sent, the one that began first first, and whether each is urgent."""
    return [(row.id, row.urgent) for row in connection.execute(_ACTIVE)]


def take_deliveries(
    connection: Connection, channel: str, bulletin_ids: Sequence[int], most: int, now: datetime
) -> list[Claim]:
    """Take up to `most` deliveries that are due, those of the first of these bulletins first; a claim for each bulletin.

    Where several processes send, who calls holds the channel's pace (pace.grant), so that no two take the same.
    """
    take = _TAKE_APART if len(bulletin_ids) > 1 else _TAKE  # within one bulletin no address comes twice
    told = {"on": channel, "now": now, "just_now": now - APART, "until": now + LEASE}
    made = list[Claim]()
    for bulletin in bulletin_ids:
        left = most - sum(len(each.ids) for each in made)
        if left == 0:
            break
        row = connection.execute(take, {**told, "bulletin": bulletin, "most": left}).one_or_none()
        if row is not None:
            made.append(Claim(*row))
    return made


def read_taken(connection: Connection, claim: Claim) -> list[Taken]:
    """Return what a claim holds, but for what was taken back since; not while others wait for the table.

    Of a claim that was given up meanwhile, too: whoever began nothing of it can say so.
    """
    rows = connection.execute(_TEXTS, {"ids": claim.ids})
    return [Taken(*row, claim.id, claim.lease_until) for row in rows]  # type: ignore[call-arg]  # a row is as long as _TEXTS


def mark_deliveries(connection: Connection, marks: Iterable[Mark], at: datetime) -> None:
    """Write down what became of deliveries; a mark whose fence somebody else took over changes nothing.

    What is to wait for another try is not tried where its person left or shut us out, or the bulletin ended, meanwhile.
    """
    marks = list(marks)
    let_go(connection, ((each.taken.claim_id, each.taken.id) for each in marks if each.state == "waiting"))
    values = [
        {
            "which": each.taken.id,
            "fence": each.taken.fence,
            "to_state": _state(connection, each),
            "why": each.error,
            "shown_as": each.external_id,
            "sent": at if each.state == "sent" else None,
            "again": each.again_at,
        }
        for each in marks
    ]
    if values:
        connection.execute(_MARK, values)


def _state(connection: Connection, mark: Mark) -> DeliveryState:
    if mark.state != "waiting" or is_wanted(connection, mark.taken.id):
        return mark.state
    return "blocked" if is_shut_out(connection, mark.taken.id) else "cancelled"


def give_up_cut_off(connection: Connection, now: datetime) -> int:
    """Mark as unknown what somebody took and did not mark before the lease ended; how many that were."""
    ended = ended_claims(connection, now)
    end_claims(connection, [each.id for each in ended])
    return sum(connection.execute(_GIVE_UP, {"ids": each.ids}).rowcount for each in ended)


def add_deliveries(connection: Connection, bulletin_id: int, new: Iterable[NewDelivery], at: datetime) -> int:
    """Store recipients of a bulletin; how many. One who has it already raises IntegrityError."""
    values = [
        {
            "bulletin_id": bulletin_id,
            "person_id": each.person_id,
            "firm_id": each.firm_id,
            "channel": each.channel,
            "address": each.address,
            "payload": each.payload,
            "state": each.state,
            "due_at": at,
            "attempts": 0,
            "created_at": at,
            "sent_at": at if each.state == "sent" else None,
        }
        for each in new
    ]
    if values:
        connection.execute(_ADD, values)
    return len(values)
