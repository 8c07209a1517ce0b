"""Replies that were promised: stored with what they tell about, sent afterwards. Who sends them and marks them: sending.py."""

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
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, columns_of, one_of, table_of

MessageState: TypeAlias = Literal["new", "sending", "sent", "dead", "unknown"]

# Written out, not bound: only then do both databases see that a query may use the partial index.
UNSENT = "state IN ('new', 'sending')"

FETCHED = ("web",)
"""Channels without a sender: what waits there is fetched, by a page that somebody opens when they like."""


class OutboxTable(Base):
    """One row a reply. `forget`: delete instead of marking sent, for people of whom nothing may stay.

    `target`: the message whose button it answers; `external_id`: the message that it became. Both as the channel says.
    `said`: what it answers, in the words to be shown again, where the channel cannot show them by itself.
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
    said: Mapped[str | None]


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
    said: str | None = None


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
    created_at: datetime


outbox = table_of(OutboxTable)

_REPLY = select(*columns_of(outbox, Message)).where(
    outbox.c.channel == bindparam("channel"),
    outbox.c.address == bindparam("address"),
    outbox.c.reply_to == bindparam("key"),
)
_PUT = insert(outbox).returning(outbox.c.id)
_OLDEST = select(func.min(outbox.c.created_at)).where(text(UNSENT), outbox.c.channel.not_in(FETCHED))


def oldest_unsent(connection: Connection) -> datetime | None:
    """Return since when the longest waiting reply waits for its sender; None when nothing does."""
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
        "said": message.said,
    }
    return int(connection.execute(_PUT, values).scalar_one())
