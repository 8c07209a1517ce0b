"""Engines for the two databases: one that writes, one that only reads. Who uses them, and when, is in session.py."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from models import sqlite
from models.base import RefusedError, write_json

POSTGRESQL_CONNECTIONS = 8
SQLITE_READERS = 4
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def address_of(url: str) -> URL:
    """Return the parsed URL, with psycopg for PostgreSQL; RefusedError for one that cannot serve."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise RefusedError(
            "LADDER_DATABASE_URL is not a URL; it looks like sqlite:///var/ladder.db"
        ) from None
    kind = address.get_backend_name()
    if kind not in {"sqlite", "postgresql", "postgres"}:
        raise RefusedError(f"LADDER_DATABASE_URL: {kind} is not supported; use sqlite:/// or postgresql://")
    if kind == "sqlite":
        if address.database in {None, "", ":memory:"}:
            raise RefusedError("LADDER_DATABASE_URL must name a file, such as sqlite:///var/ladder.db")
        return address.set(drivername="sqlite")
    return address.set(drivername="postgresql+psycopg")


def reason_of(error: Exception) -> str:
    """Return in one line why a database refused, without its address: host, port, file, user and name are left out."""
    told = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
    lines = told.splitlines()
    line = next((line for line in lines if not line.endswith(":")), lines[0])
    return without_address(line) if isinstance(error, OperationalError) else line


def without_address(line: str) -> str:
    """Return why libpq did not get there: `connection to server at "..." failed: why`, other names in quotes."""
    return _QUOTED.sub("...", line.rpartition(" failed: ")[2])


def file_of(address: URL) -> Path:
    """Return the file of a SQLite address."""
    return Path(address.database or "")


def writing_engine(address: URL, *, foreign_keys: bool) -> Engine:
    """Return the engine for transactions that change something; on SQLite it holds one connection."""
    if address.get_backend_name() != "sqlite":
        return _postgresql(address)
    file_of(address).parent.mkdir(parents=True, exist_ok=True)
    return _sqlite(address, "BEGIN IMMEDIATE", 1, foreign_keys=foreign_keys)


def reading_engine(address: URL) -> Engine:
    """Return the engine for transactions that cannot change anything: the database itself refuses."""
    if address.get_backend_name() != "sqlite":
        return _postgresql(address).execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return _sqlite(address, "BEGIN", SQLITE_READERS, read_only=True)


def lone_engine(address: URL) -> Engine:
    """Return the engine for connections beside all turns, each made when it is asked for and closed for good."""
    return create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)


def looking_engine(address: URL) -> Engine:
    """Return the engine for looking at a database as it is: not even a SQLite file's journal mode is set."""
    if address.get_backend_name() != "sqlite":
        return reading_engine(address)
    return _sqlite(address, "BEGIN", 1, read_only=True, as_found=True)


def _sqlite(address: URL, begin: str, connections: int, **options: bool) -> Engine:
    engine = create_engine(
        address,
        module=sqlite.DRIVER,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        json_serializer=write_json,
        hide_parameters=True,
        connect_args={"timeout": sqlite.BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - two drivers
        sqlite.set_up(connection, **options)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(address: URL) -> Engine:
    try:
        return create_engine(
            address,
            pool_size=POSTGRESQL_CONNECTIONS,
            max_overflow=0,
            json_serializer=write_json,
            hide_parameters=True,  # an error that is logged must not hold what somebody answered
        )
    except ModuleNotFoundError:
        raise RefusedError("PostgreSQL needs its driver: pip install 'innovation-ladder[postgres]'") from None
