"""Links by which an owner shows a report (分享链接). Of a link's token only the fingerprint is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, table_of
from models.report import REPORT_COLUMNS, Report, reports


class ShareTable(Base):
    """One link to a report. Without `with_figures` amounts and figures stay out."""

    __tablename__ = "share"
    __table_args__ = (UniqueConstraint("token_sha256"), Index(None, "report_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    report_id: Mapped[Reference] = mapped_column(ForeignKey("report.id"))
    token_sha256: Mapped[str]
    with_figures: Mapped[bool]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Share:
    """A row of `share`; `id` is 0 before it is stored."""

    id: int
    report_id: int
    token_sha256: str
    with_figures: bool
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


shares = table_of(ShareTable)

_COLUMNS = columns_of(shares, Share)
_ADD = insert(shares).returning(shares.c.id)
_GOOD = (
    select(*_COLUMNS, *REPORT_COLUMNS)
    .join(reports, reports.c.id == shares.c.report_id)
    .where(
        shares.c.token_sha256 == bindparam("sha256"),
        shares.c.revoked_at.is_(None),
        shares.c.expires_at > bindparam("now"),
    )
)
_KNOWN = select(shares.c.id).where(shares.c.token_sha256 == bindparam("sha256"))
_KEPT = (
    select(*_COLUMNS)
    .join(reports, reports.c.id == shares.c.report_id)
    .where(reports.c.assessment_id == bindparam("assessment"))
    .order_by(shares.c.id)
)
_LIVE = _KEPT.where(shares.c.revoked_at.is_(None), shares.c.expires_at > bindparam("now"))
_REVOKE = (
    update(shares)
    .where(
        shares.c.id == bindparam("which"),
        shares.c.revoked_at.is_(None),
        shares.c.report_id == bindparam("report"),
    )
    .values(revoked_at=bindparam("now"))
)
_REPORT = select(shares.c.report_id).where(shares.c.id == bindparam("which"))
_EXPIRED = delete(shares).where(shares.c.expires_at <= bindparam("now"))


def add_share(connection: Connection, share: Share) -> int:
    """Store a link's fingerprint and return its id."""
    values = {
        "report_id": share.report_id,
        "token_sha256": share.token_sha256,
        "with_figures": share.with_figures,
        "made_at": share.made_at,
        "expires_at": share.expires_at,
    }
    return int(connection.execute(_ADD, values).scalar_one())


def shared_report(connection: Connection, token_sha256: str, now: datetime) -> tuple[Share, Report] | None:
    """Return what a link shows; None where it expired, was revoked, or never was."""
    row = connection.execute(_GOOD, {"sha256": token_sha256, "now": now}).first()
    return None if row is None else (Share(*row[: len(_COLUMNS)]), Report(*row[len(_COLUMNS) :]))


def is_known(connection: Connection, token_sha256: str) -> bool:
    """Whether there is, or was, a link of this fingerprint."""
    return connection.execute(_KNOWN, {"sha256": token_sha256}).first() is not None


def kept_shares(connection: Connection, assessment_id: int) -> list[Share]:
    """Return all links to an assessment's reports that are stored still, be they good or not."""
    return [Share(*row) for row in connection.execute(_KEPT, {"assessment": assessment_id})]


def live_shares(connection: Connection, assessment_id: int, now: datetime) -> list[Share]:
    """Return the links to an assessment's reports that are good still, the oldest first."""
    return [Share(*row) for row in connection.execute(_LIVE, {"assessment": assessment_id, "now": now})]


def report_shown_by(connection: Connection, share_id: int) -> int | None:
    """Return which report a link shows, be it good still or not."""
    row = connection.execute(_REPORT, {"which": share_id}).first()
    return None if row is None else int(row.report_id)


def revoke_share(connection: Connection, share_id: int, report_id: int, now: datetime) -> bool:
    """Take a link to that report back for good. False where there is none to take back."""
    held = {"which": share_id, "report": report_id, "now": now}
    return connection.execute(_REVOKE, held).rowcount == 1


def forget_expired_shares(connection: Connection, now: datetime) -> int:
    """Delete the links whose time is over; how many that were."""
    return connection.execute(_EXPIRED, {"now": now}).rowcount
