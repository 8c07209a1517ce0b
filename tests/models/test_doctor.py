"""What the doctor says of a sound database, and of every ailing one."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from models import doctor as practice
from models import sqlite
from models.base import RefusedError
from models.doctor import Check, doctor
from models.engines import address_of, file_of
from models.outbox import NewMessage, put
from models.schema import downgrade, standing, upgrade
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
    if backend == "sqlite":
        file_of(address_of(database_url)).chmod(0o600)
    found = _by_name(database_url)
    healthy = (
        {"ok"} if backend == "postgresql" or sqlite.is_fixed(DRIVER.sqlite_version_info) else {"ok", "warn"}
    )
    assert {check.health for check in found.values()} == healthy
    of_sqlite = {"driver", "permissions", "journal", "foreign keys", "integrity", "disk"}
    assert set(found) == {"schema", "edition", "outbox", "audit", "second factors"} | (
        of_sqlite if backend == "sqlite" else {"server"}
    )


def test_no_file_is_made_by_asking(tmp_path: Path) -> None:
    (check,) = doctor(f"sqlite:///{tmp_path}/none.db")
    assert (check.name, check.health) == ("file", "fail")
    assert "ladder db upgrade" in check.line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://u:p@h:notaport/db"])
def test_an_address_that_cannot_serve(url: str) -> None:
    (check,) = doctor(url)
    assert (check.name, check.health) == ("address", "fail")
    assert "notaport" not in check.line


def test_a_schema_that_does_not_fit(database_url: str) -> None:
    downgrade(database_url, "base")
    found = _by_name(database_url)
    assert found["schema"].health == "fail"
    assert "ladder db upgrade" in found["schema"].line
    assert found["outbox"].health == found["edition"].health == "fail"
    upgrade(database_url)
    assert _by_name(database_url)["schema"].health == "ok"


def test_replies_that_wait_overlong(database: Database, database_url: str) -> None:
    message = NewMessage("telegram", "a", "1", "question", {})
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
    check = _by_name(sqlite_url)["foreign keys"]
    assert (check.health, check.line.endswith("rows point nowhere: restore a backup")) == ("fail", True)


@pytest.mark.parametrize(
    ("fixed", "mode", "told"),
    [
        (True, "wal", ("ok", "write-ahead log")),
        (True, "delete", ("warn", "turns it on")),
        (False, "wal", ("warn", "leaves it")),
        (False, "delete", ("ok", "rollback")),
    ],
)
def test_the_journal_is_told_as_it_is_and_left_so(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, fixed: bool, mode: str, told: tuple[str, str]
) -> None:
    path = file_of(address_of(sqlite_url))
    with closing(DRIVER.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}").close()
    before = path.read_bytes()
    monkeypatch.setattr(sqlite, "is_fixed", lambda _version: fixed)
    found = _by_name(sqlite_url)
    assert found["driver"].health == ("ok" if fixed else "warn")
    assert found["journal"].health == told[0]
    assert told[1] in found["journal"].line
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_files_that_others_can_read(sqlite_url: str) -> None:
    path = file_of(address_of(sqlite_url))
    aside = path.with_name(f"{path.name}.before-20261123T000000000000Z")
    aside.write_bytes(b"")
    aside.chmod(0o640)
    path.chmod(0o600)
    found = _by_name(sqlite_url)["permissions"]
    assert (found.health, aside.name in found.line, f"{path.name}," in found.line) == ("warn", True, False)
    aside.chmod(0o600)
    assert _by_name(sqlite_url)["permissions"].health == "ok"


def test_a_database_of_a_newer_version(database: Database, database_url: str) -> None:
    database.turn(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '20991231'"))
    found = _by_name(database_url)["schema"]
    assert found.health == "fail"
    assert "newer version: update the program" in found.line
    assert standing(database_url) == "newer"
    with pytest.raises(RefusedError, match="newer version"):
        upgrade(database_url)


def test_a_full_disk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice, "NO_SPACE", 1 << 80)
    assert _by_name(sqlite_url)["disk"].health == "fail"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody:s3cret@/nowhere?host=/nonexistent",
        "postgresql://nobody:s3cret@127.0.0.1:1/nowhere",
        "postgresql://nobody:s3cret@nowhere.invalid/nowhere",
    ],
)
def test_a_server_that_does_not_answer_is_told_without_its_address(url: str) -> None:
    checks = doctor(url)
    assert {check.health for check in checks} == {"fail"}
    for check in checks:
        assert check.line
        for part in ("nobody", "s3cret", "nowhere", "127.0.0.1", "nonexistent"):
            assert part not in check.line
