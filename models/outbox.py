"""Replies that were promised: stored with what they tell about, sent afterwards. Sending is bot/'s work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, columns_of, one_of, table_of

MessageState: TypeAlias = Literal["new", "sending", "sent", "dead", "unknown"]

# Written out, not bound: only then do both databases see that a query may use the partial index.
UNSENT = "state IN ('new', 'sending')"


class OutboxTable(Base):
    """One row a reply. `forget`: delete instead of marking sent, for people of whom nothing may stay.

    `target`: the message whose button it answers; `external_id`: the message that it became. Both as the channel says.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("channel", "address", "reply_to"),
        Index(
            "ix_outbox_unsent", "channel", "address", sqlite_where=text(UNSENT), postgresql_where=text(UNSENT)
        ),
        Index(None, "account_id"),
        one_of("state", MessageState),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    account_id: Mapped[Reference | None] = mapped_column(ForeignKey("channel_account.id"))
    channel: Mapped[str]
    address: Mapped[str]
    reply_to: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[JsonObject]
    state: Mapped[MessageState] = mapped_column(Text)
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    forget: Mapped[bool]
    target: Mapped[str | None]
    external_id: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A reply to be stored; `reply_to` is the key of what came in, so that it is answered once.

    `lease_until`: whoever stores it sends it too, and nobody else before then.
    """

    channel: str
    address: str
    reply_to: str
    kind: str
    payload: JsonObject
    account_id: int | None = None
    forget: bool = False
    target: str | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A row of `outbox`."""

    id: int
    account_id: int | None
    channel: str
    address: str
    reply_to: str
    kind: str
    payload: JsonObject
    state: MessageState
    due_at: datetime
    attempts: int
    forget: bool
    target: str | None


outbox = table_of(OutboxTable)

_REPLY = select(*columns_of(outbox, Message)).where(
    outbox.c.channel == bindparam("channel"),
    outbox.c.address == bindparam("address"),
    outbox.c.reply_to == bindparam("key"),
)
_PUT = insert(outbox).returning(outbox.c.id)
_UNSENT = (
    select(*columns_of(outbox, Message))
    .where(text(UNSENT), outbox.c.channel == bindparam("channel"), outbox.c.due_at <= bindparam("now"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_UNSENT_TO = _UNSENT.where(outbox.c.address == bindparam("address"))
_ONE = outbox.c.id == bindparam("which")
_CLAIM = (
    update(outbox)
    .where(_ONE, text(UNSENT), outbox.c.due_at <= bindparam("now"))
    .values(state="sending", attempts=outbox.c.attempts + 1, due_at=bindparam("lease"))
)
_SENT = (
    update(outbox).where(_ONE, ~outbox.c.forget).values(state="sent", sent_at=bindparam("now"), error=None)
)
_FORGET = delete(outbox).where(_ONE, outbox.c.forget)
_FAILED = (
    update(outbox)
    .where(_ONE)
    .values(state=bindparam("then"), error=bindparam("why"), due_at=bindparam("again"))
)
_DEAD_SECRET = delete(outbox).where(_ONE, outbox.c.forget, outbox.c.state == "dead")

_OLDEST = select(func.min(outbox.c.created_at)).where(text(UNSENT))


def oldest_unsent(connection: Connection) -> datetime | None:
    """Return since when the longest waiting reply waits; None when nothing does."""
    return connection.execute(_OLDEST).scalar()


def stored_reply(connection: Connection, channel: str, address: str, key: str) -> Message | None:
    """Return what was already answered to this very message, None when it is new."""
    row = connection.execute(_REPLY, {"channel": channel, "address": address, "key": key}).first()
    return Message(*row) if row else None


def put(connection: Connection, message: NewMessage, at: datetime) -> int:
    """Store a reply, due at once or (under a lease) already being sent, and return its id.

    A second one to the same key raises IntegrityError.
    """
    leased = message.lease_until is not None
    values = {
        "account_id": message.account_id,
        "channel": message.channel,
        "address": message.address,
        "reply_to": message.reply_to,
        "kind": message.kind,
        "payload": message.payload,
        "state": "sending" if leased else "new",
        "due_at": message.lease_until or at,
        "attempts": int(leased),
        "created_at": at,
        "forget": message.forget,
        "target": message.target,
    }
    return int(connection.execute(_PUT, values).scalar_one())


def unsent(
    connection: Connection, channel: str, address: str | None, limit: int, now: datetime
) -> list[Message]:
    """Return what waits to be sent and is due, the oldest first: to one address, or (None) on the whole channel."""
    values = {"channel": channel, "now": now, "most": limit}
    if address is None:
        rows = connection.execute(_UNSENT, values)
    else:
        rows = connection.execute(_UNSENT_TO, {**values, "address": address})
    return [Message(*row) for row in rows]


def claim(connection: Connection, message_id: int, now: datetime, lease_until: datetime) -> bool:
    """Take a due message for sending; until the lease ends nobody else gets it. False: somebody else has it."""
    values = {"which": message_id, "now": now, "lease": lease_until}
    return connection.execute(_CLAIM, values).rowcount == 1


def mark_sent(connection: Connection, message_id: int, at: datetime) -> None:
    """Note that the message went out; one to be forgotten is deleted instead."""
    if connection.execute(_SENT, {"which": message_id, "now": at}).rowcount == 0:
        connection.execute(_FORGET, {"which": message_id})


def mark_failed(
    connection: Connection, message_id: int, state: MessageState, error: str, due_at: datetime
) -> None:
    """Note why a message did not go out: `new` tries again at `due_at`, `dead` never, `unknown` may have arrived."""
    values = {"which": message_id, "then": state, "why": error, "again": due_at}
    connection.execute(_FAILED, values)
    connection.execute(_DEAD_SECRET, {"which": message_id})
