"""Editions of the rules: the very text of their files, once published kept for good; which is in force on a day.

Reading them is policy/load.py's work; drafts and how they come to be published are in draft.py.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from sqlalchemy import (
    Connection,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    NEVER_REUSE_IDS,
    Base,
    JsonObject,
    Reference,
    columns_of,
    one_of,
    table_of,
    write_json,
)

EditionState: TypeAlias = Literal["draft", "reviewed", "published", "superseded"]


class EditionTable(Base):
    """One revision of one edition. A trigger of the migration keeps all but its state as it was published."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("name", "revision"),
        one_of("state", EditionState),
        Index("ix_edition_in_force", "name", "effective_from", "revision"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    state: Mapped[EditionState] = mapped_column(Text)
    content: Mapped[JsonObject]
    sha256: Mapped[str]
    effective_from: Mapped[date]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    shipped: Mapped[bool]
    author: Mapped[str | None]
    reviewer: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    publisher: Mapped[str | None]
    based_on: Mapped[Reference | None] = mapped_column()
    version: Mapped[int] = mapped_column(server_default="0")


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """A row of `edition`; `content` maps a file's name to its YAML text, `shipped` tells that it came with the program.

    `based_on` is what was published last when a draft was brought in, `version` counts its edits.
    """

    id: int
    name: str
    revision: int
    state: EditionState
    content: Mapping[str, str]
    sha256: str
    effective_from: date
    created_at: datetime
    published_at: datetime | None
    shipped: bool
    author: str | None = None
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    publisher: str | None = None
    based_on: int | None = None
    version: int = 0


editions = table_of(EditionTable)

_BY_ID = select(*columns_of(editions, StoredEdition)).where(editions.c.id == bindparam("which"))
_PUBLISHED = (
    select(*columns_of(editions, StoredEdition))
    .where(editions.c.name == bindparam("name"), editions.c.state == "published")
    .order_by(editions.c.revision.desc())
    .limit(1)
)
_OUT = editions.c.state.in_(("published", "superseded"))
_IN_FORCE = (
    select(editions.c.id)
    .where(editions.c.name == bindparam("name"), _OUT, editions.c.effective_from <= bindparam("day"))
    .order_by(editions.c.revision.desc())
    .limit(1)
)
_LAST_REVISION = select(func.coalesce(func.max(editions.c.revision), 0)).where(
    editions.c.name == bindparam("name")
)
_SUPERSEDE = (
    update(editions)
    .where(editions.c.name == bindparam("which"), editions.c.state == "published")
    .values(state="superseded")
)
_ADD = insert(editions).returning(editions.c.id)


def publish_files(
    connection: Connection, name: str, files: Mapping[str, str], effective_from: date, at: datetime
) -> int:
    """Put these files in force under `name` and return the edition's id.

    The same files and day as those in force change nothing; others become the next revision.
    """
    return _publish(connection, name, {"content": dict(files), "effective_from": effective_from}, at)


def ship_files(
    connection: Connection, name: str, files: Mapping[str, str], effective_from: date, at: datetime
) -> int:
    """Do the same with files that came with the program; the id of what is in force then.

    What somebody published stays in force: only what came with a program gives way to this.
    """
    current = published(connection, name)
    if current is not None and not current.shipped:
        return current.id
    new = {"content": dict(files), "effective_from": effective_from, "shipped": True}
    return _publish(connection, name, new, at)


def _publish(connection: Connection, name: str, new: JsonObject, at: datetime) -> int:
    sha256 = fingerprint(new["content"])
    # Counted before looking at what is in force: somebody who publishes in between takes this number, and we run again.
    revision = connection.execute(_LAST_REVISION, {"name": name}).scalar_one() + 1
    current = published(connection, name)
    if current and (current.sha256, current.effective_from) == (sha256, new["effective_from"]):
        return current.id
    connection.execute(_SUPERSEDE, {"which": name})
    values = {"name": name, "revision": revision, "state": "published", "sha256": sha256, "shipped": False}
    return int(connection.execute(_ADD, {**values, "created_at": at, "published_at": at, **new}).scalar_one())


def published(connection: Connection, name: str) -> StoredEdition | None:
    """Return the revision that was published last; it is in force from its day on (see `in_force`)."""
    row = connection.execute(_PUBLISHED, {"name": name}).first()
    return StoredEdition(*row) if row else None


def in_force(connection: Connection, name: str, day: date, *, below: int | None = None) -> int | None:
    """Return the id of the revision in force on a day: of those published, with their day come, the last.

    One that was published with a day to come is not in force before; one that it follows is until then. `below`: as if
    that revision and later ones were not there.
    """
    wanted = _IN_FORCE if below is None else _IN_FORCE.where(editions.c.revision < below)
    found = connection.execute(wanted, {"name": name, "day": day}).scalar()
    return None if found is None else int(found)


def by_id(connection: Connection, edition_id: int) -> StoredEdition:
    """Return one edition; NoResultFound for an id that was never given out."""
    return StoredEdition(*connection.execute(_BY_ID, {"which": edition_id}).one())


def fingerprint(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of an edition's files, whatever their order."""
    return hashlib.sha256(write_json(dict(sorted(files.items()))).encode()).hexdigest()
