"""What the doctor says of a sound database, and of every ailing one."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from models import doctor as practice
from models import sqlite
from models.doctor import Check, doctor
from models.outbox import NewMessage, put
from models.schema import downgrade, upgrade
from models.session import Database
from models.sqlite import DRIVER
from tests.models.firms import NOW, build, publish


def _by_name(url: str) -> dict[str, Check]:
    checks = doctor(url)
    assert all("\n" not in check.line for check in checks)
    return {check.name: check for check in checks}


def test_a_sound_database(database_url: str, backend: str) -> None:
    with closing(Database(database_url)) as database:
        database.turn(publish)
    found = _by_name(database_url)
    healthy = (
        {"ok"} if backend == "postgresql" or sqlite.is_fixed(DRIVER.sqlite_version_info) else {"ok", "warn"}
    )
    assert {check.health for check in found.values()} == healthy
    of_sqlite = {"driver", "journal", "synchronous", "foreign keys", "integrity", "disk"}
    assert set(found) == {"schema", "edition", "outbox"} | (of_sqlite if backend == "sqlite" else {"server"})


def test_no_file_is_made_by_asking(tmp_path: Path) -> None:
    (check,) = doctor(f"sqlite:///{tmp_path}/none.db")
    assert (check.name, check.health) == ("file", "fail")
    assert "ladder db upgrade" in check.line
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_cannot_serve() -> None:
    (check,) = doctor("mysql://x/y")
    assert (check.name, check.health) == ("address", "fail")


def test_a_schema_that_does_not_fit(database_url: str) -> None:
    downgrade(database_url, "base")
    found = _by_name(database_url)
    assert found["schema"].health == "fail"
    assert "ladder db upgrade" in found["schema"].line
    assert found["outbox"].health == found["edition"].health == "fail"
    upgrade(database_url)
    assert _by_name(database_url)["schema"].health == "ok"


def test_replies_that_wait_overlong(database: Database, database_url: str) -> None:
    message = NewMessage("web", "a", "1", "question", {})
    database.turn(lambda c: put(c, message, NOW - timedelta(days=36500)))
    found = _by_name(database_url)
    assert found["edition"].health == "warn"
    assert found["outbox"].health == "warn"
    assert "1 replies wait" in found["outbox"].line


def test_a_damaged_file(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "ladder.db").write_bytes(b"no database" * 1000)
    found = _by_name(sqlite_url)
    assert found["integrity"].health == "fail"
    assert found["integrity"].line == "file is not a database"


def test_a_scrambled_page(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        database.turn(build)
    path = tmp_path / "ladder.db"
    whole = bytearray(path.read_bytes())
    whole[8192:12288] = b"\xa5" * 4096
    path.write_bytes(whole)
    assert _by_name(sqlite_url)["integrity"].health == "fail"


def test_a_row_that_points_nowhere(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        database.turn(build)
    with closing(DRIVER.connect(tmp_path / "ladder.db")) as connection:
        connection.execute("DELETE FROM firm")
        connection.commit()
    assert _by_name(sqlite_url)["foreign keys"].line == "2 rows point nowhere: restore a backup"


def test_an_affected_sqlite_is_told_and_runs_without_the_log(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "is_fixed", lambda _version: False)
    found = _by_name(sqlite_url)
    assert (found["driver"].health, found["journal"].health) == ("warn", "ok")
    assert found["journal"].line.startswith("truncate")


def test_a_full_disk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice, "NO_SPACE", 1 << 80)
    assert _by_name(sqlite_url)["disk"].health == "fail"


def test_a_connection_that_is_set_up_badly(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(connection: object, **_options: bool) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        connection.execute("PRAGMA synchronous=OFF").close()  # type: ignore[attr-defined]

    monkeypatch.setattr(sqlite, "set_up", careless)
    found = _by_name(sqlite_url)
    assert found["synchronous"].health == "fail"
    assert found["foreign keys"].line == "are not enforced"


def test_a_server_that_does_not_answer() -> None:
    checks = doctor("postgresql://nobody@/nowhere?host=/nonexistent")
    assert {check.health for check in checks} == {"fail"}
