"""Taking a copy of the database while it is used, and putting one back. Nothing is ever overwritten."""

import os
import shutil
import subprocess  # nosec B404  pg_dump and pg_restore, with arguments of ours
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from models import sqlite
from models.base import RefusedError
from models.engines import address_of, file_of, without_address
from models.schema import is_known

MAGIC = b"SQLite format 3\x00"
SIDE_FILES = ("-wal", "-shm", "-journal")
_OWNER_ONLY = 0o600


def backup(url: str, target: Path) -> None:
    """Write a checked copy of the database, as of one moment, to a file that must not exist yet.

    SQLite: one SQLite file. PostgreSQL: what `pg_dump --format=custom` writes. Raises RefusedError.
    """
    address = address_of(url)
    if target.exists():
        raise RefusedError(f"{target} exists; a backup never overwrites, name another file")
    if not target.parent.is_dir():
        raise RefusedError(f"{target.parent} is not a folder; make it first")
    with _unfinished(target) as draft:
        if address.get_backend_name() == "sqlite":
            _copy(file_of(address), draft)
            _check(draft)
        else:
            _dump(address, draft)
        _settle(draft)
        if target.exists():
            raise RefusedError(f"{target} exists; a backup never overwrites, name another file")
        draft.replace(target)
    _settle(target.parent)


def restore(url: str, source: Path, *, replace: bool = False) -> Path | None:
    """Put a backup in the place of the database; afterwards `upgrade` brings an older one to the newest revision.

    With `replace` a database that holds data is kept aside under a dated name, which is returned.
    Raises RefusedError when the backup is damaged or foreign, when the database holds data, or is in use.
    """
    address = address_of(url)
    if address.get_backend_name() != "sqlite":
        raise RefusedError(
            "restore a PostgreSQL backup with pg_restore --clean --if-exists --dbname=... FILE"
        )
    _check(source)
    target = file_of(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(target) as draft:
        _copy(source, draft)
        _settle(draft)
        aside = _make_room(target, replace=replace)
        draft.replace(target)
    _settle(target.parent)
    return aside


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Yield a file beside `target`, readable by its owner only; it is gone afterwards unless it was moved."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", *SIDE_FILES):
            Path(name + suffix).unlink(missing_ok=True)


def _open(path: Path, mode: str, patience: int = 1) -> Any:  # noqa: ANN401 - two drivers
    connection = sqlite.DRIVER.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=patience, isolation_level=None
    )
    return closing(connection)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise RefusedError(f"{source} does not exist; there is nothing to copy")
    try:
        with _open(source, "ro", sqlite.BUSY_SECONDS) as old, _open(target, "rw") as new:
            old.backup(new)  # all pages in one step: one moment, and on a write-ahead log nobody waits
            new.execute("PRAGMA journal_mode=DELETE").close()  # one file, with nothing beside it
    except sqlite.DRIVER.DatabaseError as error:
        raise RefusedError(f"{source} cannot be copied: {error}") from None


def _check(path: Path) -> None:
    """Raise RefusedError unless the file is a sound database of this product, of a revision known here."""
    if not path.is_file():
        raise RefusedError(f"{path} does not exist")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise RefusedError(f"{path} is not a SQLite database")
    try:
        with _open(path, "ro") as connection:
            _check_content(path, connection)
    except sqlite.DRIVER.DatabaseError as error:
        raise RefusedError(f"{path} is damaged: {error}") from None


def _check_content(path: Path, connection: Any) -> None:  # noqa: ANN401 - two drivers
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise RefusedError(f"{path} is damaged: {str(verdict).splitlines()[-1]}")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise RefusedError(f"{path} is damaged: a row of {broken[0]} points at a missing row of {broken[2]}")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in tables:
        raise RefusedError(f"{path} is not a database of this product")
    revisions = [name for (name,) in connection.execute("SELECT version_num FROM alembic_version")]
    if len(revisions) != 1 or not is_known(revisions[0]):
        raise RefusedError(
            f"{path} was made by another version of this product (revision {revisions or 'none'})"
        )


def _make_room(target: Path, *, replace: bool) -> Path | None:
    """Give what stands at `target` a second, dated name, so that the last step can be one atomic rename."""
    if not target.exists():
        return None
    if _holds_data(target) and not replace:
        raise RefusedError(f"{target} holds data; to put it aside and restore all the same, say --replace")
    aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    try:
        aside.hardlink_to(target)
    except OSError:  # a file system without links
        shutil.copy2(target, aside)
    aside.chmod(_OWNER_ONLY)
    for suffix in SIDE_FILES:
        with suppress(FileNotFoundError):
            Path(f"{target}{suffix}").rename(f"{aside}{suffix}").chmod(_OWNER_ONLY)
    return aside


def _holds_data(target: Path) -> bool:
    """Tell whether any table has a row (a file that cannot be read counts); RefusedError when somebody uses it."""
    try:
        with _open(target, "rw") as connection:
            # Needs the file to itself, and folds the log into it, so that one file is the whole database.
            connection.execute("PRAGMA journal_mode=DELETE").close()
            listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            tables = [name for (name,) in connection.execute(listed) if name != "alembic_version"]
            return any(connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in tables)  # noqa: S608 - names from the file's own list  # nosec B608
    except sqlite.DRIVER.OperationalError as error:
        if "locked" in str(error):
            raise RefusedError(f"{target} is in use; stop the server first") from None
        return True
    except sqlite.DRIVER.DatabaseError:
        return True


def _dump(address: URL, draft: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise RefusedError("pg_dump was not found; install PostgreSQL's client programs and try again")
    place = address._replace(drivername="postgresql", password=None).render_as_string()
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)  # not among the arguments, which everybody can list
    run = subprocess.run(  # noqa: S603 - our own arguments, no shell  # nosec B603
        [program, "--format=custom", f"--file={draft}", f"--dbname={place}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        why = " ".join(run.stderr.split()) or f"exit status {run.returncode}"
        raise RefusedError(f"pg_dump did not make it: {without_address(why)}")


def _settle(path: Path) -> None:
    """Have a file or a folder on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
