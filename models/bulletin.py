"""Bulletins (通报) and their deliveries (投递): what is told to many, and one row a recipient with its frozen text.

Who takes deliveries and marks them: delivering.py. What the words mean to people: flows/bulletins.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY, NEVER_REUSE_IDS, Base, JsonObject, Reference, columns_of, one_of, table_of

BulletinState: TypeAlias = Literal[
    "draft", "scheduled", "preparing", "sending", "paused", "cancelled", "done"
]
DeliveryState: TypeAlias = Literal[
    "waiting", "sending", "sent", "failed", "blocked", "unknown", "held", "merged", "cancelled"
]

# Written out, not bound: only then do both databases see that a query may use the partial index.
WAITING, HELD = "state = 'waiting'", "state = 'held'"


class BulletinTable(Base):
    """One bulletin. `audience` is the rule in flows' own shape; `reached` the last person that was looked at for it.

    `version` counts changes, so that two who edit do not overwrite each other. `confirmed_by`: the second person.
    `urgent`: not held back by quiet hours.
    """

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("public_id"), one_of("state", BulletinState), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    topic: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    audience: Mapped[JsonObject]
    state: Mapped[BulletinState] = mapped_column(Text)
    urgent: Mapped[bool]
    author: Mapped[str]
    confirmed_by: Mapped[str | None]
    version: Mapped[int]
    reached: Mapped[int] = mapped_column(KEY)
    scheduled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class DeliveryTable(Base):
    """One recipient of one bulletin. `attempts` counts those whose outcome is known, and is the fence; `due_at`: the next.

    `sending` is told in counts and never stored: it waits, and is in somebody's hands (claim.py).
    `held`: for the weekly gathering (by wish, or because the firm heard enough this week); `merged`: told in one.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("bulletin_id", "person_id"),
        Index(
            "ix_delivery_waiting",
            # Sorted by what no other index is, or PostgreSQL walks all that was sent by the primary key.
            *("bulletin_id", "channel", "due_at", "id"),
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_delivery_held", "person_id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index(None, "bulletin_id", "state"),
        Index(None, "person_id"),
        Index(None, "firm_id", "created_at"),
        Index(None, "channel", "address"),
        one_of("state", DeliveryState),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    bulletin_id: Mapped[Reference] = mapped_column(ForeignKey("bulletin.id"))
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    firm_id: Mapped[Reference | None] = mapped_column(ForeignKey("firm.id"))
    channel: Mapped[str]
    address: Mapped[str]
    payload: Mapped[JsonObject]
    state: Mapped[DeliveryState] = mapped_column(Text)
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    error: Mapped[str | None]
    external_id: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A row of `bulletin`."""

    id: int
    public_id: str
    topic: str
    title: str
    body: str
    audience: JsonObject
    state: BulletinState
    urgent: bool
    author: str
    confirmed_by: str | None
    version: int
    reached: int
    scheduled_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A recipient to be stored: where, and the very reply that goes there."""

    person_id: int
    firm_id: int | None
    channel: str
    address: str
    payload: JsonObject
    state: DeliveryState = "waiting"


bulletins, deliveries = table_of(BulletinTable), table_of(DeliveryTable)
BULLETIN_COLUMNS = columns_of(bulletins, Bulletin)
