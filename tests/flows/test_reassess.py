"""An edition over stored assessments: named exactly those whom it concerns, told once, whoever dies in between."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from benchmarks.reassess import DAY, NOON, Seed, lowered, seed, seeds
from flows.editions import Editions, publish_shipped
from flows.publishing import publish, review_and_publish
from flows.reassess import LEASE, start_dry_run, start_due, work
from flows.rebuilding import rebuild_records
from flows.tallies import added_up
from models.assessment import assessments
from models.base import RefusedError
from models.changes import changes, changes_of
from models.crash import KILLED
from models.determination import determinations
from models.draft import Deed, name_of, review_draft
from models.edition import StoredEdition, by_id, in_force
from models.reassessment import Run, cancel_run, claim, progress_of, run_by_id, settle_chunk, tallies_of
from models.session import Database
from policy.layout import layout_of
from policy.load import SHIPPED, load_edition

SUBSIDY = "tech-upgrade-demo-subsidy"
HENAN = load_edition(SHIPPED)
ZHANG, LI = Deed("张工", NOON), Deed("李工", NOON)


@cache
def firms(count: int) -> list[Seed]:
    """So many firms; fewer of them are the first of many."""
    return list(seeds(HENAN, count, Random(20261123)))


def filled(database: Database, count: int) -> int:
    """Publish the shipped edition and store so many firms; number n is firms(count)[n % count]."""
    edition = database.turn(publish_shipped)
    seed(database, edition, firms(count), count)
    return edition


def between_the_gates(facts: Mapping[str, Any]) -> bool:
    """Straight over what was said: a project in Henan that the old gate shuts out and the new one lets in."""
    told = {key: value for key, (_, value) in facts.items()}
    total, equipment = told.get("upgrade_total_investment"), told.get("upgrade_equipment_software")
    if told.get("registered_in_henan") is False or told.get("upgrade_project") is not True:
        return False
    if told.get("upgrade_demo_recognized") is False:
        return False
    if total is None:
        return equipment is not None and bool(30_000_000 <= equipment < 50_000_000)
    return bool(30_000_000 <= total < 50_000_000)


def tried_out(database: Database, **how: Any) -> tuple[StoredEdition, Run]:
    draft = lowered(database)
    run = database.turn(lambda c: start_dry_run(c, draft, DAY, ZHANG))
    work(database, run.id, **how)
    return draft, run


def named(database: Database, run: Run) -> dict[int, tuple[str, int | None]]:
    found = database.read(lambda c: changes_of(c, run.id, limit=100_000))
    assert {each.subject for each in found} <= {SUBSIDY}
    return {each.assessment_id: (each.after_verdict, each.after_yuan) for each in found}


@pytest.mark.parametrize("many", [600, pytest.param(10_000, marks=pytest.mark.slow)])
def test_lowering_the_gate_names_exactly_those_between_the_gates(database: Database, many: int) -> None:
    filled(database, many)
    concerned = {n for n in range(1, many + 1) if between_the_gates(firms(many)[n % many].facts)}
    assert len(concerned) > many // 100
    draft, run = tried_out(database)
    assert named(database, run).keys() == concerned
    tally = database.read(lambda c: added_up(tallies_of(c, run.id)))
    assert (tally.seen, tally.changed, tally.rechecked, tally.alone) == (
        many,
        len(concerned),
        many - len(concerned),
        0,
    )
    assert sum(tally.after.values()) > sum(tally.before.values()) > 0
    assert database.read(lambda c: count(c, determinations)) == 0, "a dry run tells nobody"
    edition, again = database.turn(lambda c: review_and_publish(c, draft, DAY, DAY, LI))
    assert again is not None
    work(database)
    assert named(database, again) == named(database, run)
    moved = database.read(
        lambda c: set(
            c.execute(select(assessments.c.id).where(assessments.c.edition_id == edition.id)).scalars()
        )
    )
    assert moved == concerned
    told = select(determinations.c.assessment_id).where(determinations.c.subject == SUBSIDY)
    assert sorted(database.read(lambda c: list(c.execute(told).scalars()))) == sorted(concerned)
    for each in database.read(lambda c: changes_of(c, again.id, limit=5)):
        assert each.why is not None
        assert each.why["citations"]


def count(connection: Connection, table: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_columns_and_one_by_one_find_the_same(database: Database) -> None:
    filled(database, 150)
    _, fast = tried_out(database)
    quick, summed = named(database, fast), database.read(lambda c: tallies_of(c, fast.id))
    _, slow = tried_out(database, by_columns=False)
    assert named(database, slow) == quick
    one, other = added_up(summed), added_up(database.read(lambda c: tallies_of(c, slow.id)))
    assert (one.before, one.after, one.firms, one.cities) == (
        other.before,
        other.after,
        other.firms,
        other.cities,
    )
    assert (one.alone, other.alone) == (0, 150)


def test_an_assessment_without_a_record_or_with_an_old_one_is_read_from_its_facts(database: Database) -> None:
    filled(database, 150)
    _, whole = tried_out(database)
    expected = named(database, whole)
    for broken in (None, b"\x00" * 64, bytes(layout_of(HENAN.facts).size)):
        database.turn(lambda c, broken=broken: c.execute(update(assessments).values(packed=broken)))  # type: ignore[misc]  # this pass's value
        _, again = tried_out(database)
        assert named(database, again) == expected
    stored = select(assessments.c.packed).order_by(assessments.c.id)
    assert rebuild_records(database) == 150
    found = database.read(lambda c: list(c.execute(stored).scalars()))
    assert found == [firms(150)[n % 150].record for n in range(1, 151)]


@pytest.mark.slow
@pytest.mark.parametrize("point", ["chunk-claimed", "chunk-judged", "before-commit", "after-commit"])
def test_a_run_goes_on_after_a_worker_was_killed(database: Database, database_url: str, point: str) -> None:
    filled(database, 25_000)
    draft, run = tried_out(database)
    expected = named(database, run)
    _, again = database.turn(lambda c: review_and_publish(c, draft, DAY, DAY, LI))
    assert again is not None
    child = "import sys; from flows.reassess import work; from models.session import Database; work(Database(sys.argv[1]))"
    skip = "1" if point.startswith("chunk") else "3"
    environment = {**os.environ, "LADDER_CRASH_AT": point, "LADDER_CRASH_SKIP": skip}
    killed = subprocess.run(
        [sys.executable, "-c", child, database_url], env=environment, check=False, timeout=120
    )
    assert killed.returncode == KILLED
    assert database.read(lambda c: progress_of(c, again.id)).run.state == "running"
    later = database.read(lambda c: run_by_id(c, again.id)).started_at + LEASE + timedelta(days=400)
    work(database, now=lambda: later)
    assert database.read(lambda c: progress_of(c, again.id)).run.state == "done"
    assert named(database, again) == expected
    told = select(func.count()).where(determinations.c.subject == SUBSIDY)
    assert database.read(lambda c: c.execute(told).scalar_one()) == len(expected)
    assert work(database, now=lambda: later) == 0


def test_who_was_taken_for_dead_can_settle_nothing(database: Database) -> None:
    filled(database, 100)
    draft = lowered(database)
    run = database.turn(lambda c: start_dry_run(c, draft, DAY, ZHANG))
    first = database.turn(lambda c: claim(c, NOON, NOON + LEASE))
    assert first is not None
    assert database.turn(lambda c: claim(c, NOON, NOON + LEASE)) is None
    late = NOON + 2 * LEASE
    second = database.turn(lambda c: claim(c, late, late + LEASE))
    assert second is not None
    assert not database.turn(lambda c: settle_chunk(c, first, {}, late))
    assert database.turn(lambda c: settle_chunk(c, second, {}, late))
    assert database.read(lambda c: run_by_id(c, run.id)).state == "done"


def test_a_dry_run_can_be_cancelled_and_a_changed_draft_ends_it(database: Database) -> None:
    filled(database, 100)
    draft = lowered(database)
    run = database.turn(lambda c: start_dry_run(c, draft, DAY, ZHANG))
    assert database.turn(lambda c: cancel_run(c, run.id, NOON))
    assert work(database) == 0
    assert database.read(lambda c: count(c, changes)) == 0


def test_an_edition_with_a_day_to_come_is_not_in_force_before(database: Database) -> None:
    first = filled(database, 50)
    draft = lowered(database)
    seen = database.turn(lambda c: review_draft(c, draft, LI))
    tomorrow = DAY + timedelta(days=1)
    edition, run = database.turn(lambda c: publish(c, seen, tomorrow, DAY, LI))
    assert run is None
    assert database.read(lambda c: in_force(c, draft.name, DAY)) == first
    assert database.read(lambda c: Editions().current(c, DAY)).id == first
    assert database.read(lambda c: Editions().current(c, tomorrow)).id == edition.id
    assert database.turn(lambda c: start_due(c, DAY, NOON)) is None
    due = database.turn(lambda c: start_due(c, tomorrow, NOON))
    assert due is not None
    assert (due.before_id, due.edition_id, due.as_of) == (first, edition.id, tomorrow)
    assert database.turn(lambda c: start_due(c, tomorrow, NOON)) is None
    assert database.read(lambda c: by_id(c, first)).state == "superseded"


def test_what_is_published_is_not_tried_out(database: Database) -> None:
    first = filled(database, 1)
    edition = database.read(lambda c: by_id(c, first))
    with pytest.raises(RefusedError, match="only a draft"):
        database.turn(lambda c: start_dry_run(c, edition, DAY, ZHANG))
    assert name_of(edition) == "henan-2025@1"
