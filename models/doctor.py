"""Is this database fit to serve? One line a question, looking as the server would; nothing is repaired."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from models import sqlite
from models.base import RefusedError
from models.edition import editions
from models.engines import address_of, file_of
from models.outbox import UNSENT, outbox
from models.schema import head, revision_of
from models.session import Database

Health: TypeAlias = Literal["ok", "warn", "fail"]

OVERLONG_SECONDS = 300
LITTLE_SPACE = 1 << 30
NO_SPACE = 100 << 20


@dataclass(frozen=True, slots=True)
class Check:
    """One question and how it stands; `fail` means: do not serve."""

    name: str
    health: Health
    line: str


def doctor(url: str) -> list[Check]:
    """Look at a database from all sides. Never raises for what it finds."""
    try:
        address = address_of(url)
    except RefusedError as refused:
        return [Check("address", "fail", str(refused))]
    on_sqlite = address.get_backend_name() == "sqlite"
    if on_sqlite and not file_of(address).is_file():
        return [Check("file", "fail", f"{file_of(address)} does not exist: run ladder db upgrade")]
    with closing(Database(url)) as database:
        kind = (
            (_driver, _journal, _synchronous, _foreign_keys, _integrity, _disk) if on_sqlite else (_server,)
        )
        return [_asked(question, database) for question in (*kind, _schema, _edition, _outbox)]


def _asked(question: Callable[[Database], Check], database: Database) -> Check:
    name = question.__name__.strip("_").replace("_", " ")
    try:
        return question(database)
    except (DBAPIError, OSError) as error:
        why = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
        return Check(name, "fail", why.splitlines()[0])


def _ask(database: Database, sql: str) -> object:
    return database.read(lambda connection: connection.execute(text(sql)).scalar())


def _driver(_database: Database) -> Check:
    line = f"{sqlite.DRIVER.__name__.partition('.')[0]}, SQLite {sqlite.DRIVER.sqlite_version}"
    if sqlite.is_fixed(sqlite.DRIVER.sqlite_version_info):
        return Check("driver", "ok", line)
    return Check(
        "driver", "warn", f"{line}: its write-ahead log can corrupt a file; 3.51.3 or newer is free of that"
    )


def _journal(database: Database) -> Check:
    mode = str(_ask(database, "PRAGMA journal_mode"))
    if sqlite.is_fixed(sqlite.DRIVER.sqlite_version_info):
        return Check(
            "journal", "ok" if mode == "wal" else "warn", f"{mode}: safe with this SQLite, and the faster one"
        )
    good = mode == "truncate"
    return Check(
        "journal", "ok" if good else "warn", f"{mode}: a write-ahead log is not safe with this SQLite"
    )


def _synchronous(database: Database) -> Check:
    level = _ask(database, "PRAGMA synchronous")
    if level in {2, 3}:
        return Check("synchronous", "ok", "FULL: what was answered survives a power cut")
    return Check("synchronous", "fail", f"{level}: a power cut loses what was answered")


def _foreign_keys(database: Database) -> Check:
    if _ask(database, "PRAGMA foreign_keys") != 1:
        return Check("foreign keys", "fail", "are not enforced")
    broken = database.read(lambda c: len(c.execute(text("PRAGMA foreign_key_check")).all()))
    if broken:
        return Check("foreign keys", "fail", f"{broken} rows point nowhere: restore a backup")
    return Check("foreign keys", "ok", "enforced, and no row points nowhere")


def _integrity(database: Database) -> Check:
    verdict = str(_ask(database, "PRAGMA integrity_check(1)"))
    if verdict == "ok":
        return Check("integrity", "ok", "the file is sound")
    return Check("integrity", "fail", f"{verdict.splitlines()[-1]}: restore a backup")


def _disk(database: Database) -> Check:
    free = shutil.disk_usage(file_of(database.address).parent).free
    health: Health = "fail" if free < NO_SPACE else "warn" if free < LITTLE_SPACE else "ok"
    return Check("disk", health, f"{free >> 20} MB free")


def _server(database: Database) -> Check:
    return Check("server", "ok", f"PostgreSQL {_ask(database, 'SHOW server_version')}")


def _schema(database: Database) -> Check:
    found, wanted = revision_of(database), head()
    if found == wanted:
        return Check("schema", "ok", f"at revision {wanted}, the newest")
    return Check("schema", "fail", f"at revision {found or 'none'}, not {wanted}: run ladder db upgrade")


def _edition(database: Database) -> Check:
    current = select(editions.c.name, editions.c.revision).where(editions.c.state == "published")
    rows = database.read(lambda connection: connection.execute(current.order_by(editions.c.name)).all())
    if not rows:
        return Check("edition", "warn", "none is published: run ladder policy publish")
    return Check("edition", "ok", ", ".join(f"{name} (revision {revision})" for name, revision in rows))


def _outbox(database: Database) -> Check:
    def work(connection: Connection) -> tuple[int, datetime | None]:
        query = select(func.count(), func.min(outbox.c.created_at)).where(text(UNSENT))
        row = connection.execute(query).one()
        return row[0], row[1]

    count, oldest = database.read(work)
    if oldest is None:
        return Check("outbox", "ok", "nothing waits to be sent")
    seconds = max(0, int((datetime.now(UTC) - oldest).total_seconds()))
    health: Health = "warn" if seconds > OVERLONG_SECONDS else "ok"
    return Check("outbox", health, f"{count} replies wait to be sent, the oldest for {seconds} s")
