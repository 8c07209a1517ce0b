"""Codes by which a person takes their talk elsewhere (凭码继续): the resume code that they write down, and the one-time
code that moves it to another channel. Of a code only the fingerprint is kept. What the words mean to people: flows/passing.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, ForeignKey, Index, Text, UniqueConstraint, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, one_of, table_of

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


def add_passage(connection: Connection, passage: Passage) -> int:
    """Store a code's fingerprint; an earlier one of the same kind for the same person is good no more."""
    there = passages.c.person_id == passage.person_id
    connection.execute(delete(passages).where(there, passages.c.kind == passage.kind))
    values = {
        "person_id": passage.person_id,
        "kind": passage.kind,
        "code_sha256": passage.code_sha256,
        "made_at": passage.made_at,
        "expires_at": passage.expires_at,
    }
    return int(connection.execute(_ADD, values).scalar_one())
