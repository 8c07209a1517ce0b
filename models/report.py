"""Reports that were made of a result (测评报告) and the links by which an owner shows one. Drawing them is not done here."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, insert
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, columns_of, table_of


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


class ShareTable(Base):
    """One link to a report. Of its token only the fingerprint is kept; without `with_figures` amounts and figures stay out."""

    __tablename__ = "share"
    __table_args__ = (UniqueConstraint("token_sha256"), Index(None, "report_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    report_id: Mapped[Reference] = mapped_column(ForeignKey("report.id"))
    token_sha256: Mapped[str]
    with_figures: Mapped[bool]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A row of `report`; `id` is None before it is stored."""

    id: int | None = None
    assessment_id: int
    edition_id: int
    assessment_version: int
    as_of: date
    check_code: str
    payload: JsonObject
    made_at: datetime


reports, shares = table_of(ReportTable), table_of(ShareTable)

_ADD = insert(reports).returning(reports.c.id)
REPORT_COLUMNS = columns_of(reports, Report)


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
