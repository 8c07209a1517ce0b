"""Claims (认领): which deliveries are in whose hands. One row for all that were taken at once, so that taking a hundred
writes nothing to the hundred, whose indexes would cost more than all the rest (ADR 0024).
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.functions import FunctionElement

from models.base import NEVER_REUSE_IDS, PLAIN_JSON, Base, Reference, columns_of, table_of
from models.bulletin import deliveries


class ClaimTable(Base):
    """`ids`: the deliveries that were taken, but for those that go back to the others to be tried again."""

    __tablename__ = "claim"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    channel: Mapped[str]
    ids: Mapped[list[int]] = mapped_column(PLAIN_JSON)
    lease_until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries that are ours to send until the lease ends, by their ids."""

    id: int
    ids: list[int]
    lease_until: datetime


class _Gathered(FunctionElement[list[int]]):
    """The ids of rows as one JSON list."""

    name, inherit_cache = "gathered", True
    type = PLAIN_JSON  # type: ignore[assignment]  # the list of JSON is of ints


class _Each(FunctionElement[int]):
    """The members of a JSON list, a row each, in a column `value`."""

    name, inherit_cache = "each", True


@compiles(_Gathered, "sqlite")
def _gathered_sqlite(element: _Gathered, compiler: SQLCompiler, **named: object) -> str:
    return f"json_group_array({compiler.process(element.clauses, **named)})"


@compiles(_Gathered, "postgresql")
def _gathered_postgresql(element: _Gathered, compiler: SQLCompiler, **named: object) -> str:
    return f"json_agg({compiler.process(element.clauses, **named)})"


@compiles(_Each, "sqlite")
def _each_sqlite(element: _Each, compiler: SQLCompiler, **named: object) -> str:
    return f"json_each({compiler.process(element.clauses, **named)})"


@compiles(_Each, "postgresql")
def _each_postgresql(element: _Each, compiler: SQLCompiler, **named: object) -> str:
    return f"json_array_elements_text({compiler.process(element.clauses, **named)})"


claims = table_of(ClaimTable)
_COLUMNS = columns_of(claims, Claim)

_MEMBER = _Each(claims.c.ids).table_valued("value", joins_implicitly=True)
HELD = (
    select(cast(_MEMBER.c.value, BigInteger))
    .select_from(claims, _MEMBER)  # in this order: the second reads the first
    .where(claims.c.channel == bindparam("on"))
)
"""The ids that are in somebody's hands on channel `on`."""
_ALL = select(claims.c.ids)
_ENDED = select(*_COLUMNS).where(claims.c.lease_until <= bindparam("now")).with_for_update(skip_locked=True)
_LOCKED = select(*_COLUMNS).order_by(claims.c.id).with_for_update()
_SHORTEN = update(claims).where(claims.c.id == bindparam("which")).values(ids=bindparam("left"))


def claimed(connection: Connection) -> set[int]:
    """Return the deliveries that are in somebody's hands."""
    return {which for (ids,) in connection.execute(_ALL) for which in ids}


def claim_of(free: Select[tuple[int]]) -> ReturningInsert[Any]:
    """Return the statement that takes the ids which `free` finds, on channel `on` and until `until`; none: no row."""
    found = free.subquery()
    taken = select(
        bindparam("on", type_=claims.c.channel.type),
        _Gathered(found.c.id),
        bindparam("until", type_=claims.c.lease_until.type),
    ).having(func.count() > 0)
    return insert(claims).from_select(["channel", "ids", "lease_until"], taken).returning(*_COLUMNS)


def end_claims(connection: Connection, claim_ids: Collection[int]) -> None:
    """Forget claims of which everything is marked."""
    if claim_ids:
        connection.execute(delete(claims).where(claims.c.id.in_(claim_ids)))


def let_go(connection: Connection, taken: Iterable[tuple[int, int]]) -> None:
    """Take deliveries that are to be tried again out of their claims: (claim, delivery) each. Where that is done already,
    another may have them by now, who keeps them.
    """
    gone: dict[int, set[int]] = {}
    for claim_id, delivery_id in taken:
        gone.setdefault(claim_id, set()).add(delivery_id)
    if gone:
        _shorten(connection, _LOCKED.where(claims.c.id.in_(gone)), set().union(*gone.values()))


def free(connection: Connection, delivery_ids: Iterable[int]) -> None:
    """Take deliveries of which it is known what became of them out of whatever claim they are in."""
    gone = set(delivery_ids)
    if gone:
        _shorten(connection, _LOCKED, gone)


def _shorten(connection: Connection, among: Select[Any], gone: set[int]) -> None:
    for claim in [Claim(*row) for row in connection.execute(among)]:
        left = [which for which in claim.ids if which not in gone]
        if len(left) < len(claim.ids):
            connection.execute(_SHORTEN, {"which": claim.id, "left": left})


def ended_claims(connection: Connection, now: datetime) -> list[Claim]:
    """Return the claims whose lease is over, for this transaction."""
    return [Claim(*row) for row in connection.execute(_ENDED, {"now": now})]


def under_way(connection: Connection, bulletin_ids: Collection[int]) -> Counter[int]:
    """Return for each of these bulletins how many of its deliveries are in somebody's hands."""
    held = claimed(connection)
    if not held:
        return Counter()
    counted = (
        select(deliveries.c.bulletin_id, func.count())
        .where(
            deliveries.c.id.in_(held),
            deliveries.c.bulletin_id.in_(bulletin_ids),
            deliveries.c.state == "waiting",
        )
        .group_by(deliveries.c.bulletin_id)
    )
    return Counter({row[0]: row[1] for row in connection.execute(counted)})
