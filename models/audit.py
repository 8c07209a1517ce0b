"""What people did in the console, in order and for good: each row is chained to the one before it by its hash.

What is told of an act and its order stand in the hash; what is personal only as a salted digest, so that it can be blanked.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Index, bindparam, insert, null, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    NEVER_REUSE_IDS,
    PLAIN_JSON,
    Base,
    JsonObject,
    Reference,
    columns_of,
    table_of,
    write_json,
)

_LOCK = 0x1ADDE7  # any number that no other lock of ours uses
FIRST = "0" * 64


class AuditTable(Base):
    """Append-only: a trigger refuses every UPDATE but the blanking of `personal`, and every DELETE."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "object_kind", "object_id", "id"),
        Index(None, "actor", "id"),
        Index(None, "action", "id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    detail: Mapped[JsonObject]
    personal: Mapped[JsonObject | None] = mapped_column(PLAIN_JSON)
    personal_digest: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did. `actor` is a staff member's public id, or `command` or `system`.

    `detail` holds no secret and nothing personal; `personal` is what an erasure blanks (a reason in words, a firm's name).
    """

    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: JsonObject
    personal: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A row of `audit`."""

    id: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: JsonObject
    personal: JsonObject | None
    personal_digest: str
    previous: str
    hash: str


audit = table_of(AuditTable)
AUDIT_COLUMNS = columns_of(audit, AuditRow)

_LAST = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
_CHAIN = select(*AUDIT_COLUMNS).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(1000)
_APPEND = insert(audit)
_OF_OBJECT = (
    select(*AUDIT_COLUMNS)
    .where(audit.c.object_kind == bindparam("kind"), audit.c.object_id == bindparam("which"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)


def append_act(connection: Connection, act: Act, at: datetime) -> int:
    """Add an act to the end of the chain, in the transaction of the act itself; returns the row's id.

    On PostgreSQL writers wait for each other here until they commit; on SQLite there is one writer anyway.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = connection.execute(_LAST).first()
    number, previous = (last.id + 1, last.hash) if last else (1, FIRST)
    personal = None if act.personal is None else {"salt": secrets.token_hex(16), **act.personal}
    digest = _sha256(_canonical(personal)) if personal else ""
    at = at.astimezone(UTC)
    row = AuditRow(
        number,
        at,
        act.actor,
        act.action,
        act.object_kind,
        act.object_id,
        act.detail,
        personal,
        digest,
        previous,
        "",
    )
    values = {name: getattr(row, name) for name in AuditRow.__dataclass_fields__}
    connection.execute(_APPEND, values | {"hash": hash_of(row)})
    return number


def hash_of(row: AuditRow) -> str:
    """SHA-256 over the hash before, and everything of the row but `personal` itself."""
    told = {
        "id": row.id,
        "at": row.at.isoformat(timespec="microseconds"),
        "actor": row.actor,
        "action": row.action,
        "object_kind": row.object_kind,
        "object_id": row.object_id,
        "detail": row.detail,
        "personal_digest": row.personal_digest,
    }
    return _sha256(row.previous + _canonical(told))


def acts_on(connection: Connection, kind: str, object_id: str, most: int = 200) -> list[AuditRow]:
    """Return what was done to one object, the newest first."""
    rows = connection.execute(_OF_OBJECT, {"kind": kind, "which": object_id, "most": most})
    return [AuditRow(*row) for row in rows]


def blank_personal(connection: Connection, kind: str, object_ids: list[str]) -> None:
    """Take what is personal out of the acts on erased objects; the chain holds all the same."""
    gone = update(audit).where(
        audit.c.object_kind == kind, audit.c.object_id.in_(object_ids), audit.c.personal.is_not(None)
    )
    connection.execute(gone.values(personal=null()))


def chain(connection: Connection) -> Iterator[AuditRow]:
    """Yield every row in order, without holding them all."""
    last = 0
    while rows := connection.execute(_CHAIN, {"after": last}).all():
        yield from (AuditRow(*row) for row in rows)
        last = rows[-1].id


def first_broken(rows: Iterator[AuditRow]) -> tuple[int, int | None]:
    """Return how many rows were looked at, and the id of the first that does not fit the one before it, None if all do."""
    previous, number = FIRST, 0
    for row in rows:
        number += 1
        fits = row.id == number and row.previous == previous and row.hash == hash_of(row)
        whole = row.personal is None or _sha256(_canonical(row.personal)) == row.personal_digest
        if not (fits and whole):
            return number, row.id
        previous = row.hash
    return number, None


def _canonical(told: JsonObject) -> str:
    return write_json(told, sort_keys=True)


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
