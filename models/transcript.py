"""A talk as it is shown again: what was said and what it was answered, on channels that keep no messages themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from models.base import JsonObject, columns_of
from models.outbox import MessageState, outbox


@dataclass(frozen=True, slots=True)
class Exchange:
    """A row of `outbox` as a talk shows it. `said` is None where nobody asked (an advisor, or a colleague who is done)."""

    id: int
    reply_to: str
    said: str | None
    payload: JsonObject
    state: MessageState
    due_at: datetime
    forget: bool
    created_at: datetime

    def waits(self, now: datetime) -> bool:
        """Whether it is not shown yet, and nobody else is about to show it."""
        return self.state in {"new", "sending"} and self.due_at <= now


_THERE = (
    select(*columns_of(outbox, Exchange))
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.address == bindparam("address"),
        outbox.c.state.in_(("new", "sending", "sent")),
    )
    .limit(bindparam("most"))
)
_NEWEST = _THERE.where(outbox.c.id < bindparam("before")).order_by(outbox.c.id.desc())
_LATER = _THERE.where(outbox.c.id > bindparam("after"), outbox.c.said.is_(None)).order_by(outbox.c.id)


def exchanges(connection: Connection, channel: str, address: str, before: int, most: int) -> list[Exchange]:
    """Return the newest `most` exchanges at an address before row `before`, the oldest of them first."""
    there = {"channel": channel, "address": address, "before": before, "most": most}
    return [Exchange(*row) for row in connection.execute(_NEWEST, there)][::-1]


def unasked_since(
    connection: Connection, channel: str, address: str, after: int, most: int
) -> list[Exchange]:
    """Return what came unasked after row `after`, the oldest first."""
    there = {"channel": channel, "address": address, "after": after, "most": most}
    return [Exchange(*row) for row in connection.execute(_LATER, there)]
