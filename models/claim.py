"""Claims (认领): which deliveries are in whose hands. One row for all that were taken at once, so that taking a hundred
writes nothing to the hundred, whose indexes would cost more than all the rest (ADR 0024).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

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


claims = table_of(ClaimTable)
_COLUMNS = columns_of(claims, Claim)

_ALL = select(claims.c.ids)
_ON_CHANNEL = _ALL.where(claims.c.channel == bindparam("on"))
_ADD = insert(claims).returning(claims.c.id)
_ENDED = select(*_COLUMNS).where(claims.c.lease_until <= bindparam("now")).with_for_update(skip_locked=True)
_LOCKED = select(*_COLUMNS).order_by(claims.c.id).with_for_update()
_SHORTEN = update(claims).where(claims.c.id == bindparam("which")).values(ids=bindparam("left"))


def claimed(connection: Connection, channel: str | None = None) -> set[int]:
    """Return the deliveries that are in somebody's hands, on one channel or all."""
    rows = connection.execute(_ALL) if channel is None else connection.execute(_ON_CHANNEL, {"on": channel})
    return {which for (ids,) in rows for which in ids}


def add_claim(connection: Connection, channel: str, ids: Sequence[int], lease_until: datetime) -> Claim:
    values = {"channel": channel, "ids": list(ids), "lease_until": lease_until}
    return Claim(connection.execute(_ADD, values).scalar_one(), list(ids), lease_until)


def end_claims(connection: Connection, claim_ids: Collection[int]) -> None:
    """Forget claims of which everything is marked."""
    if claim_ids:
        connection.execute(delete(claims).where(claims.c.id.in_(claim_ids)))


def let_go(connection: Connection, delivery_ids: Iterable[int]) -> None:
    """Take deliveries that are to be tried again out of the claim that they are in."""
    gone = set(delivery_ids)
    if not gone:
        return
    for claim in [Claim(*row) for row in connection.execute(_LOCKED)]:
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
