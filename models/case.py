"""What advisors write beside an assessment: notes, opinions beside the machine's verdicts, questions to the owner, advice.

All of it is added to, never changed: an opinion is withdrawn, a question is settled once.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, ForeignKey, Index, Text, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, Yuan, columns_of, one_of, table_of

RemarkKind: TypeAlias = Literal["note", "advice"]
QuestionState: TypeAlias = Literal["asked", "later", "answered", "withdrawn"]


class RemarkTable(Base):
    """A note for colleagues, or advice that the owner received."""

    __tablename__ = "case_remark"
    __table_args__ = (Index(None, "assessment_id"), one_of("kind", RemarkKind), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[RemarkKind] = mapped_column(Text)
    words: Mapped[str]
    at: Mapped[datetime]


class OpinionTable(Base):
    """An advisor's verdict on one subject, beside the machine's; under which edition and which version of the answers."""

    __tablename__ = "case_opinion"
    __table_args__ = (Index(None, "assessment_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    edition_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    assessment_version: Mapped[int]
    subject: Mapped[str]
    verdict: Mapped[str]
    amount_yuan: Mapped[Yuan | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class QuestionTable(Base):
    """A question to the owner: one of the catalogue (`slot`), or in an advisor's own words. `account_id`: where it was put."""

    __tablename__ = "case_question"
    __table_args__ = (
        Index(None, "assessment_id"),
        Index(None, "account_id"),
        one_of("state", QuestionState),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    account_id: Mapped[Reference] = mapped_column(ForeignKey("channel_account.id"))
    slot: Mapped[str | None]
    words: Mapped[str]
    state: Mapped[QuestionState] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Remark:
    """A row of `case_remark`; `id` is None before it is stored."""

    assessment_id: int
    staff_id: int
    kind: RemarkKind
    words: str
    at: datetime
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """A row of `case_opinion`; `id` is None before it is stored."""

    assessment_id: int
    staff_id: int
    edition_id: int
    assessment_version: int
    subject: str
    verdict: str
    amount_yuan: int | None
    reason: str
    at: datetime
    withdrawn_at: datetime | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A row of `case_question`; `id` is None before it is stored."""

    assessment_id: int
    staff_id: int
    account_id: int
    slot: str | None
    words: str
    asked_at: datetime
    state: QuestionState = "asked"
    answer: str | None = None
    answered_at: datetime | None = None
    id: int | None = None


remarks, opinions, questions = table_of(RemarkTable), table_of(OpinionTable), table_of(QuestionTable)

_REMARKS = select(*columns_of(remarks, Remark)).where(remarks.c.assessment_id == bindparam("which"))
_OPINIONS = select(*columns_of(opinions, Opinion)).where(opinions.c.assessment_id == bindparam("which"))
_QUESTIONS = select(*columns_of(questions, Question)).where(questions.c.assessment_id == bindparam("which"))
_QUESTION = select(*columns_of(questions, Question)).where(questions.c.id == bindparam("which"))
_OPEN = questions.c.state.in_(("asked", "later"))
_SETTLE = (
    update(questions)
    .where(questions.c.id == bindparam("which"), _OPEN)
    .values(state=bindparam("to"), answer=bindparam("said"), answered_at=bindparam("now"))
)


def add_remark(connection: Connection, remark: Remark) -> int:
    return _add(connection, insert(remarks).returning(remarks.c.id), remark)


def add_opinion(connection: Connection, opinion: Opinion) -> int:
    """Store an opinion; an earlier one of anybody's on the same subject is withdrawn, and stays on record."""
    withdraw_opinion(connection, opinion.assessment_id, opinion.subject, opinion.at)
    return _add(connection, insert(opinions).returning(opinions.c.id), opinion)


def withdraw_opinion(connection: Connection, assessment_id: int, subject: str, at: datetime) -> bool:
    """Take back what stands on a subject. False: nothing did."""
    there = (opinions.c.assessment_id == assessment_id, opinions.c.subject == subject)
    standing = update(opinions).where(*there, opinions.c.withdrawn_at.is_(None)).values(withdrawn_at=at)
    return connection.execute(standing).rowcount > 0


def add_question(connection: Connection, question: Question) -> int:
    return _add(connection, insert(questions).returning(questions.c.id), question)


def settle_question(
    connection: Connection, question_id: int, state: QuestionState, answer: str | None, at: datetime | None
) -> bool:
    """Note that an open question was answered, put off or withdrawn. False: it is open no more."""
    values = {"which": question_id, "to": state, "said": answer, "now": at}
    return connection.execute(_SETTLE, values).rowcount == 1


def question_by_id(connection: Connection, question_id: int) -> Question | None:
    row = connection.execute(_QUESTION, {"which": question_id}).first()
    return Question(*row) if row else None


def remarks_on(connection: Connection, assessment_id: int) -> list[Remark]:
    """Return notes and advice, the newest first."""
    rows = connection.execute(_REMARKS.order_by(remarks.c.id.desc()), {"which": assessment_id})
    return [Remark(*row) for row in rows]


def opinions_on(connection: Connection, assessment_id: int) -> list[Opinion]:
    """Return all opinions, withdrawn ones too, the newest first."""
    rows = connection.execute(_OPINIONS.order_by(opinions.c.id.desc()), {"which": assessment_id})
    return [Opinion(*row) for row in rows]


def questions_on(connection: Connection, assessment_id: int) -> list[Question]:
    """Return all questions to the owner, the newest first."""
    rows = connection.execute(_QUESTIONS.order_by(questions.c.id.desc()), {"which": assessment_id})
    return [Question(*row) for row in rows]


def open_questions_of(connection: Connection, assessment_id: int) -> list[Question]:
    """Return the questions that the owner has not answered yet, the oldest first."""
    chosen = _QUESTIONS.where(_OPEN).order_by(questions.c.id)
    return [Question(*row) for row in connection.execute(chosen, {"which": assessment_id})]


def forget_case(connection: Connection, assessment_ids: list[int]) -> None:
    """Delete all that was written beside these assessments."""
    for table in (remarks, opinions, questions):
        connection.execute(delete(table).where(table.c.assessment_id.in_(assessment_ids)))


def forget_asked_at(connection: Connection, account_ids: list[int]) -> None:
    """Delete questions that were put to accounts which go."""
    connection.execute(delete(questions).where(questions.c.account_id.in_(account_ids)))


def _add(connection: Connection, statement: object, row: Remark | Opinion | Question) -> int:
    values = {name: value for name, value in asdict(row).items() if name != "id"}
    return int(connection.execute(statement, values).scalar_one())  # type: ignore[call-overload]  # an INSERT that returns
