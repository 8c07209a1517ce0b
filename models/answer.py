"""What a firm answered, in order and for good: rows are added, never changed. Reading text is flows/answers.py's work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, ForeignKey, Index, Text, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, PLAIN_JSON, Base, Reference, columns_of, one_of, table_of

AnswerKind: TypeAlias = Literal["value", "unknown", "declined", "skipped", "withdrawn"]
AnswerRole: TypeAlias = Literal["owner", "advisor", "machine", "colleague"]


class AnswerTable(Base):
    """Append-only: a trigger of the migration refuses every UPDATE but the forgetting of who answered in which words."""

    __tablename__ = "answer"
    __table_args__ = (
        Index(None, "assessment_id", "id"),
        Index(None, "by_person"),
        one_of("kind", AnswerKind),
        one_of("by_role", AnswerRole),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    slot: Mapped[str]
    kind: Mapped[AnswerKind] = mapped_column(Text)
    as_typed: Mapped[str | None]
    as_read: Mapped[Any | None] = mapped_column(PLAIN_JSON)
    rule: Mapped[str | None]
    by_person: Mapped[Reference | None] = mapped_column(ForeignKey("person.id"))
    by_role: Mapped[AnswerRole] = mapped_column(Text)
    channel: Mapped[str]
    key: Mapped[str | None]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A row of `answer`; `id` is None before it is stored.

    `slot` is a fact's key or a path into it (`national_platforms.1.kind`); `as_read` is plain JSON;
    `rule` names how the text was read; `key` is the incoming message's.
    """

    id: int | None = None
    slot: str
    kind: AnswerKind
    as_typed: str | None = None
    as_read: Any = None
    rule: str | None = None
    by_person: int | None = None
    by_role: AnswerRole
    channel: str
    key: str | None = None
    at: datetime


answers = table_of(AnswerTable)

_OF = (
    select(*columns_of(answers, Answer))
    .where(answers.c.assessment_id == bindparam("assessment"))
    .order_by(answers.c.id)
)
_APPEND = insert(answers).returning(answers.c.id)


def answers_of(connection: Connection, assessment_id: int) -> list[Answer]:
    """Return every answer ever given to an assessment, the oldest first; a later one on a slot replaces an earlier."""
    rows = connection.execute(_OF, {"assessment": assessment_id})
    return [Answer(**row) for row in rows.mappings()]


def append_answer(connection: Connection, assessment_id: int, answer: Answer) -> int:
    """Add an answer (its `id` is not looked at) and return its id."""
    values = {
        "assessment_id": assessment_id,
        "slot": answer.slot,
        "kind": answer.kind,
        "as_typed": answer.as_typed,
        "as_read": answer.as_read,
        "rule": answer.rule,
        "by_person": answer.by_person,
        "by_role": answer.by_role,
        "channel": answer.channel,
        "key": answer.key,
        "at": answer.at,
    }
    return int(connection.execute(_APPEND, values).scalar_one())
