"""Taking deliveries for sending and marking what became of them, for workers that may be killed, paused or not alone.

A delivery is taken only in the moment it is sent. What was taken and not marked when its lease ends may have arrived or
not: it is `unknown`, and not sent again, because the other side cannot tell two equal messages apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from models.bulletin import SENDING, WAITING, DeliveryState, NewDelivery, bulletins, deliveries
from models.wanted import is_shut_out, is_wanted

LEASE = timedelta(seconds=60)
APART = timedelta(seconds=1)
"""Between two unasked messages to one address."""


class Taken(NamedTuple):  # a hundred are made while others wait for the table
    """A delivery that is ours to send until the lease ends; `fence` goes with every mark, `payload` is JSON as stored."""

    id: int
    bulletin_id: int
    address: str
    payload: str
    fence: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a delivery. `again_at`: it is tried once more then (state `waiting`)."""

    id: int
    fence: int
    state: DeliveryState
    error: str | None = None
    external_id: str | None = None
    again_at: datetime | None = None


_ACTIVE = (
    select(bulletins.c.id, bulletins.c.urgent)
    .where(bulletins.c.state.in_(("preparing", "sending")))
    .order_by(bulletins.c.started_at, bulletins.c.id)
)
_OTHER = deliveries.alias("other")
_JUST_WRITTEN_TO = exists().where(
    _OTHER.c.channel == deliveries.c.channel,
    _OTHER.c.address == deliveries.c.address,
    _OTHER.c.id != deliveries.c.id,
    (_OTHER.c.state == "sending") | (_OTHER.c.sent_at > bindparam("just_now")),
)
_NEXT = (
    select(deliveries.c.id)
    .where(
        deliveries.c.bulletin_id == bindparam("bulletin"),
        deliveries.c.channel == bindparam("on"),
        text(WAITING),
        deliveries.c.due_at <= bindparam("now"),
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_RETURNED = (
    deliveries.c.id,
    deliveries.c.bulletin_id,
    deliveries.c.address,
    cast(deliveries.c.payload, Text),  # who sends it reads it: not while others wait for the table
    deliveries.c.attempts,
)
_TAKE = {
    apart: update(deliveries)
    .where(deliveries.c.id.in_(_NEXT.where(~_JUST_WRITTEN_TO) if apart else _NEXT))
    .values(state="sending", attempts=deliveries.c.attempts + 1, due_at=bindparam("lease"))
    .returning(*_RETURNED)
    for apart in (False, True)
}
_HELD = and_(
    deliveries.c.id == bindparam("which"),
    deliveries.c.attempts == bindparam("fence"),
    # Whoever sent it knows better than the sweep that gave it up for unknown.
    or_(deliveries.c.state == "sending", deliveries.c.state == "unknown"),
)
_MARK = (
    update(deliveries)
    .where(_HELD)
    .values(
        state=bindparam("to_state"),
        error=bindparam("why"),
        external_id=bindparam("shown_as"),
        sent_at=bindparam("sent"),
        due_at=func.coalesce(bindparam("again", type_=deliveries.c.due_at.type), deliveries.c.due_at),
    )
)
_GIVE_UP = (
    update(deliveries)
    .where(text(SENDING), deliveries.c.due_at <= bindparam("now"))
    .values(state="unknown", error="cut off while it was sent")
)
_ADD = insert(deliveries)


def active_bulletins(connection: Connection) -> list[tuple[int, bool]]:
    """Return the bulletins that are being sent, the one that began first first, and whether each is urgent."""
    return [(row.id, row.urgent) for row in connection.execute(_ACTIVE)]


def take_deliveries(
    connection: Connection, channel: str, bulletin_ids: Sequence[int], most: int, now: datetime
) -> list[Taken]:
    """Take up to `most` deliveries that are due, of the first of these bulletins that has any."""
    apart = len(bulletin_ids) > 1  # within one bulletin no address comes twice
    lease = now + LEASE
    taken: list[Taken] = []
    for bulletin in bulletin_ids:
        if len(taken) >= most:
            break
        values = {"bulletin": bulletin, "on": channel, "now": now, "most": most - len(taken), "lease": lease}
        if apart:
            values["just_now"] = now - APART
        rows = connection.execute(_TAKE[apart], values).all()
        taken += [Taken(*row, lease) for row in rows]  # type: ignore[call-arg]  # a row is as long as _RETURNED
    return sorted(taken, key=attrgetter("id"))


def mark_deliveries(connection: Connection, marks: Iterable[Mark], at: datetime) -> None:
    """Write down what became of deliveries; a mark whose fence somebody else took over changes nothing.

    What is to wait for another try is not tried where its person left or shut us out, or the bulletin ended, meanwhile.
    """
    values = [
        {
            "which": each.id,
            "fence": each.fence,
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
    if mark.state != "waiting" or is_wanted(connection, mark.id):
        return mark.state
    return "blocked" if is_shut_out(connection, mark.id) else "cancelled"


def give_up_cut_off(connection: Connection, now: datetime) -> int:
    """Mark as unknown what somebody took and did not mark before the lease ended; how many that were."""
    return connection.execute(_GIVE_UP, {"now": now}).rowcount


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
