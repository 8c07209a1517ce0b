"""Emptying what was told unasked: deliveries past their time, and messages about several firms of which one goes. What is
counted of a bulletin (state, reason, opened, left) stays.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, or_, select, update

from models.base import JsonObject
from models.bulletin import deliveries
from models.firm import firms, memberships

SETTLED = ("sent", "failed", "blocked", "unknown", "merged", "cancelled")
_EMPTY: dict[str, Any] = {"payload": {}, "address": "", "external_id": None}


def blank_settled(connection: Connection, before: datetime, after: int, most: int) -> int | None:
    """Empty the next `most` deliveries beyond row `after` that were laid down before that day and go nowhere any more.

    Returns the last one that was emptied, None where there was none.
    """
    is_full = or_(
        deliveries.c.address != "",
        deliveries.c.external_id.is_not(None),
        cast(deliveries.c.payload, Text) != "{}",
    )
    overdue = and_(deliveries.c.created_at < before, deliveries.c.state.in_(SETTLED), is_full)
    wanted = select(deliveries.c.id).where(deliveries.c.id > after, overdue).order_by(deliveries.c.id)
    found = connection.execute(wanted.limit(most)).scalars().all()
    if not found:
        return None
    # Asked once more, because one that failed may be put back into the queue in this moment.
    these = deliveries.c.id.between(found[0], found[-1])
    connection.execute(update(deliveries).where(these, overdue).values(**_EMPTY))
    return int(found[-1])


def take_out_firm(connection: Connection, firm_id: int) -> None:
    """Take a firm that goes out of messages about several firms (a gathering, too), whose row names another one or none.

    What waits loses its part, and is cancelled where nothing else was told; what went out is emptied. A firm that never
    got a name is any nameless one, but for a message about one firm only, which the row names.
    """
    name = connection.execute(select(firms.c.name).where(firms.c.id == firm_id)).scalar()
    spoke = select(memberships.c.person_id).where(memberships.c.firm_id == firm_id)
    columns = deliveries.c.id, deliveries.c.state, deliveries.c.payload, deliveries.c.firm_id
    theirs = select(*columns).where(
        deliveries.c.person_id.in_(spoke), deliveries.c.firm_id.is_distinct_from(firm_id)
    )
    for row in connection.execute(theirs).all():
        named = list(_firms_in(row.payload))
        if name in named and (name is not None or row.firm_id is None or len(named) > 1):
            _take_out(connection, deliveries.c.id == row.id, row.state, row.payload, name)


def _take_out(
    connection: Connection, which: ColumnElement[bool], state: str, payload: JsonObject, name: str | None
) -> None:
    left = _without(payload, name)
    if state in SETTLED:
        connection.execute(update(deliveries).where(which).values(payload={}))
    elif list(_firms_in(left)) or left.get("data", {}).get("others"):
        connection.execute(update(deliveries).where(which).values(payload=left))
    else:
        # On its way: what became of it is marked by who sends it.
        ended = {} if state == "sending" else {"state": "cancelled"}
        connection.execute(update(deliveries).where(which).values(payload={}, **ended))


def _firms_in(told: Any) -> Iterator[str | None]:  # noqa: ANN401  JSON of any shape
    """The name of every firm that a message is about: each is an object with a name (None: it was not given) in a list."""
    if isinstance(told, dict):
        told = list(told.values())
    elif isinstance(told, list):
        yield from (each["name"] for each in told if _is_firm(each))
    else:
        return
    for each in told:
        yield from _firms_in(each)


def _without(told: Any, name: str | None) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(told, dict):
        return {key: _without(each, name) for key, each in told.items()}
    if isinstance(told, list):
        return [_without(each, name) for each in told if not (_is_firm(each) and each["name"] == name)]
    return told


def _is_firm(told: Any) -> bool:  # noqa: ANN401  JSON of any shape
    return isinstance(told, dict) and "name" in told
