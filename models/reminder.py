"""What somebody was reminded of (提醒): one row for each occasion, so that none is told twice. When one is due: flows/occasions.py."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.assessment import AssessmentState, assessments
from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, table_of
from models.firm import firms, memberships
from models.review import verdicts


class ReminderTable(Base):
    """`occasion` names what was told so that it can come but once, such as `expires:hnte:2027-03`."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "firm_id", "occasion"),
        Index(None, "firm_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    firm_id: Mapped[Reference] = mapped_column(ForeignKey("firm.id"))
    occasion: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody is told of one occasion of one of their firms."""

    person_id: int
    firm_id: int
    occasion: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A firm that somebody speaks for, and its newest assessment, as far as a reminder may hang on it."""

    person_id: int
    firm_id: int
    name: str | None
    fiscal_year: int
    assessment_id: int
    edition_id: int
    state: AssessmentState
    version: int
    facts: JsonObject
    updated_at: datetime
    finished_at: datetime | None


reminders = table_of(ReminderTable)

_OF = (
    select(
        *(memberships.c.person_id, firms.c.id, firms.c.name, assessments.c.fiscal_year, assessments.c.id),
        *(assessments.c.edition_id, assessments.c.state, assessments.c.version, assessments.c.facts),
        *(assessments.c.updated_at, assessments.c.finished_at),
    )
    .join(firms, firms.c.id == memberships.c.firm_id)
    .join(assessments, assessments.c.firm_id == firms.c.id)
    .where(memberships.c.until.is_(None))
    .order_by(memberships.c.person_id, firms.c.id, assessments.c.fiscal_year.desc())
)


def remembered(connection: Connection, person_ids: Sequence[int]) -> list[Remembered]:
    """Return the firms these people speak for, by person, each with its newest assessment."""
    newest: dict[tuple[int, int], Remembered] = {}
    for row in connection.execute(_OF.where(memberships.c.person_id.in_(person_ids))):
        each = Remembered(*row)
        newest.setdefault((each.person_id, each.firm_id), each)
    return list(newest.values())


def told_of(connection: Connection, person_ids: Sequence[int]) -> set[Reminder]:
    """Return all that these people were reminded of before."""
    wanted = select(reminders.c.person_id, reminders.c.firm_id, reminders.c.occasion)
    return {Reminder(*row) for row in connection.execute(wanted.where(reminders.c.person_id.in_(person_ids)))}


def note_told(connection: Connection, told: Iterable[Reminder], at: datetime) -> None:
    """Note what people are reminded of. What one was told before raises IntegrityError."""
    rows = [{**asdict(each), "at": at} for each in told]
    if rows:
        connection.execute(insert(reminders), rows)


def verdicts_told(
    connection: Connection, assessment_ids: Sequence[int], subjects: Sequence[str]
) -> dict[tuple[int, str], str]:
    """Return what firms were told last of these measures, by assessment and measure."""
    wanted = select(verdicts.c.assessment_id, verdicts.c.subject, verdicts.c.verdict).where(
        verdicts.c.assessment_id.in_(assessment_ids), verdicts.c.subject.in_(subjects)
    )
    return {(row.assessment_id, row.subject): row.verdict for row in connection.execute(wanted)}
