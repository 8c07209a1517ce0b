"""Counts that are kept, so that the overview never counts a million rows: each is a function of stored rows, changed in the
transaction that changes the rows, and can be made anew from them (`recount`). Rows are sharded: turns that run side by side
seldom wait for each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import TypeAlias

from sqlalchemy import Connection, SmallInteger, Text, bindparam, delete, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from models.answer import Answer
from models.base import Base, Yuan, table_of
from models.review import Review, Told

SHARDS = 16
WAITS = (("1d", timedelta(days=1)), ("3d", timedelta(days=3)), ("7d", timedelta(days=7)))
LONGER = "longer"
NOT_TOLD = ""
_NARROWED = "threshold"

Counts: TypeAlias = Counter[tuple[str, str]]
"""By name and key; a key begins with the fiscal year where it has one."""


class TallyTable(Base):
    """One shard of one count (or of one sum of yuan)."""

    __tablename__ = "tally"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    n: Mapped[Yuan] = mapped_column()


tallies = table_of(TallyTable)

_ADD = text(
    "INSERT INTO tally (name, key, shard, n) VALUES (:name, :key, :shard, :n)"
    " ON CONFLICT (name, key, shard) DO UPDATE SET n = tally.n + excluded.n"
)
_SUMS = (
    select(tallies.c.name, tallies.c.key, func.sum(tallies.c.n))
    .where(tallies.c.name.in_(bindparam("names", expanding=True)))
    .group_by(tallies.c.name, tallies.c.key)
    .order_by(tallies.c.name, tallies.c.key)
)


def add_counts(connection: Connection, changes: Mapping[tuple[str, str], int], shard: int) -> None:
    """Add to counts. In one order always, so that two turns never wait for each other in a ring."""
    rows = [
        {"name": name, "key": key, "shard": shard % SHARDS, "n": n}
        for (name, key), n in sorted(changes.items())
        if n
    ]
    if rows:
        connection.execute(_ADD, rows)


def drop_empty(connection: Connection, shard: int) -> None:
    """Delete counts that came to nothing, so that no key outlives what it counted."""
    nothing = (tallies.c.shard == shard % SHARDS, tallies.c.n == 0)
    connection.execute(delete(tallies).where(*nothing))


def counts(connection: Connection, names: Iterable[str]) -> Counts:
    """Return the counts of these names; those that are zero may be left out."""
    rows = connection.execute(_SUMS, {"names": list(names)})
    return Counter({(name, key): int(n) for name, key, n in rows if n})


def recount(connection: Connection, anew: Mapping[tuple[str, str], int]) -> None:
    """Put these counts in the place of all that are kept."""
    connection.execute(delete(tallies))
    rows = [{"name": name, "key": key, "shard": 0, "n": n} for (name, key), n in sorted(anew.items()) if n]
    if rows:
        connection.execute(insert(tallies), rows)


def contribution(row: Review, told: Iterable[Told]) -> Counts:
    """What one assessment adds to the counts."""
    year = row.fiscal_year
    found: Counts = Counter({("funnel", f"{year}|started"): 1})
    if row.answered_at is not None:
        found["funnel", f"{year}|answered"] += 1
    if row.state != "open":
        found["state", f"{row.city or NOT_TOLD}|{row.state}"] += 1
    if row.finished_at is None:
        return found
    found["funnel", f"{year}|finished"] += 1
    found["city", f"{year}|{row.city or NOT_TOLD}"] += 1
    found["industry", f"{year}|{row.industry or NOT_TOLD}"] += 1
    found["rung", f"{year}|{NOT_TOLD if row.rung is None else row.rung}"] += 1
    for each in told:
        found["verdict", f"{year}|{each.subject}|{each.verdict}"] += 1
        if each.amount_yuan:
            found["money", f"{year}|{each.subject}|{each.verdict}"] += each.amount_yuan
    if row.reviewed_at is not None:
        found["funnel", f"{year}|reviewed"] += 1
        found["wait", f"{year}|{_wait(row)}"] += 1
    return found


def _wait(row: Review) -> str:
    took = (row.reviewed_at or row.changed_at) - (row.waiting_since or row.changed_at)
    return next((name for name, most in WAITS if took <= most), LONGER)


def is_misread(slot: str, before: Answer | None, after: Answer) -> bool:
    """Whether an answer puts another value in the place of one that stood: it was misread, or mistyped.

    Only what is asked as one figure or word counts, and no range that a later answer makes more precise.
    """
    if before is None or "." in slot.removeprefix("about.") or after.rule == _NARROWED:
        return False
    if {before.kind, after.kind} != {"value"} or before.as_read == after.as_read:
        return False
    return not (isinstance(before.as_read, dict) and "low" in before.as_read)


def misread(slot: str) -> Counts:
    """What one such answer adds."""
    return Counter({("misread", slot): 1})


def misreads_in(history: Iterable[Answer]) -> Counts:
    """The same from an assessment's whole history, the oldest answer first."""
    by_slot: dict[str, list[Answer]] = {}
    for each in history:
        by_slot.setdefault(each.slot, []).append(each)
    return Counter(
        ("misread", slot)
        for slot, given in by_slot.items()
        for before, after in pairwise(given)
        if is_misread(slot, before, after)
    )
