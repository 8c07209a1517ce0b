"""What the talk on one account points at just now: the one part of a dialogue that answers cannot tell."""

from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, bindparam, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonObject, Reference, table_of


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


talks = table_of(TalkTable)

_MOVE = (
    update(talks)
    .where(talks.c.account_id == bindparam("account"))
    .values(assessment_id=bindparam("to_assessment"), focus=bindparam("to_focus"), at=bindparam("now"))
)
_BEGIN = insert(talks)


def set_focus(
    connection: Connection, account_id: int, assessment_id: int | None, focus: JsonObject | None, at: datetime
) -> None:
    """Point the account's talk at an assessment and, within it, at `focus` (None: the next open question)."""
    moved = {"account": account_id, "to_assessment": assessment_id, "to_focus": focus, "now": at}
    if connection.execute(_MOVE, moved).rowcount == 0:
        begun = {"account_id": account_id, "assessment_id": assessment_id, "focus": focus, "at": at}
        connection.execute(_BEGIN, begun)
