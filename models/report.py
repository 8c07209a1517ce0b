"""Reports that were made of a result (测评报告). The links by which an owner shows one are in share.py, drawing in flows/printing.py."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    bindparam,
    exists,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.assessment import assessments
from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, columns_of, table_of
from models.check_code import read_check_code
from models.firm import memberships


class ReportTable(Base):
    """What one report says, frozen: `payload` is all that it shows. `check_code` stands on it for whoever checks it."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("check_code"), Index(None, "assessment_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    edition_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    assessment_version: Mapped[int]
    as_of: Mapped[date]
    check_code: Mapped[str]
    payload: Mapped[JsonObject]
    made_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Report:
    """A row of `report`; `id` is 0 before it is stored."""

    id: int
    assessment_id: int
    edition_id: int
    assessment_version: int
    as_of: date
    check_code: str
    payload: JsonObject
    made_at: datetime


reports = table_of(ReportTable)

_ADD = insert(reports).returning(reports.c.id)
REPORT_COLUMNS = columns_of(reports, Report)
_OF_ASSESSMENT = (
    select(*REPORT_COLUMNS)
    .where(reports.c.assessment_id == bindparam("assessment"))
    .order_by(reports.c.id.desc())
)
_NEWEST = _OF_ASSESSMENT.limit(1)
_BY_CODE = select(*REPORT_COLUMNS).where(reports.c.check_code == bindparam("code"))
_THEIRS = (
    select(*REPORT_COLUMNS)
    .join(assessments, assessments.c.id == reports.c.assessment_id)
    .where(
        reports.c.id == bindparam("which"),
        exists().where(
            memberships.c.person_id == bindparam("person"),
            memberships.c.firm_id == assessments.c.firm_id,
            memberships.c.until.is_(None),
        ),
    )
)


def add_report(connection: Connection, report: Report) -> int:
    """Store a report and return its id. A check code that is taken raises IntegrityError."""
    values = {
        "assessment_id": report.assessment_id,
        "edition_id": report.edition_id,
        "assessment_version": report.assessment_version,
        "as_of": report.as_of,
        "check_code": report.check_code,
        "payload": report.payload,
        "made_at": report.made_at,
    }
    return int(connection.execute(_ADD, values).scalar_one())


def newest_report(connection: Connection, assessment_id: int) -> Report | None:
    """Return the report that was made last. Whether somebody may see it is the caller's to know."""
    row = connection.execute(_NEWEST, {"assessment": assessment_id}).first()
    return Report(*row) if row else None


def reports_of(connection: Connection, assessment_id: int) -> list[Report]:
    """Return all reports of an assessment, the newest first."""
    return [Report(*row) for row in connection.execute(_OF_ASSESSMENT, {"assessment": assessment_id})]


def report_of_person(connection: Connection, report_id: int, person_id: int) -> Report | None:
    """Return a report of a firm that the person speaks for now; None for anybody else's."""
    row = connection.execute(_THEIRS, {"which": report_id, "person": person_id}).first()
    return Report(*row) if row else None


def find_by_check_code(connection: Connection, typed: str) -> Report | None:
    """Return the report on which the code stands, as an advisor typed it; None where there is none."""
    code = read_check_code(typed)
    row = None if code is None else connection.execute(_BY_CODE, {"code": code}).first()
    return Report(*row) if row else None
