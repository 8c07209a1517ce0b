"""A reply on its way out, in the memory of the process that sends it."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages import Reply
from models.outbox import Message

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


@dataclass(slots=True)
class Outgoing:
    """A reply on its way. `fence` is 0 while somebody else may hold it."""

    id: int
    address: str
    reply: Reply
    target: str | None
    since: datetime
    due: datetime
    fence: int = 0
    pause: float = FIRST_PAUSE


def of_row(message: Message) -> Outgoing:
    """A row that an earlier process, or somebody else, left."""
    return Outgoing(
        id=message.id,
        address=message.address,
        reply=Reply.from_json(message.payload),
        target=message.target,
        since=message.due_at,
        due=message.due_at,
    )
