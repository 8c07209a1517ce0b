"""`kill -9` on either side of a commit: what was not acknowledged is gone, what was is there."""

import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import text

from models.crash import KILLED, crash_point
from models.person import find_account
from models.schema import head, revision_of, upgrade
from models.session import Database

CHILD = """
import sys
from datetime import UTC, datetime
from models.person import add_person
from models.session import Database
database = Database(sys.argv[1])
for address in sys.argv[2:]:
    database.turn(lambda c: add_person(c, "web", address, datetime.now(UTC)))
    print(address, flush=True)
"""


def _run(url: str, monkeypatch: pytest.MonkeyPatch, at: str, *addresses: str) -> tuple[int, list[str]]:
    monkeypatch.setenv("LADDER_CRASH_AT", at)
    run = subprocess.run(
        [sys.executable, "-c", CHILD, url, *addresses],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return run.returncode, run.stdout.split()


@pytest.mark.parametrize(("at", "kept"), [("before-commit", {"a", "b"}), ("after-commit", {"a", "b", "c"})])
def test_killed_around_a_commit(
    database_url: str, monkeypatch: pytest.MonkeyPatch, at: str, kept: set[str]
) -> None:
    monkeypatch.setenv("LADDER_CRASH_SKIP", "2")
    code, acknowledged = _run(database_url, monkeypatch, at, "a", "b", "c", "d")
    assert (code, acknowledged) == (KILLED, ["a", "b"])
    monkeypatch.delenv("LADDER_CRASH_AT")
    database = Database(database_url)
    found = {one for one in "abcd" if database.read(lambda c, one=one: find_account(c, "web", one))}  # type: ignore[misc]  # this pass's value
    if database.is_sqlite:
        assert database.read(lambda c: c.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"
    database.close()
    assert found == kept


@pytest.mark.parametrize("at", ["before-commit", pytest.param("after-commit", marks=pytest.mark.slow)])
def test_killed_while_migrating(empty_url: str, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """A migration is there as a whole or not at all, so that starting again simply goes on."""
    monkeypatch.setenv("LADDER_CRASH_AT", at)
    child = "import sys; from models.schema import upgrade; upgrade(sys.argv[1])"
    run = subprocess.run([sys.executable, "-c", child, empty_url], check=False, timeout=60)
    assert run.returncode == KILLED
    monkeypatch.delenv("LADDER_CRASH_AT")
    with closing(Database(empty_url)) as database:
        assert database.read(revision_of) == (None if at == "before-commit" else head())
    upgrade(empty_url)


def test_a_name_not_asked_for_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    crash_point("anywhere")
    monkeypatch.setenv("LADDER_CRASH_AT", "elsewhere")
    crash_point("anywhere")
