"""Codes by which a person takes their talk elsewhere (凭码继续): the resume code that they write down, and the one-time
code that moves it to another channel. Of a code only the fingerprint is kept. What the words mean to people: flows/passing.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, one_of, table_of

PassageKind: TypeAlias = Literal["resume", "move"]


class PassageTable(Base):
    """One code: `resume` is good again and again until it expires or a new one is made, `move` once."""

    __tablename__ = "passage"
    __table_args__ = (
        UniqueConstraint("code_sha256"),
        Index(None, "person_id"),
        one_of("kind", PassageKind),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[PassageKind] = mapped_column(Text)
    code_sha256: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Passage:
    """A row of `passage`; `id` is None before it is stored."""

    person_id: int
    kind: PassageKind
    code_sha256: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    id: int | None = None


passages = table_of(PassageTable)

_ADD = insert(passages).returning(passages.c.id)
_ALL = select(*columns_of(passages, Passage))
_BY_CODE = _ALL.where(passages.c.code_sha256 == bindparam("sha256"))
_BY_ID = _ALL.where(passages.c.id == bindparam("which"))
_OF = _ALL.where(passages.c.person_id == bindparam("person")).order_by(passages.c.id)
_USE = (
    update(passages)
    .where(
        passages.c.id == bindparam("which"),
        passages.c.expires_at > bindparam("now"),
        or_(passages.c.kind == "resume", passages.c.used_at.is_(None)),
    )
    .values(used_at=bindparam("now"), expires_at=bindparam("until"))
)


def add_passage(connection: Connection, passage: Passage) -> int:
    """Store a code's fingerprint; an earlier one of the same kind for the same person is good no more."""
    withdraw_passages(connection, passage.person_id, passage.kind)
    values = {
        "person_id": passage.person_id,
        "kind": passage.kind,
        "code_sha256": passage.code_sha256,
        "made_at": passage.made_at,
        "expires_at": passage.expires_at,
    }
    return int(connection.execute(_ADD, values).scalar_one())


def withdraw_passages(connection: Connection, person_id: int, kind: PassageKind) -> int:
    """Delete a person's codes of that kind; how many that were."""
    theirs = passages.c.person_id == person_id
    return connection.execute(delete(passages).where(theirs, passages.c.kind == kind)).rowcount


def passage_by_code(connection: Connection, sha256: str) -> Passage | None:
    row = connection.execute(_BY_CODE, {"sha256": sha256}).first()
    return Passage(*row) if row else None


def passage_by_id(connection: Connection, passage_id: int) -> Passage | None:
    row = connection.execute(_BY_ID, {"which": passage_id}).first()
    return Passage(*row) if row else None


def passages_of(connection: Connection, person_id: int) -> list[Passage]:
    """Return a person's codes that are still kept, the oldest first."""
    return [Passage(*row) for row in connection.execute(_OF, {"person": person_id})]


def use_passage(connection: Connection, passage_id: int, at: datetime, until: datetime) -> bool:
    """Note that a code was used, and until when it is good now. False: its time is over, or it was good once only."""
    used = connection.execute(_USE, {"which": passage_id, "now": at, "until": until})
    return used.rowcount == 1


def forget_expired_passages(connection: Connection, now: datetime) -> int:
    """Delete codes that are past their time; how many that were."""
    return connection.execute(delete(passages).where(passages.c.expires_at < now)).rowcount
