"""Deliveries that are held for the weekly gathering, by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select, text, update

from models.base import JsonObject
from models.bulletin import HELD, deliveries
from models.person import accounts


@dataclass(frozen=True, slots=True)
class Held:
    """A held delivery, and the account it belongs to."""

    id: int
    person_id: int
    account_id: int
    firm_id: int | None
    channel: str
    address: str
    payload: JsonObject


_TOLD = deliveries.alias("told")
_HAS_HEARD = exists().where(
    _TOLD.c.bulletin_id == bindparam("told_in"), _TOLD.c.person_id == deliveries.c.person_id
)
_PEOPLE = (
    select(deliveries.c.person_id)
    .where(text(f"delivery.{HELD}"), deliveries.c.created_at <= bindparam("then"), ~_HAS_HEARD)
    .distinct()
    .order_by(deliveries.c.person_id)
    .limit(bindparam("most"))
)
_HELD = (
    select(
        deliveries.c.id,
        deliveries.c.person_id,
        accounts.c.id,
        deliveries.c.firm_id,
        deliveries.c.channel,
        deliveries.c.address,
        deliveries.c.payload,
    )
    .join(
        accounts,
        (accounts.c.channel == deliveries.c.channel) & (accounts.c.address == deliveries.c.address),
    )
    .where(text(f"delivery.{HELD}"), deliveries.c.person_id == bindparam("person"))
    .order_by(deliveries.c.id)
)


def held_deliveries(
    connection: Connection, most: int, before: datetime, told_in: int = 0
) -> dict[int, list[Held]]:
    """Return what is held for the next `most` people, the oldest of each first; who heard by bulletin `told_in` waits."""
    values = {"most": most, "then": before, "told_in": told_in}
    people = connection.execute(_PEOPLE, values).scalars().all()
    found = {
        person: [Held(*row) for row in connection.execute(_HELD, {"person": person})] for person in people
    }
    return {person: held for person, held in found.items() if held}


def merge_held(connection: Connection, ids: Sequence[int]) -> int:
    """Note that these were told in one message; how many that were."""
    merged = update(deliveries).where(deliveries.c.id.in_(ids), deliveries.c.state == "held")
    return connection.execute(merged.values(state="merged")).rowcount
