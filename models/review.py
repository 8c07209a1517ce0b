"""Where each assessment stands with the advisors (复核): one row each, with all that their work list filters and sorts by,
as typed columns. What an advisor writes beside it is in case.py, pages of the list in worklist.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, LostRaceError, Reference, UtcTime, Yuan, columns_of, one_of, table_of

ReviewState: TypeAlias = Literal["open", "new", "asked", "reviewing", "waiting", "reviewed"]

LISTED = "state <> 'open'"
"""Written out, not bound: only then do both databases see that a query may use the partial indexes."""
UNDER_WAY = "state = 'open'"
OUT_OF_SCOPE = -1
"""The rung of a firm that is not of Henan."""


def _listed(*columns: str) -> Index:
    name = f"ix_review_{'_'.join(columns)}"
    return Index(name, *columns, "assessment_id", sqlite_where=text(LISTED), postgresql_where=text(LISTED))


class ReviewTable(Base):
    """`version` counts what advisors did; `rung` is the number of rungs expected, 0 below the first, NULL not known.

    `left_at` is the question that is open while the talk is under way. Rows under way stand in one small index,
    the others in those that the list is sorted by.
    """

    __tablename__ = "review"
    __table_args__ = (
        one_of("state", ReviewState),
        Index(None, "firm_id"),
        Index(None, "advisor_id"),
        Index(
            "ix_review_open",
            *("fiscal_year", "left_at", "changed_at"),
            sqlite_where=text(UNDER_WAY),
            postgresql_where=text(UNDER_WAY),
        ),
        _listed("changed_at"),
        _listed("amount_yuan"),
        _listed("state", "changed_at"),
        _listed("city", "changed_at"),
        _listed("industry", "changed_at"),
        _listed("rung", "changed_at"),
    )

    assessment_id: Mapped[Reference] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    firm_id: Mapped[Reference] = mapped_column(ForeignKey("firm.id"))
    state: Mapped[ReviewState] = mapped_column(Text)
    version: Mapped[int]
    advisor_id: Mapped[Reference | None] = mapped_column(ForeignKey("staff.id"))
    city: Mapped[str | None]
    industry: Mapped[str | None]
    rung: Mapped[int | None]
    fiscal_year: Mapped[int]
    channel: Mapped[str]
    confirmed_yuan: Mapped[Yuan] = mapped_column()
    amount_yuan: Mapped[Yuan] = mapped_column()
    left_at: Mapped[str | None]
    changed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]


class VerdictTable(Base):
    """What a firm was told last of each measure with conditions, to filter by."""

    __tablename__ = "review_verdict"
    __table_args__ = (Index(None, "subject", "verdict", "assessment_id"),)

    assessment_id: Mapped[Reference] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    verdict: Mapped[str]
    amount_yuan: Mapped[Yuan] = mapped_column()


@dataclass(frozen=True, slots=True)
class Review:
    """A row of `review`. `amount_yuan` is confirmed and conditional together."""

    assessment_id: int
    firm_id: int
    state: ReviewState
    version: int
    advisor_id: int | None
    city: str | None
    industry: str | None
    rung: int | None
    fiscal_year: int
    channel: str
    confirmed_yuan: int
    amount_yuan: int
    left_at: str | None
    changed_at: datetime
    answered_at: datetime | None
    finished_at: datetime | None
    asked_at: datetime | None
    reviewed_at: datetime | None

    @property
    def waiting_since(self) -> datetime | None:
        """Since when somebody waits for an advisor: the owner's wish, else the end of the talk."""
        return self.asked_at or self.finished_at


@dataclass(frozen=True, slots=True)
class Told:
    """A row of `review_verdict`, without whose it is."""

    subject: str
    verdict: str
    amount_yuan: int


class ChangedMeanwhileError(LostRaceError):
    """Another advisor was first; run again, the work finds it so and says it."""


reviews, verdicts = table_of(ReviewTable), table_of(VerdictTable)

_INSERT = insert(reviews)
_GET = select(*columns_of(reviews, Review)).where(reviews.c.assessment_id == bindparam("which"))
_TOUCH = (
    update(reviews)
    .where(and_(reviews.c.assessment_id == bindparam("which"), text(UNDER_WAY)))
    .values(
        left_at=bindparam("to_slot"),
        city=bindparam("to_city"),
        changed_at=bindparam("now"),
        answered_at=func.coalesce(reviews.c.answered_at, bindparam("first", type_=UtcTime())),
    )
)
_KEYS = ("assessment_id", "firm_id", "fiscal_year", "channel")
_TOLD = (
    select(*columns_of(verdicts, Told))
    .where(verdicts.c.assessment_id == bindparam("which"))
    .order_by(verdicts.c.subject)
)
_JUDGE = (
    update(reviews)
    .where(reviews.c.assessment_id == bindparam("which"))
    .values(rung=bindparam("to_rung"), confirmed_yuan=bindparam("sure"), amount_yuan=bindparam("in_sight"))
)
_FORGET_TOLD = delete(verdicts).where(verdicts.c.assessment_id == bindparam("which"))
_TELL = insert(verdicts)


