"""A copy taken while others write is whole; what is put back is checked first; nothing is overwritten."""

import shutil
import stat
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from models.answer import answers, append_answer
from models.assessment import assessments, open_at, save_snapshot
from models.backup import backup, restore
from models.base import RefusedError
from models.person import add_person, find_account
from models.session import Database
from models.sqlite import DRIVER, is_fixed
from tests.models.firms import NOW, World, answer, build


def _fill(url: str) -> World:
    with closing(Database(url)) as database:
        return database.turn(build)


def _counts(connection: Connection) -> tuple[int, int]:
    count = connection.execute(select(func.count()).select_from(answers)).scalar_one()
    return int(count), int(connection.execute(select(assessments.c.version)).scalar_one())


def _files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_copy_taken_while_a_thread_writes_is_of_one_moment(sqlite_url: str, tmp_path: Path) -> None:
    """Every turn adds one answer and one version, so in any whole copy the two counts are equal."""
    stop, taken = threading.Event(), []
    _fill(sqlite_url)

    def one_turn(connection: Connection) -> None:
        found = open_at(connection, "telegram", "4711")
        assert found
        assert found.assessment
        append_answer(connection, found.assessment.id, answer("employees", 1))
        save_snapshot(connection, found.assessment, {"employees": 1}, "open", NOW)

    def write() -> None:
        while not stop.is_set():
            database.turn(one_turn)

    with closing(Database(sqlite_url)) as database:
        thread = threading.Thread(target=write)
        thread.start()
        for number in range(5):
            backup(sqlite_url, tmp_path / f"{number}.backup")
            database.turn(one_turn)
        stop.set()
        thread.join(timeout=30)
    for number in range(5):
        restored = tmp_path / str(number) / "ladder.db"
        assert restore(f"sqlite:///{restored}", tmp_path / f"{number}.backup") is None
        with closing(Database(f"sqlite:///{restored}")) as database:
            taken.append(database.read(_counts))
    assert all(count == version for count, version in taken)
    assert [count for count, _ in taken] == sorted({count for count, _ in taken})


def test_a_backup_is_one_private_file_and_never_overwrites(sqlite_url: str, tmp_path: Path) -> None:
    _fill(sqlite_url)
    folder = tmp_path / "copies"
    with pytest.raises(RefusedError, match="is not a folder"):
        backup(sqlite_url, folder / "one")
    folder.mkdir()
    backup(sqlite_url, folder / "one")
    assert _files(folder) == {"one"}
    assert stat.S_IMODE((folder / "one").stat().st_mode) == 0o600
    before = (folder / "one").read_bytes()
    with pytest.raises(RefusedError, match="never overwrites"):
        backup(sqlite_url, folder / "one")
    assert (folder / "one").read_bytes() == before


def test_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="does not exist"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "one")
    assert _files(tmp_path) == set()


def test_restoring_over_data_needs_a_word_and_keeps_the_old(sqlite_url: str, tmp_path: Path) -> None:
    _fill(sqlite_url)
    backup(sqlite_url, tmp_path / "one")
    with closing(Database(sqlite_url)) as database:
        database.turn(lambda c: add_person(c, "web", "later", NOW))
    with pytest.raises(RefusedError, match="holds data"):
        restore(sqlite_url, tmp_path / "one")
    (tmp_path / "ladder.db").chmod(0o644)
    aside = restore(sqlite_url, tmp_path / "one", replace=True)
    assert aside
    assert [stat.S_IMODE(each.stat().st_mode) for each in (aside, tmp_path / "ladder.db")] == [0o600, 0o600]
    for url, known in ((sqlite_url, False), (f"sqlite:///{aside}", True)):
        with closing(Database(url)) as database:
            assert database.read(lambda c: find_account(c, "telegram", "4711"))
            assert bool(database.read(lambda c: find_account(c, "web", "later"))) is known


def test_an_empty_database_gives_way(sqlite_url: str, tmp_path: Path) -> None:
    backup(sqlite_url, tmp_path / "one")
    assert restore(sqlite_url, tmp_path / "one")


@pytest.mark.skipif(
    not is_fixed(DRIVER.sqlite_version_info),
    reason="without a write-ahead log nobody sees who else has a file open",
)
def test_a_database_in_use_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    _fill(sqlite_url)
    backup(sqlite_url, tmp_path / "one")
    with closing(Database(sqlite_url)) as database:
        database.read(_counts)
        with pytest.raises(RefusedError, match="stop the server first"):
            restore(sqlite_url, tmp_path / "one", replace=True)
        database.turn(lambda c: add_person(c, "web", "later", NOW))


