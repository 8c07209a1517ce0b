"""Signing in, as stored: one-time links, recovery codes, sessions, failures. Of every secret only its SHA-256 is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, new_public_id, table_of


class StaffLinkTable(Base):
    """A link by which somebody sets password and second factor, once."""

    __tablename__ = "staff_link"
    __table_args__ = (UniqueConstraint("token_sha256"), Index(None, "staff_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    token_sha256: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RecoveryTable(Base):
    """A code that stands in for the second factor, once: it is deleted when used."""

    __tablename__ = "staff_recovery"
    __table_args__ = (UniqueConstraint("staff_id", "code_sha256"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    code_sha256: Mapped[str]


class StaffSessionTable(Base):
    """A browser that is signed in. `confirmed_at`: when they last proved that it is them; `device` is a rough word."""

    __tablename__ = "staff_session"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("secret_sha256"),
        Index(None, "staff_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    secret_sha256: Mapped[str]
    device: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]


class FailureTable(Base):
    """Failed attempts at one account or from one address (a keyed digest of either), or codes mailed to one address (its
    digest), and until when to wait."""

    __tablename__ = "staff_failure"

    subject: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A row of `staff_session`, without its secret."""

    id: int
    public_id: str
    staff_id: int
    device: str
    made_at: datetime
    seen_at: datetime
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A row of `staff_link`, without its token."""

    id: int
    staff_id: int
    made_at: datetime
    expires_at: datetime


links = table_of(StaffLinkTable)
recoveries = table_of(RecoveryTable)
sessions = table_of(StaffSessionTable)
failures = table_of(FailureTable)

SESSION_COLUMNS = columns_of(sessions, StaffSession)


def add_link(
    connection: Connection, staff_id: int, token_sha256: str, at: datetime, expires_at: datetime
) -> None:
    """Store a link; earlier ones of the same person are void from now on."""
    forget_links(connection, staff_id)
    values = {"staff_id": staff_id, "token_sha256": token_sha256, "made_at": at, "expires_at": expires_at}
    connection.execute(insert(links), values)


def link_by(connection: Connection, token_sha256: str, now: datetime) -> StaffLink | None:
    """Return a link that is still good. Whoever uses it calls `forget_links`, which tells whether they were first."""
    found = select(*columns_of(links, StaffLink)).where(
        links.c.token_sha256 == token_sha256, links.c.expires_at > now
    )
    row = connection.execute(found).first()
    return StaffLink(*row) if row else None


def forget_links(connection: Connection, staff_id: int) -> int:
    """Make every link of somebody void and return how many there were."""
    return connection.execute(delete(links).where(links.c.staff_id == staff_id)).rowcount


def add_session(
    connection: Connection, staff_id: int, secret_sha256: str, device: str, at: datetime
) -> StaffSession:
    """Store that a browser is signed in from now on."""
    values = {
        "public_id": new_public_id(),
        "staff_id": staff_id,
        "secret_sha256": secret_sha256,
        "device": device,
        "made_at": at,
        "seen_at": at,
        "confirmed_at": at,
    }
    return StaffSession(*connection.execute(insert(sessions).returning(*SESSION_COLUMNS), values).one())


def session_by(
    connection: Connection, secret_sha256: str, seen_after: datetime, made_after: datetime
) -> StaffSession | None:
    """Return a session that is neither idle for too long nor too old."""
    found = select(*SESSION_COLUMNS).where(
        sessions.c.secret_sha256 == secret_sha256,
        sessions.c.seen_at > seen_after,
        sessions.c.made_at > made_after,
    )
    row = connection.execute(found).first()
    return StaffSession(*row) if row else None


def sessions_of(
    connection: Connection, staff_id: int, seen_after: datetime, made_after: datetime
) -> list[StaffSession]:
    """Return where somebody is signed in, the newest first."""
    found = (
        select(*SESSION_COLUMNS)
        .where(
            sessions.c.staff_id == staff_id,
            sessions.c.seen_at > seen_after,
            sessions.c.made_at > made_after,
        )
        .order_by(sessions.c.id.desc())
    )
    return [StaffSession(*row) for row in connection.execute(found)]


def touch_session(connection: Connection, session_id: int, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))


def confirm_session(connection: Connection, session_id: int, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(confirmed_at=at))


def end_session(connection: Connection, staff_id: int, public_id: str) -> bool:
    """End one session of somebody; False where they have none of that id."""
    gone = delete(sessions).where(sessions.c.staff_id == staff_id, sessions.c.public_id == public_id)
    return connection.execute(gone).rowcount == 1


def end_sessions(connection: Connection, staff_id: int, but: int | None = None) -> int:
    """End every session of somebody (`but` one) and return how many there were."""
    gone = delete(sessions).where(sessions.c.staff_id == staff_id)
    return connection.execute(gone if but is None else gone.where(sessions.c.id != but)).rowcount


def set_recoveries(connection: Connection, staff_id: int, fingerprints: list[str]) -> None:
    """Replace somebody's recovery codes."""
    connection.execute(delete(recoveries).where(recoveries.c.staff_id == staff_id))
    if fingerprints:
        rows = [{"staff_id": staff_id, "code_sha256": each} for each in fingerprints]
        connection.execute(insert(recoveries), rows)


def use_recovery(connection: Connection, staff_id: int, fingerprint: str) -> bool:
    """Use up a recovery code; False where there is none (any more)."""
    gone = delete(recoveries).where(
        recoveries.c.staff_id == staff_id, recoveries.c.code_sha256 == fingerprint
    )
    return connection.execute(gone).rowcount == 1


def forget_stale(connection: Connection, now: datetime, made_before: datetime) -> int:
    """Delete links past their day and sessions past any use; return how many rows that were."""
    old = connection.execute(delete(sessions).where(sessions.c.made_at < made_before)).rowcount
    return old + connection.execute(delete(links).where(links.c.expires_at < now)).rowcount
