"""The overview for administrators (概览): how far talks come, where firms stand, what is in sight, how long reviews take. All from
kept counts; only where talks are left off is read from those that are under way, of which none is older than a month.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, text

from flows.contact import CONTACT
from flows.editions import Editions
from flows.exporting import harmless
from models.counters import LONGER, NOT_TOLD, WAITS, counts
from models.review import UNDER_WAY, reviews
from policy.schemes import Edition

NAMES = ("funnel", "city", "industry", "rung", "verdict", "money", "wait", "misread")
FUNNEL = ("started", "answered", "finished", "reviewed")
LEFT_AFTER = timedelta(days=1)
_MOST = 15
_CLAIMABLE = ("eligible", "conditional")


@dataclass(frozen=True, slots=True)
class Table:
    """One figure: its name, its rows of key and numbers. `is_yuan`: the numbers are whole yuan."""

    name: str
    rows: list[tuple[str, tuple[int, ...]]]
    is_yuan: bool = False

    @property
    def most(self) -> int:
        """The largest sum of a row, at least 1: what a bar is measured by."""
        return max((sum(numbers) for _, numbers in self.rows), default=0) or 1


@dataclass(frozen=True)
class Overview:
    """All figures of one fiscal year."""

    year: int
    years: list[int]
    tables: list[Table] = field(default_factory=list)


def overview(connection: Connection, editions: Editions, year: int | None, now: datetime) -> Overview:
    """Read the figures of a year, by default of the newest one that there is."""
    found = counts(connection, NAMES)
    years = sorted({int(key.split("|")[0]) for name, key in found if name == "funnel"}, reverse=True)
    chosen = year if year in years else years[0] if years else now.year - 1
    edition = editions.current(connection).edition
    of_year = Counter(
        {
            (name, key.split("|", 1)[1]): n
            for (name, key), n in found.items()
            if name != "misread" and key.startswith(f"{chosen}|")
        }
    )
    misread = {key: n for (name, key), n in found.items() if name == "misread"}
    return Overview(chosen, years, list(_tables(connection, edition, of_year, misread, chosen, now)))


def _tables(  # noqa: PLR0913, PLR0917  what the figures are made of
    connection: Connection,
    edition: Edition,
    found: Counter[tuple[str, str]],
    misread: dict[str, int],
    year: int,
    now: datetime,
) -> Iterator[Table]:
    yield Table("funnel", [(step, (found["funnel", step],)) for step in FUNNEL])
    for name in ("rung", "city", "industry"):
        rows = [(key or NOT_TOLD, (n,)) for (of, key), n in found.items() if of == name]
        by_key = name == "rung"
        yield Table(name, sorted(rows, key=lambda row: row[0] if by_key else -row[1][0]))
    schemes = [each.key for each in edition.schemes]
    titles = {each.key: each.title for each in edition.schemes}
    money = [
        (titles[key], tuple(found["money", f"{key}|{verdict}"] for verdict in _CLAIMABLE)) for key in schemes
    ]
    yield Table("money", money, is_yuan=True)
    yield Table("left", _left(connection, edition, year, now))
    yield Table("misread", _most(Counter({_title(edition, slot): n for slot, n in misread.items()})))
    yield Table("wait", [(each, (found["wait", each],)) for each in (*(name for name, _ in WAITS), LONGER)])


def _left(
    connection: Connection, edition: Edition, year: int, now: datetime
) -> list[tuple[str, tuple[int, ...]]]:
    """The questions at which talks stopped more than a day ago."""
    rows = connection.execute(
        select(reviews.c.left_at, func.count())
        .where(
            text(f"review.{UNDER_WAY}"),
            reviews.c.fiscal_year == year,
            reviews.c.changed_at < now - LEFT_AFTER,
        )
        .group_by(reviews.c.left_at)
    )
    found: Counter[str] = Counter()
    for slot, n in rows:
        found[NOT_TOLD if slot is None else _title(edition, slot)] += n
    return _most(found)


def _most(found: Counter[str]) -> list[tuple[str, tuple[int, ...]]]:
    return [(key, (n,)) for key, n in found.most_common(_MOST)]


def _title(edition: Edition, slot: str) -> str:
    """How a question is called; those of a list by the list."""
    if slot in CONTACT:
        return CONTACT[slot].title
    fact = edition.facts.get(slot.split(".", 1)[0])
    return slot if fact is None else fact.title


def as_csv(found: Overview) -> str:
    """All figures as one table: figure, key, numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("figure", "year", "key", "number", "second"))
    for table in found.tables:
        for key, numbers in table.rows:
            writer.writerow((table.name, found.year, harmless(key), *numbers))
    return out.getvalue()