def test_a_damaged_database_is_kept_aside_too(sqlite_url: str, tmp_path: Path) -> None:
    _fill(sqlite_url)
    backup(sqlite_url, tmp_path / "one")
    (tmp_path / "ladder.db").write_bytes(b"no database" * 1000)
    with pytest.raises(RefusedError, match="holds data"):
        restore(sqlite_url, tmp_path / "one")
    aside = restore(sqlite_url, tmp_path / "one", replace=True)
    assert aside
    assert aside.read_bytes().startswith(b"no database")


def _torn(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _scrambled(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4096:12288] = b"\xa5" * 8192
    path.write_bytes(whole)


def _with_sql(path: Path, *statements: str) -> None:
    with closing(DRIVER.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _other_program(path: Path) -> None:
    path.unlink()
    _with_sql(path, "CREATE TABLE song (title TEXT)")


def _newer(path: Path) -> None:
    _with_sql(path, "UPDATE alembic_version SET version_num = '20991231'")


def _dangling(path: Path) -> None:
    _with_sql(path, "DELETE FROM person")


def _text(path: Path) -> None:
    path.write_text("SQL dump, perhaps")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_torn, "is damaged"),
        (_scrambled, "is damaged"),
        (_dangling, "points at a missing row of person"),
        (_other_program, "not a database of this product"),
        (_newer, "made by another version"),
        (_text, "is not a SQLite database"),
        (Path.unlink, "does not exist"),
    ],
)
def test_a_bad_backup_is_refused_and_changes_nothing(
    sqlite_url: str, tmp_path: Path, spoil: object, why: str
) -> None:
    _fill(sqlite_url)
    backup(sqlite_url, tmp_path / "one")
    assert callable(spoil)
    spoil(tmp_path / "one")
    before, names = (tmp_path / "ladder.db").read_bytes(), _files(tmp_path)
    with pytest.raises(RefusedError, match=why) as refused:
        restore(sqlite_url, tmp_path / "one", replace=True)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "ladder.db").read_bytes() == before
    assert _files(tmp_path) == names


def test_a_damaged_database_makes_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    _fill(sqlite_url)
    _scrambled(tmp_path / "ladder.db")
    with pytest.raises(RefusedError):
        backup(sqlite_url, tmp_path / "one")
    assert not (tmp_path / "one").exists()


def test_where_links_are_unknown_the_old_file_is_copied(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _to: Path) -> None:
        raise OSError

    backup(sqlite_url, tmp_path / "one")
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    aside = restore(sqlite_url, tmp_path / "one")
    assert aside
    assert aside.is_file()


def _fake_pg_dump(folder: Path, code: int) -> None:
    program = folder / "pg_dump"
    program.write_text(
        f'#!/bin/sh\necho "$PGPASSWORD" > {folder}/password\necho "$@" > {folder}/arguments\necho no >&2\nexit {code}\n'
    )
    program.chmod(0o755)


def test_the_password_of_postgresql_is_not_an_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_pg_dump(tmp_path, 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    backup("postgresql://ladder:s3cret@db.example/ladder", tmp_path / "one")
    assert (tmp_path / "password").read_text() == "s3cret\n"
    arguments = (tmp_path / "arguments").read_text()
    assert "s3cret" not in arguments
    assert "--dbname=postgresql://ladder@db.example/ladder" in arguments


def test_pg_dump_fails_or_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_pg_dump(tmp_path, 3)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(RefusedError, match="did not make it: no"):
        backup("postgresql://ladder@db.example/ladder", tmp_path / "one")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(RefusedError, match="pg_dump was not found"):
        backup("postgresql://ladder@db.example/ladder", tmp_path / "one")
    with pytest.raises(RefusedError, match="pg_restore"):
        restore("postgresql://ladder@db.example/ladder", tmp_path / "one")
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_real_postgresql_is_dumped(
    database_url: str, postgresql_programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(database_url)
    monkeypatch.setenv("PATH", str(postgresql_programs), prepend=":")
    backup(database_url, tmp_path / "one")
    program = shutil.which("pg_restore")
    assert program
    listed = subprocess.run([program, "--list", tmp_path / "one"], capture_output=True, text=True, check=True)
    assert "TABLE DATA public answer" in listed.stdout
