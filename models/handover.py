"""Questions handed on to a colleague (转交): for which answers a one-time code is good, whose it is, who used it.

Of the code itself only the fingerprint is kept. What the words mean to people is in flows/handing.py and flows/colleague.py.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Row,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, PLAIN_JSON, Base, Reference, columns_of, table_of
from models.person import Account, accounts


class HandoverTable(Base):
    """One code. `account_id`: where the owner asked for it, and is told of the answers; `key`: by which message."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("code_sha256"),
        Index(None, "assessment_id"),
        Index(None, "account_id"),
        Index(None, "used_by"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    assessment_id: Mapped[Reference] = mapped_column(ForeignKey("assessment.id"))
    account_id: Mapped[Reference] = mapped_column(ForeignKey("channel_account.id"))
    code_sha256: Mapped[str]
    slots: Mapped[list[str]] = mapped_column(PLAIN_JSON)
    key: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_by: Mapped[Reference | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Handover:
    """A row of `handover`; `id` is None before it is stored."""

    assessment_id: int
    account_id: int
    code_sha256: str
    slots: list[str]
    key: str
    made_at: datetime
    expires_at: datetime
    used_by: int | None = None
    used_at: datetime | None = None
    finished_at: datetime | None = None
    id: int | None = None


handovers = table_of(HandoverTable)

_ADD = insert(handovers).returning(handovers.c.id)
_ALL = select(*columns_of(handovers, Handover))
_BY_CODE = _ALL.where(handovers.c.code_sha256 == bindparam("sha256"))
_BY_ID = _ALL.where(handovers.c.id == bindparam("which"))
_OF = _ALL.where(handovers.c.assessment_id == bindparam("assessment")).order_by(handovers.c.id)
_USED_BY = _ALL.where(handovers.c.used_by == bindparam("person")).order_by(handovers.c.id)
_USE = (
    update(handovers)
    .where(
        handovers.c.id == bindparam("which"),
        or_(handovers.c.used_at.is_(None), handovers.c.used_by == bindparam("person")),
    )
    .values(used_by=bindparam("person"), used_at=bindparam("now"))
)
_FINISH = (
    update(handovers)
    .where(handovers.c.id == bindparam("which"), handovers.c.finished_at.is_(None))
    .values(finished_at=bindparam("now"))
)
_MAKER = select(*columns_of(accounts, Account)).where(accounts.c.id == bindparam("which"))


def add_handover(connection: Connection, handover: Handover) -> int:
    """Store a code's fingerprint and what it is good for; whatever code there was for the assessment is good no more."""
    withdraw_handovers(connection, handover.assessment_id)
    values = {
        "assessment_id": handover.assessment_id,
        "account_id": handover.account_id,
        "code_sha256": handover.code_sha256,
        "slots": handover.slots,
        "key": handover.key,
        "made_at": handover.made_at,
        "expires_at": handover.expires_at,
    }
    return int(connection.execute(_ADD, values).scalar_one())


def withdraw_handovers(connection: Connection, assessment_id: int) -> int:
    """Take back what is not answered yet, for good; how many that were. What a colleague did answer stays on record."""
    there = handovers.c.assessment_id == assessment_id
    return connection.execute(delete(handovers).where(there, handovers.c.finished_at.is_(None))).rowcount


def handover_by_code(connection: Connection, sha256: str) -> Handover | None:
    row = connection.execute(_BY_CODE, {"sha256": sha256}).first()
    return _read(row)


def handover_by_id(connection: Connection, handover_id: int) -> Handover | None:
    row = connection.execute(_BY_ID, {"which": handover_id}).first()
    return _read(row)


def handovers_of(connection: Connection, assessment_id: int) -> list[Handover]:
    """Return what was handed on of an assessment and is still kept, the oldest first."""
    return [Handover(*row) for row in connection.execute(_OF, {"assessment": assessment_id})]


def used_by(connection: Connection, person_id: int) -> list[Handover]:
    """Return what a person took up to answer for others and is still kept, the oldest first."""
    return [Handover(*row) for row in connection.execute(_USED_BY, {"person": person_id})]


def use_handover(connection: Connection, handover_id: int, person_id: int, at: datetime) -> bool:
    """Note who answers, once and for all. False: somebody else was first, or it was taken back."""
    values = {"which": handover_id, "person": person_id, "now": at}
    return connection.execute(_USE, values).rowcount == 1


def finish_handover(connection: Connection, handover_id: int, at: datetime) -> None:
    connection.execute(_FINISH, {"which": handover_id, "now": at})


def maker_of(connection: Connection, handover: Handover) -> Account:
    """Return the account where the code was asked for."""
    return Account(*connection.execute(_MAKER, {"which": handover.account_id}).one())


def forget_expired(connection: Connection, now: datetime) -> int:
    """Delete what is past its days, used or not; how many that were."""
    return connection.execute(delete(handovers).where(handovers.c.expires_at < now)).rowcount


def _read(row: Row[*tuple[object, ...]] | None) -> Handover | None:
    return None if row is None else Handover(*row)  # type: ignore[arg-type]  # in the order of the columns
