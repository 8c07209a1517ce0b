"""Is this database fit to serve? One line a question, looking at it as it is; nothing is repaired or set by looking."""

import shutil
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

from alembic.util import CommandError
from sqlalchemy import URL, Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from models import sqlite
from models.audit import chain, first_broken
from models.base import RefusedError
from models.edition import editions
from models.engines import address_of, file_of, looking_engine, reason_of
from models.outbox import FETCHED, UNSENT, outbox
from models.schema import head, is_known, revision_of
from models.staff import staff

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
        if address.get_backend_name() == "sqlite":
            if not file_of(address).is_file():
                return [Check("file", "fail", f"{file_of(address)} does not exist: run ladder db upgrade")]
            return [*_of_file(file_of(address)), *_of_content(address, (_journal, _foreign_keys, _integrity))]
        return _of_content(address, (_server,))
    except RefusedError as refused:
        return [Check("address", "fail", str(refused))]


def _of_file(path: Path) -> list[Check]:
    return [_driver(), _asked("permissions", lambda: _permissions(path)), _asked("disk", lambda: _disk(path))]


def _of_content(address: URL, kind: Sequence[Callable[[Connection], Check]]) -> list[Check]:
    engine = looking_engine(address)

    def ask(question: Callable[[Connection], Check]) -> Check:
        with engine.connect() as connection:
            return question(connection)

    try:
        questions = (*kind, _schema, _edition, _outbox, _audit, _second_factors)
        return [_asked(_name(question), partial(ask, question)) for question in questions]
    finally:
        engine.dispose()


def _name(question: Callable[[Connection], Check]) -> str:
    return question.__name__.strip("_").replace("_", " ")


def _asked(name: str, question: Callable[[], Check]) -> Check:
    try:
        return question()
    except DBAPIError as error:
        return Check(name, "fail", reason_of(error))
    except (OSError, CommandError) as error:
        return Check(name, "fail", " ".join(str(error).split()))


def _ask(connection: Connection, sql: str) -> object:
    return connection.execute(text(sql)).scalar()


def _driver() -> Check:
    line = f"{sqlite.DRIVER.__name__.partition('.')[0]}, SQLite {sqlite.DRIVER.sqlite_version}"
    if sqlite.is_fixed(sqlite.DRIVER.sqlite_version_info):
        return Check("driver", "ok", line)
    return Check(
        "driver", "warn", f"{line}: its write-ahead log can corrupt a file; 3.51.3 or newer is free of that"
    )


def _permissions(path: Path) -> Check:
    """The file, its log and what a restore put aside."""
    open_to_others = sorted(
        each.name
        for each in (path, *path.parent.glob(f"{path.name}[-.]*"))
        if each.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )
    if open_to_others:
        return Check(
            "permissions",
            "warn",
            f"open to others: {', '.join(open_to_others)}; take that away with chmod 600",
        )
    return Check("permissions", "ok", "only the owner reads the files")


def _disk(path: Path) -> Check:
    free = shutil.disk_usage(path.parent).free
    health: Health = "fail" if free < NO_SPACE else "warn" if free < LITTLE_SPACE else "ok"
    return Check("disk", health, f"{free >> 20} MB free")


def _journal(connection: Connection) -> Check:
    """What the file says; only the write-ahead log is written down there, the other modes look alike."""
    logged = _ask(connection, "PRAGMA journal_mode") == "wal"
    if sqlite.is_fixed(sqlite.DRIVER.sqlite_version_info):
        if logged:
            return Check("journal", "ok", "write-ahead log: safe with this SQLite, and the faster one")
        return Check("journal", "warn", "no write-ahead log yet: the server turns it on at its start")
    if logged:
        return Check(
            "journal",
            "warn",
            "a write-ahead log is not safe with this SQLite: the server leaves it at its start",
        )
    return Check("journal", "ok", "rollback journal: safe with this SQLite")


def _foreign_keys(connection: Connection) -> Check:
    broken = len(connection.execute(text("PRAGMA foreign_key_check")).all())
    if broken:
        return Check("foreign keys", "fail", f"{broken} rows point nowhere: restore a backup")
    return Check("foreign keys", "ok", "no row points nowhere")


def _integrity(connection: Connection) -> Check:
    verdict = str(_ask(connection, "PRAGMA integrity_check(1)"))
    if verdict == "ok":
        return Check("integrity", "ok", "the file is sound")
    return Check("integrity", "fail", f"{verdict.splitlines()[-1]}: restore a backup")


def _server(connection: Connection) -> Check:
    return Check("server", "ok", f"PostgreSQL {_ask(connection, 'SHOW server_version')}")


def _schema(connection: Connection) -> Check:
    found, wanted = revision_of(connection), head()
    if found == wanted:
        return Check("schema", "ok", f"at revision {wanted}, the newest")
    if found is not None and not is_known(found):
        return Check("schema", "fail", f"at revision {found}, made by a newer version: update the program")
    return Check("schema", "fail", f"at revision {found or 'none'}, not {wanted}: run ladder db upgrade")


def _edition(connection: Connection) -> Check:
    current = select(editions.c.name, editions.c.revision).where(editions.c.state == "published")
    rows = connection.execute(current.order_by(editions.c.name)).all()
    if not rows:
        return Check("edition", "warn", "none is in force: run ladder db upgrade")
    return Check("edition", "ok", ", ".join(f"{name} (revision {revision})" for name, revision in rows))


def _outbox(connection: Connection) -> Check:
    sendable = (text(UNSENT), outbox.c.channel.not_in(FETCHED))
    query = select(func.count(), func.min(outbox.c.created_at)).where(*sendable)
    count, oldest = connection.execute(query).one()
    if oldest is None:
        return Check("outbox", "ok", "nothing waits to be sent")
    seconds = max(0, int((datetime.now(UTC) - oldest).total_seconds()))
    health: Health = "warn" if seconds > OVERLONG_SECONDS else "ok"
    return Check("outbox", health, f"{count} replies wait to be sent, the oldest for {seconds} s")


def _audit(connection: Connection) -> Check:
    """The whole chain, row by row."""
    count, broken = first_broken(chain(connection))
    if broken is not None:
        return Check(
            "audit", "fail", f"row {broken} does not fit the one before it: somebody changed the audit"
        )
    return Check("audit", "ok", f"{count} acts, each chained to the one before it")


def _second_factors(connection: Connection) -> Check:
    """Whether the secrets of authenticators are sealed (flows/sealing.py)."""
    bare = select(func.count()).where(staff.c.totp_secret.like("plain:%"))
    count = connection.execute(bare).scalar_one()
    if count:
        told = f"{count} are stored readable: set LADDER_SECRET_KEYS, then have their owners change them"
        return Check("second factors", "warn", told)
    return Check("second factors", "ok", "none is stored readable")