def review_of(connection: Connection, assessment_id: int) -> Review | None:
    """Return how an assessment stands. Whether somebody may see it is the caller's to know."""
    row = connection.execute(_GET, {"which": assessment_id}).first()
    return Review(*row) if row else None


def told_of(connection: Connection, assessment_id: int) -> list[Told]:
    """Return what the list holds of the verdicts, by subject."""
    return [Told(*row) for row in connection.execute(_TOLD, {"which": assessment_id})]


def rows_of(
    connection: Connection, assessment_ids: Sequence[int], *, lock: bool = False
) -> list[tuple[Review, list[Told]]]:
    """Return how these assessments stand, each with its verdicts, by number; those that are not in the list are left out.
    `lock`: they stay so until the transaction ends."""
    here = select(*columns_of(reviews, Review)).where(reviews.c.assessment_id.in_(assessment_ids))
    ordered = here.order_by(reviews.c.assessment_id)
    rows = [Review(*row) for row in connection.execute(ordered.with_for_update() if lock else ordered)]
    told: dict[int, list[Told]] = {row.assessment_id: [] for row in rows}
    of_these = select(verdicts.c.assessment_id, *columns_of(verdicts, Told)).where(
        verdicts.c.assessment_id.in_(list(told))
    )
    for which, *each in connection.execute(of_these.order_by(verdicts.c.assessment_id, verdicts.c.subject)):
        told[which].append(Told(*each))
    return [(row, told[row.assessment_id]) for row in rows]


def touch(  # noqa: PLR0913  what a row under way says
    connection: Connection,
    assessment_id: int,
    slot: str | None,
    city: str | None,
    at: datetime,
    *,
    answered: bool,
) -> bool:
    """Note where a talk under way stands: one statement. False where it is not under way, or not in the list at all."""
    first = at if answered else None
    values = {"which": assessment_id, "to_slot": slot, "to_city": city, "now": at, "first": first}
    return connection.execute(_TOUCH, values).rowcount == 1


def insert_reviews(connection: Connection, rows: Iterable[Review]) -> None:
    """Add rows as they are."""
    values = [asdict(row) for row in rows]
    if values:
        connection.execute(_INSERT, values)


def write_review(connection: Connection, before: Review, after: Review) -> None:
    """Put `after` in the place of `before`. Raises ChangedMeanwhileError where the row is at another version by now."""
    new = {name: value for name, value in asdict(after).items() if name not in _KEYS}
    same = and_(
        reviews.c.assessment_id == before.assessment_id,
        reviews.c.version == before.version,
        reviews.c.state == before.state,
    )
    if connection.execute(update(reviews).where(same).values(new)).rowcount != 1:
        raise ChangedMeanwhileError(f"the review of {before.assessment_id} was changed meanwhile")


def write_told(connection: Connection, assessment_id: int, told: Sequence[Told]) -> None:
    """Replace the verdicts."""
    connection.execute(_FORGET_TOLD, {"which": assessment_id})
    insert_told(connection, ((assessment_id, each) for each in told))


def write_judged(connection: Connection, rows: Iterable[tuple[Review, Sequence[Told]]]) -> None:
    """Put rung, amounts and verdicts of many in the place of theirs, which were read locked."""
    found = list(rows)
    if not found:
        return
    connection.execute(_JUDGE, [{"which": row.assessment_id, **_judged(row)} for row, _ in found])
    these = [row.assessment_id for row, _ in found]
    connection.execute(delete(verdicts).where(verdicts.c.assessment_id.in_(these)))
    insert_told(connection, ((row.assessment_id, each) for row, told in found for each in told))


def _judged(row: Review) -> dict[str, object]:
    return {"to_rung": row.rung, "sure": row.confirmed_yuan, "in_sight": row.amount_yuan}


def insert_told(connection: Connection, told: Iterable[tuple[int, Told]]) -> None:
    """Add verdicts, each with whose it is."""
    rows = [{"assessment_id": which, **asdict(each)} for which, each in told]
    if rows:
        connection.execute(_TELL, rows)


def acted(before: Review, state: ReviewState, **changes: object) -> Review:
    """The row after an advisor (or the owner, who asks or answers) did something: one version on."""
    return replace(before, state=state, version=before.version + 1, **changes)  # type: ignore[arg-type]  # by name
