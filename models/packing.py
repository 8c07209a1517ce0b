"""Facts packed beside their JSON (see policy/layout.py): many at a time, in and out. A turn writes one with its snapshot."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import compress
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, exists, or_, select, update

from models.assessment import assessments
from models.bare import read_bare
from models.base import KEY, JsonObject
from models.firm import firms

_AT_ONCE = 500  # a statement takes only so many parameters
_newer = assessments.alias("newer")
IS_OPEN = ~exists().where(
    _newer.c.firm_id == assessments.c.firm_id, _newer.c.fiscal_year > assessments.c.fiscal_year
)
"""An assessment is open for a new edition while it is of the newest fiscal year of its firm (ADR 0018)."""


class Packed(NamedTuple):
    """What is read of assessments to judge many at once, place by place; a record that is None: only its JSON tells."""

    ids: Sequence[int]
    records: Sequence[bytes | None]


_UNDER = case((IS_OPEN, bindparam("before", type_=KEY)), else_=assessments.c.edition_id)
_ALL = select(assessments.c.id, _UNDER)
_CONCERNED = select(assessments.c.id, bindparam("before", type_=KEY)).where(
    IS_OPEN,
    # not those that were made under the edition itself
    or_(assessments.c.edition_id != bindparam("target"), assessments.c.created_at < bindparam("since")),
)
_RANGE = assessments.c.id.between(bindparam("first"), bindparam("last"))
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
    chunk: tuple[int, int],
    before: int,
    concerned: tuple[int, datetime] | None = None,
    *,
    records: bool = True,
) -> dict[int, Packed]:
    """Return the assessments with ids from the first to the last of `chunk`, by the edition that they stand under: the
    open ones under `before`, each other one under its own.

    `concerned` (an edition, since when it is in force): only the open ones that were made under an earlier one.
    """
    wanted = (_ALL if concerned is None else _CONCERNED).where(_RANGE).order_by(assessments.c.id)
    told: dict[str, Any] = {"first": chunk[0], "last": chunk[1], "before": before}
    if concerned is not None:
        told |= {"target": concerned[0], "since": concerned[1]}
    rows = read_bare(connection, wanted.add_columns(assessments.c.packed) if records else wanted, told)
    if not rows:
        return {}
    ids, under, *packed = zip(*rows, strict=True)
    kept = packed[0] if records else (None,) * len(ids)
    return _by_edition(under, Packed(ids, kept))


def _by_edition(under: Sequence[int], packed: Packed) -> dict[int, Packed]:
    editions = set(under)
    if len(editions) == 1:
        return {under[0]: packed}
    found = {}
    for edition in sorted(editions):
        these = [each == edition for each in under]
        found[edition] = Packed(tuple(compress(packed.ids, these)), tuple(compress(packed.records, these)))
    return found


def read_facts_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, JsonObject]]:
    """Return version and snapshot of assessments by id."""
    wanted = select(assessments.c.id, assessments.c.version, assessments.c.facts)
    return {row[0]: (row[1], row[2]) for row in _of(connection, wanted, ids)}


def lock_versions(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Return the versions of assessments by id; they stay so until the transaction ends."""
    wanted = select(assessments.c.id, assessments.c.version).with_for_update()
    return {row[0]: row[1] for row in _of(connection, wanted, ids)}


def _of(connection: Connection, wanted: Select[Any, Any], ids: Sequence[int]) -> Iterator[Any]:
    for start in range(0, len(ids), _AT_ONCE):
        these = assessments.c.id.in_(ids[start : start + _AT_ONCE])
        yield from connection.execute(wanted.where(these).order_by(assessments.c.id))


def standing_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return version and edition of assessments by id."""
    wanted = select(assessments.c.id, assessments.c.version, assessments.c.edition_id)
    rows = connection.execute(wanted.where(assessments.c.id.in_(ids)))
    return {row[0]: (row[1], row[2]) for row in rows}


def cities_of(connection: Connection, ids: Sequence[int]) -> dict[int, str | None]:
    """Return the cities of the assessments' firms."""
    wanted = select(assessments.c.id, firms.c.city).join(firms, firms.c.id == assessments.c.firm_id)
    return {row[0]: row[1] for row in _of(connection, wanted, ids)}


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
