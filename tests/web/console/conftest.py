"""The console's world as fixtures, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.console.world import World, open_world


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_world(sqlite_url: str) -> Iterator[World]:
    """For what no database could change."""
    with open_world(sqlite_url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Beside a PostgreSQL server there is no folder of ours: exports then lie under the folder that the server runs in."""
    monkeypatch.chdir(tmp_path)
