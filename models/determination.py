"""What a firm was told, stamped with edition and day: evidence, so never recomputed in place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, ForeignKey, Index, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.assessment import Assessment
from models.bare import write_bare
from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, Yuan, columns_of, table_of


class DeterminationTable(Base):
    """One verdict on one subject (`ladder` or a scheme's id) under one version of the answers."""

    __tablename__ = "determination"
    __table_args__ = (Index(None, "assessment_id", "assessment_version"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    edition_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    as_of: Mapped[date]
    subject: Mapped[str]
    verdict: Mapped[str]
    amount_yuan: Mapped[Yuan | None]
    detail: Mapped[JsonObject]
    assessment_version: Mapped[int]
    stored_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Finding:
    """The part of a determination that the rules tell; `detail` is its JSON as in docs (because, missing, citations)."""

    subject: str
    verdict: str
    amount_yuan: int | None = None
    detail: JsonObject = field(default_factory=dict)


determinations = table_of(DeterminationTable)

_STORE = insert(determinations)
_TOLD_ANEW = ("assessment_id", "assessment_version", "subject", "verdict", "amount_yuan", "detail")
_TOLD = select(determinations.c.id).where(
    determinations.c.assessment_id == bindparam("assessment"),
    determinations.c.assessment_version == bindparam("version"),
    determinations.c.edition_id == bindparam("edition"),
    determinations.c.as_of == bindparam("day"),
)
_LAST_TIME = (
    select(func.max(determinations.c.stored_at))
    .where(determinations.c.assessment_id == bindparam("assessment"))
    .scalar_subquery()
)
_LATEST = (
    select(*columns_of(determinations, Finding))
    .where(
        determinations.c.assessment_id == bindparam("assessment"), determinations.c.stored_at == _LAST_TIME
    )
    .order_by(determinations.c.id)
)


def store_determinations(
    connection: Connection, assessment: Assessment, as_of: date, findings: Sequence[Finding], at: datetime
) -> None:
    """Keep what the firm is told on day `as_of`, under the assessment's edition and its version of the answers.

    These three decide what is told: the same told again on that day is not stored twice.
    """
    same: dict[str, object] = {"assessment": assessment.id, "version": assessment.version}
    same |= {"edition": assessment.edition_id, "day": as_of}
    if connection.execute(_TOLD.limit(1), same).first() is not None:
        return
    stamp = {"assessment_id": assessment.id, "edition_id": assessment.edition_id, "as_of": as_of}
    stamp |= {"assessment_version": assessment.version, "stored_at": at}
    rows = [
        {"subject": one.subject, "verdict": one.verdict, "amount_yuan": one.amount_yuan, "detail": one.detail}
        for one in findings
    ]
    if rows:
        connection.execute(_STORE, [stamp | row for row in rows])


def store_told(
    connection: Connection,
    edition_id: int,
    as_of: date,
    told: Iterable[tuple[int, int, Sequence[Finding]]],
    at: datetime,
) -> None:
    """Keep what a reassessment tells: of each assessment its id, the version of its answers, and the findings."""
    rows = (
        (which, version, one.subject, one.verdict, one.amount_yuan, one.detail)
        for which, version, findings in told
        for one in findings
    )
    same = {"edition_id": edition_id, "as_of": as_of, "stored_at": at}
    write_bare(connection, determinations, same, _TOLD_ANEW, rows)


def latest_findings(connection: Connection, assessment_id: int) -> list[Finding]:
    """Return what the firm was told last, in the order it was stored."""
    return [Finding(*row) for row in connection.execute(_LATEST, {"assessment": assessment_id})]


def latest_of(
    connection: Connection, assessment_ids: Sequence[int], *narrower: ColumnElement[bool]
) -> dict[int, list[Finding]]:
    """Return what these were told last, by assessment, each in the order it was stored; `narrower`: of the findings."""
    last = (
        select(determinations.c.assessment_id, func.max(determinations.c.stored_at).label("at"))
        .where(determinations.c.assessment_id.in_(assessment_ids))
        .group_by(determinations.c.assessment_id)
        .subquery()
    )
    rows = connection.execute(
        select(determinations.c.assessment_id, *columns_of(determinations, Finding))
        .join(last, last.c.assessment_id == determinations.c.assessment_id)
        .where(determinations.c.stored_at == last.c.at, *narrower)
        .order_by(determinations.c.id)
    )
    told: dict[int, list[Finding]] = {}
    for which, *finding in rows:
        told.setdefault(which, []).append(Finding(*finding))
    return told


def judged_versions(connection: Connection, assessment_ids: Sequence[int]) -> dict[int, int]:
    """Return the newest version of their answers under which these were told something."""
    newest = select(determinations.c.assessment_id, func.max(determinations.c.assessment_version))
    there = newest.where(determinations.c.assessment_id.in_(assessment_ids))
    return {row[0]: row[1] for row in connection.execute(there.group_by(determinations.c.assessment_id))}
