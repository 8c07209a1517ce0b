"""Which SQLite is at hand, and how a connection to it is set up so that nothing acknowledged is lost."""

import sqlite3
from types import ModuleType
from typing import Any

try:
    import pysqlite3.dbapi2 as newer_sqlite
except ImportError:  # bundled for Linux only
    newer_sqlite = None

BUSY_SECONDS = 15

DRIVER: ModuleType = newer_sqlite or sqlite3


def is_fixed(version: tuple[int, int, int]) -> bool:
    """Tell whether this SQLite is free of the race that can corrupt a file while its WAL starts over (3.7.0 to 3.51.2)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def journal_mode(version: tuple[int, int, int]) -> str:
    """Return WAL where it is safe, the slower TRUNCATE where it is not; both keep what was committed on power loss."""
    return "wal" if is_fixed(version) else "truncate"


def set_up(
    connection: Any,  # noqa: ANN401 - two drivers
    *,
    foreign_keys: bool = True,
    read_only: bool = False,
    as_found: bool = False,
) -> None:
    """Prepare a fresh driver connection. Transactions are begun by hand, so the driver must begin none.

    `as_found` leaves the journal mode alone, which is a property of the file and not of the connection.
    """
    connection.isolation_level = None
    pragmas = [
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "synchronous=FULL",
        "secure_delete=ON",  # an erased person's words must not linger in free pages
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        f"query_only={'ON' if read_only else 'OFF'}",
    ]
    if not as_found:
        pragmas.insert(1, f"journal_mode={journal_mode(DRIVER.sqlite_version_info)}")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()
