"""Emptying what was told unasked: deliveries past their time, and messages about several firms of which one goes. What is
counted of a bulletin (state, reason, opened, left) stays.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, or_, select, update

from models.base import JsonObject
from models.bulletin import deliveries
from models.firm import firms, memberships

SETTLED = ("sent", "failed", "blocked", "unknown", "merged", "cancelled")
_EMPTY: dict[str, Any] = {"payload": {}, "address": "", "external_id": None}


def settled_before(connection: Connection, before: datetime, after: int, most: int) -> tuple[int, int] | None:
    """Return the first and the last of the next `most` deliveries beyond row `after` that are to be emptied: laid down
    before that day, and going nowhere any more. None: there are none.

    It walks over all that was emptied already, so that it is no part of a turn that others wait for.
    """
    wanted = (
        select(deliveries.c.id).where(deliveries.c.id > after, _overdue(before)).order_by(deliveries.c.id)
    )
    found = connection.execute(wanted.limit(most)).scalars().all()
    return (found[0], found[-1]) if found else None


def blank_settled(connection: Connection, before: datetime, which: tuple[int, int]) -> None:
    """Empty those from the first to the last that still are to be: one that failed may be in the queue again by now."""
    these = deliveries.c.id.between(*which)
    connection.execute(update(deliveries).where(these, _overdue(before)).values(**_EMPTY))


def _overdue(before: datetime) -> ColumnElement[bool]:
    is_full = or_(
        deliveries.c.address != "",
        deliveries.c.external_id.is_not(None),
        cast(deliveries.c.payload, Text) != "{}",
    )
    return and_(deliveries.c.created_at < before, deliveries.c.state.in_(SETTLED), is_full)


def take_out_firm(connection: Connection, firm_id: int) -> None:
    """Take a firm that goes out of messages about several firms (a gathering, too), whose row names another one or none.

    What waits loses its part, and is cancelled where nothing else was told; what went out is emptied.
    """
    name = connection.execute(select(firms.c.name).where(firms.c.id == firm_id)).scalar()
    spoke = select(memberships.c.person_id).where(memberships.c.firm_id == firm_id)
    columns = deliveries.c.id, deliveries.c.state, deliveries.c.payload
    theirs = select(*columns).where(
        deliveries.c.person_id.in_(spoke), deliveries.c.firm_id.is_distinct_from(firm_id)
    )

    def is_it(told: JsonObject) -> bool:
        # What was laid down before firms had their number there is known by its name only.
        return bool(told["firm"] == firm_id if "firm" in told else name is not None and told["name"] == name)

    # Locked (on PostgreSQL), so that what becomes of it meanwhile is waited for, and stays.
    for row in connection.execute(theirs.with_for_update()).all():
        if any(map(is_it, _firms_in(row.payload))):
            _take_out(connection, deliveries.c.id == row.id, row.state, _without(row.payload, is_it))


def _take_out(connection: Connection, which: ColumnElement[bool], state: str, left: JsonObject) -> None:
    values: dict[str, Any] = {"payload": left if state not in SETTLED and _tells_something(left) else {}}
    if not values["payload"] and state not in SETTLED:
        values["state"] = "cancelled"
    connection.execute(update(deliveries).where(which).values(**values))


def _tells_something(left: JsonObject) -> bool:
    return any(True for _ in _firms_in(left)) or bool(left.get("data", {}).get("others"))


def _firms_in(told: Any) -> Iterator[JsonObject]:  # noqa: ANN401  JSON of any shape
    """Every firm that a message is about: each is an object with a name (None: it was not given) in a list."""
    if isinstance(told, dict):
        told = list(told.values())
    elif isinstance(told, list):
        yield from (each for each in told if _is_firm(each))
    else:
        return
    for each in told:
        yield from _firms_in(each)


def _without(told: Any, is_it: Callable[[JsonObject], bool]) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(told, dict):
        return {key: _without(each, is_it) for key, each in told.items()}
    if isinstance(told, list):
        left = [_without(each, is_it) for each in told if not (_is_firm(each) and is_it(each))]
        return [new for new in left if not _is_bare(new)]
    return told


def _is_firm(told: Any) -> bool:  # noqa: ANN401  JSON of any shape
    return isinstance(told, dict) and "name" in told


def _is_bare(told: Any) -> bool:  # noqa: ANN401  JSON of any shape
    """A part of a gathering of which only its heading is left."""
    return isinstance(told, dict) and "reminders" in told and not (told["reminders"] or told.get("body"))
