"""What the talk on one account points at just now: the one part of a dialogue that answers cannot tell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonObject, Reference, columns_of, table_of


class TalkTable(Base):
    """A slot that is being changed, or a reading that waits for a yes; `focus` is the flow's own shape."""

    __tablename__ = "talk"
    __table_args__ = (Index(None, "assessment_id"),)

    account_id: Mapped[Reference] = mapped_column(
        ForeignKey("channel_account.id"), primary_key=True, autoincrement=False
    )
    assessment_id: Mapped[Reference | None] = mapped_column(ForeignKey("assessment.id"))
    focus: Mapped[JsonObject | None]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Talk:
    """A row of `talk`."""

    account_id: int
    assessment_id: int | None
    focus: JsonObject | None
    at: datetime


talks = table_of(TalkTable)

_GET = select(*columns_of(talks, Talk)).where(talks.c.account_id == bindparam("account"))
_MOVE = (
    update(talks)
    .where(talks.c.account_id == bindparam("account"))
    .values(assessment_id=bindparam("to_assessment"), focus=bindparam("to_focus"), at=bindparam("now"))
)
_BEGIN = insert(talks)


def get_talk(connection: Connection, account_id: int) -> Talk | None:
    row = connection.execute(_GET, {"account": account_id}).first()
    return Talk(*row) if row else None


def set_focus(
    connection: Connection, account_id: int, assessment_id: int | None, focus: JsonObject | None, at: datetime
) -> None:
    """Point the account's talk at an assessment and, within it, at `focus` (None: the next open question)."""
    moved = {"account": account_id, "to_assessment": assessment_id, "to_focus": focus, "now": at}
    if connection.execute(_MOVE, moved).rowcount == 0:
        begun = {"account_id": account_id, "assessment_id": assessment_id, "focus": focus, "at": at}
        connection.execute(_BEGIN, begun)
