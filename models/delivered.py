"""What became of bulletins, for who looks at them: counts by state and reason, and the recipients page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from models.bulletin import BULLETIN_COLUMNS, Bulletin, DeliveryState, bulletins, deliveries
from models.claim import claimed, under_way
from models.firm import firms

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
_MOST_REASONS = 50


@dataclass(frozen=True, slots=True)
class Delivered:
    """A recipient: the firm it was about (None: not about one), and what became of it. Where they are reached is left out.

    `person_id` is the row's place in the list, because an index has them in that order.
    """

    id: int
    person_id: int
    firm: str | None
    city: str | None
    channel: str
    state: DeliveryState
    attempts: int
    error: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    left_at: datetime | None


_OLDER = (
    select(*BULLETIN_COLUMNS)
    .where(bulletins.c.id < bindparam("before"))
    .order_by(bulletins.c.id.desc())
    .limit(bindparam("most"))
)
_REASONS = (
    select(deliveries.c.state, deliveries.c.error, func.count())
    .where(deliveries.c.bulletin_id == bindparam("bulletin"), deliveries.c.error.is_not(None))
    .group_by(deliveries.c.state, deliveries.c.error)
    .order_by(func.count().desc(), deliveries.c.error)
    .limit(_MOST_REASONS)
)
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    deliveries.c.id,
    deliveries.c.person_id,
    firms.c.name,
    firms.c.city,
    deliveries.c.channel,
    deliveries.c.state,
    deliveries.c.attempts,
    deliveries.c.error,
    deliveries.c.sent_at,
    deliveries.c.opened_at,
    deliveries.c.left_at,
)
_PAGE = (
    select(*_COLUMNS)
    .outerjoin(firms, firms.c.id == deliveries.c.firm_id)
    .where(deliveries.c.bulletin_id == bindparam("bulletin"), deliveries.c.person_id > bindparam("after"))
    .order_by(deliveries.c.person_id)
    .limit(bindparam("most"))
)
_IN_STATE = _PAGE.where(deliveries.c.state == bindparam("in_state"))
_HELD = deliveries.c.id.in_(bindparam("held", expanding=True))
_OF_STATE = {
    "waiting": _IN_STATE.where(~_HELD),
    "sending": _PAGE.where(deliveries.c.state == "waiting", _HELD),
}
"""What waits and is in somebody's hands is being sent."""


def bulletins_before(connection: Connection, before: int, most: int) -> list[Bulletin]:
    """Return the bulletins older than row `before`, the newest first."""
    rows = connection.execute(_OLDER, {"before": before, "most": most})
    return [Bulletin(*row) for row in rows]


def counts_of(connection: Connection, bulletin_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return for each of these bulletins how many deliveries are in which state."""
    counted = (
        select(deliveries.c.bulletin_id, deliveries.c.state, func.count())
        .where(deliveries.c.bulletin_id.in_(bulletin_ids))
        .group_by(deliveries.c.bulletin_id, deliveries.c.state)
    )
    found: dict[int, dict[str, int]] = {each: {} for each in bulletin_ids}
    for which, state, number in connection.execute(counted):
        found[which][state] = number
    for which, number in under_way(connection, bulletin_ids).items():
        left = found[which].pop("waiting", 0) - number
        found[which] |= {"sending": number} | ({"waiting": left} if left > 0 else {})
    return found


def delivery_counts(connection: Connection, bulletin_id: int) -> dict[str, int]:
    """Return how many deliveries of a bulletin are in which state."""
    return counts_of(connection, [bulletin_id])[bulletin_id]


def have_delivery(connection: Connection, bulletin_id: int, person_ids: Sequence[int]) -> set[int]:
    """Return who of these people gets this bulletin already."""
    wanted = select(deliveries.c.person_id).where(
        deliveries.c.bulletin_id == bulletin_id, deliveries.c.person_id.in_(person_ids)
    )
    return set(connection.execute(wanted).scalars())


def reasons_of(connection: Connection, bulletin_id: int) -> list[tuple[str, str, int]]:
    """Return why deliveries did not go out, as (state, reason, how many), the most frequent first."""
    rows = connection.execute(_REASONS, {"bulletin": bulletin_id})
    return [(str(state), str(error), int(number)) for state, error, number in rows]


def recipients_of(
    connection: Connection, bulletin_id: int, after: int, most: int, state: str | None = None
) -> list[Delivered]:
    """Return the next `most` recipients beyond person `after`, of one state if told."""
    held = claimed(connection)
    values = {"bulletin": bulletin_id, "after": after, "most": most, "in_state": state, "held": list(held)}
    wanted = _PAGE if state is None else _OF_STATE.get(state, _IN_STATE)
    found = [Delivered(*row) for row in connection.execute(wanted, values)]
    return [replace(row, state="sending") if _is_on_its_way(row, held) else row for row in found]


def _is_on_its_way(row: Delivered, held: set[int]) -> bool:
    return row.state == "waiting" and row.id in held


def channels_of(connection: Connection, bulletin_id: int) -> Iterator[tuple[str, int]]:
    """Yield each channel with the number of its recipients."""
    counted = (
        select(deliveries.c.channel, func.count())
        .where(deliveries.c.bulletin_id == bulletin_id)
        .group_by(deliveries.c.channel)
        .order_by(deliveries.c.channel)
    )
    yield from ((str(channel), int(number)) for channel, number in connection.execute(counted))
