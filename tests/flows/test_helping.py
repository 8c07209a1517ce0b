"""Helpers of a run: they do what one process would, and whoever dies, nobody waits for them and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.reassess import DAY, NOON, lowered
from flows import helping as module
from flows.helping import finish, helping, work_together
from flows.publishing import review_and_publish
from flows.reassess import LEASE, start_dry_run, work
from flows.tallies import added_up
from models import reassessment
from models.backlog import Backlog, backlog_of
from models.crash import KILLED
from models.draft import Deed
from models.reassessment import Run, progress_of, tallies_of
from models.session import Database
from tests.flows.test_reassess import ZHANG, filled, named

MANY = 3000


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def backend(request: pytest.FixtureRequest) -> str:
    """Helpers are processes that start anew each time: on PostgreSQL they do in `make slow`."""
    return str(request.param)


@pytest.fixture
def run(database: Database, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A dry run of thirty small chunks, on a machine of two cores."""
    monkeypatch.setattr(reassessment, "CHUNK", 100)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    filled(database, MANY)
    return begun(database)


def begun(database: Database) -> Run:
    draft = lowered(database)
    return database.turn(lambda c: start_dry_run(c, draft, DAY, ZHANG))


def alone(database: Database) -> dict[int, tuple[str, int | None]]:
    again = begun(database)
    work(database, again.id)
    return named(database, again)


def seen(database: Database, run: Run) -> int:
    return database.read(lambda c: added_up(tallies_of(c, run.id))).seen


def is_done(database: Database, run: Run) -> bool:
    return database.read(lambda c: progress_of(c, run.id)).run.state == "done"


def test_a_helper_alone_does_a_run_to_its_end_as_one_process_would(database: Database, run: Run) -> None:
    with helping(database, run.id) as helpers:
        assert len(helpers) == 1
        helpers[0].join(60)
        assert helpers[0].exitcode == 0
    assert is_done(database, run)
    assert seen(database, run) == MANY
    found = named(database, run)
    assert found == alone(database)


def test_together_each_assessment_is_looked_at_once(database: Database, run: Run) -> None:
    work_together(database, run.id)
    assert is_done(database, run)
    assert seen(database, run) == MANY
    assert database.read(backlog_of) == Backlog(0, 0)


def test_a_helper_that_dies_hangs_nobody_and_its_chunk_is_done_again(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADDER_CRASH_AT", "chunk-judged")
    monkeypatch.setenv("LADDER_CRASH_SKIP", "3")
    with helping(database, run.id) as helpers:
        monkeypatch.delenv("LADDER_CRASH_AT")
        helpers[0].join(60)
        assert helpers[0].exitcode == KILLED
    assert database.read(backlog_of) == Backlog(26, 1)
    later = datetime.now(UTC) + 2 * LEASE
    work(database, run.id, now=lambda: later)
    assert is_done(database, run)
    assert seen(database, run) == MANY


def test_a_helper_that_hangs_is_ended_when_its_lease_is_over(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEASE", timedelta(seconds=0.5))
    begins = time.monotonic()
    with helping(database, run.id) as helpers:
        os.kill(helpers[0].pid or 0, signal.SIGSTOP)
    assert helpers[0].exitcode == -signal.SIGKILL
    assert time.monotonic() - begins < LEASE.total_seconds() / 2


def test_who_closes_lets_a_helper_end_after_its_chunk(database: Database, run: Run) -> None:
    with helping(database, run.id) as helpers:
        pass
    assert helpers[0].exitcode == 0
    assert not is_done(database, run)


def test_the_end_of_a_run_waits_for_what_another_holds(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    held = database.turn(lambda c: reassessment.claim(c, datetime.now(UTC), soon, run.id))
    assert held is not None
    monkeypatch.setattr(module, "WORTH", 1000)
    finish(database, run.id)
    assert is_done(database, run)
    assert seen(database, run) == MANY


def test_an_earlier_reassessment_that_nobody_did_is_done_first(database: Database) -> None:
    filled(database, 200)
    earlier, later = (published(database, gate) for gate in ("3000万", "2000万"))
    finish(database, later.id)
    assert is_done(database, earlier)
    assert is_done(database, later)


def published(database: Database, gate: str) -> Run:
    draft = lowered(database, gate)
    _, run = database.turn(lambda c: review_and_publish(c, draft, DAY, DAY, Deed("李工", NOON)))
    assert run is not None
    return run


@pytest.mark.parametrize(
    ("backlog", "cores", "expected"),
    [
        (Backlog(100, 0), 2, 1),
        (Backlog(100, 0), 1, 0),
        (Backlog(100, 1), 2, 0),
        (Backlog(19, 0), 2, 0),
        (Backlog(20, 0), 2, 1),
        (Backlog(30, 0), 64, 2),
        (Backlog(1000, 0), 64, module.MOST - 1),
        (Backlog(0, 0), 2, 0),
    ],
)
def test_there_are_as_many_helpers_as_cores_and_work(backlog: Backlog, cores: int, expected: int) -> None:
    assert module.worth(backlog, cores) == expected


@pytest.mark.slow
def test_a_helper_outlives_who_started_it_by_no_more_than_a_chunk(
    database: Database, database_url: str, run: Run
) -> None:
    child = "import sys, time; from flows.helping import helping; from models.session import Database\nwith helping(Database(sys.argv[1]), int(sys.argv[2])): time.sleep(600)"
    starter = subprocess.Popen([sys.executable, "-c", child, database_url, str(run.id)])
    ends = time.monotonic() + 60
    while not database.read(lambda c: progress_of(c, run.id)).done:
        assert time.monotonic() < ends
        time.sleep(0.01)
    starter.kill()
    starter.wait()
    while database.read(backlog_of).held:
        assert time.monotonic() < ends
        time.sleep(0.01)
    done = database.read(lambda c: progress_of(c, run.id)).done
    time.sleep(1)
    assert database.read(lambda c: progress_of(c, run.id)).done == done
    finish(database, run.id)
    assert seen(database, run) == MANY
