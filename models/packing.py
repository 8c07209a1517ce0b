"""Facts packed beside their JSON (see policy/layout.py): many at a time, in and out. A turn writes one with its snapshot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from models.assessment import assessments
from models.base import JsonObject
from models.firm import firms

_AT_ONCE = 500  # a statement takes only so many parameters
_newer = assessments.alias("newer")
IS_OPEN = ~exists().where(
    _newer.c.firm_id == assessments.c.firm_id, _newer.c.fiscal_year > assessments.c.fiscal_year
)
"""An assessment is open for a new edition while it is of the newest fiscal year of its firm (ADR 0018)."""


class Packed(NamedTuple):
    """What is read of an assessment to judge it with many others; `record` None: only its JSON tells."""

    id: int
    version: int
    edition_id: int
    is_open: bool
    record: bytes | None


_RANGE = assessments.c.id.between(bindparam("first"), bindparam("last"))
_PACKED = (
    select(assessments.c.id, assessments.c.version, assessments.c.edition_id, IS_OPEN, assessments.c.packed)
    .where(_RANGE)
    .order_by(assessments.c.id)
)
_BARE = (
    select(assessments.c.id, assessments.c.version, assessments.c.edition_id, IS_OPEN)
    .where(_RANGE)
    .order_by(assessments.c.id)
)
_CONCERNED = (  # not those that were made under the edition itself
    IS_OPEN,
    or_(assessments.c.edition_id != bindparam("target"), assessments.c.created_at < bindparam("since")),
)
_STORE = (
    update(assessments)
    .where(assessments.c.id == bindparam("which"), assessments.c.version == bindparam("seen"))
    .values(packed=bindparam("record"))
)
_REBUILT = (
    select(assessments.c.id, assessments.c.version, assessments.c.edition_id, assessments.c.facts)
    .where(assessments.c.id > bindparam("after"))
    .order_by(assessments.c.id)
    .limit(bindparam("most"))
)


def read_packed(
    connection: Connection,
    first: int,
    last: int,
    concerned: tuple[int, datetime] | None = None,
    *,
    records: bool = True,
) -> list[Packed]:
    """Return the assessments with ids from `first` to `last`.

    `concerned` (an edition, since when it is in force): only the open ones that were made under an earlier one.
    """
    wanted = _PACKED if records else _BARE
    told: dict[str, Any] = {"first": first, "last": last}
    if concerned is not None:
        wanted = wanted.where(*_CONCERNED)
        told |= {"target": concerned[0], "since": concerned[1]}
    rows = connection.execute(wanted, told).all()
    return [Packed(row[0], row[1], row[2], row[3], row[4] if records else None) for row in rows]


def read_facts_of(
    connection: Connection, ids: Sequence[int], *, lock: bool = False
) -> dict[int, tuple[int, JsonObject]]:
    """Return version and snapshot of assessments by id; `lock`: they stay so until the transaction ends."""
    found: dict[int, tuple[int, JsonObject]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        wanted = select(assessments.c.id, assessments.c.version, assessments.c.facts).where(
            assessments.c.id.in_(ids[start : start + _AT_ONCE])
        )
        rows = connection.execute(wanted.order_by(assessments.c.id).with_for_update() if lock else wanted)
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found


def standing_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return version and edition of assessments by id."""
    wanted = select(assessments.c.id, assessments.c.version, assessments.c.edition_id)
    rows = connection.execute(wanted.where(assessments.c.id.in_(ids)))
    return {row[0]: (row[1], row[2]) for row in rows}


def cities_of(connection: Connection, ids: Sequence[int]) -> dict[int, str | None]:
    """Return the cities of the assessments' firms."""
    found: dict[int, str | None] = {}
    for start in range(0, len(ids), _AT_ONCE):
        wanted = (
            select(assessments.c.id, firms.c.city)
            .join(firms, firms.c.id == assessments.c.firm_id)
            .where(assessments.c.id.in_(ids[start : start + _AT_ONCE]))
        )
        found |= {row[0]: row[1] for row in connection.execute(wanted)}
    return found


def move_to_edition(connection: Connection, ids: Sequence[int], edition_id: int) -> None:
    """Note under which edition assessments are judged from now on."""
    for start in range(0, len(ids), _AT_ONCE):
        moved = update(assessments).where(assessments.c.id.in_(ids[start : start + _AT_ONCE]))
        connection.execute(moved.values(edition_id=edition_id))


def read_snapshots(connection: Connection, after: int, limit: int) -> list[tuple[int, int, int, JsonObject]]:
    """Return id, version, edition and snapshot of the next assessments beyond id `after`."""
    return [tuple(row) for row in connection.execute(_REBUILT, {"after": after, "most": limit})]


def store_records(connection: Connection, found: Sequence[tuple[int, int, bytes | None]]) -> None:
    """Store records (id, version, record); not where the assessment has changed since."""
    values = [{"which": which, "seen": seen, "record": record} for which, seen, record in found]
    if values:
        connection.execute(_STORE, values)
