"""A reply on its way out, in the memory of the process that sends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.interview import Promise
from flows.messages import Reply
from models.outbox import Message

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LEASE = timedelta(seconds=5)


@dataclass(slots=True)
class Outgoing:
    """A reply on its way. It is ours while `fence` is not 0 and the lease has not ended.

    `shown`: how many of its messages went out; `broke`: how often sending it failed as nothing foreseen does.
    """

    id: int
    address: str
    reply: Reply
    target: str | None
    since: datetime
    due: datetime
    fence: int = 0
    lease_until: datetime | None = None
    pause: float = FIRST_PAUSE
    shown: int = 0
    broke: int = 0

    def is_ours(self, now: datetime) -> bool:
        """Whether nobody else may have taken it over."""
        return self.fence > 0 and self.lease_until is not None and now < self.lease_until


def just_promised(promise: Promise, address: str, target: str | None, at: datetime) -> Outgoing:
    """A reply that was committed under our lease."""
    return Outgoing(
        *(promise.message_id, address, promise.reply, target, at, at), fence=1, lease_until=at + LEASE
    )


def of_row(message: Message, reply: Reply) -> Outgoing:
    """A row that an earlier process, or somebody else, left."""
    return Outgoing(
        message.id, message.address, reply, message.target, since=message.created_at, due=message.due_at
    )
