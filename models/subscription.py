"""What people want to be told unasked (订阅): by topic, at once or gathered weekly, until they say otherwise."""

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
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, one_of, table_of

Frequency: TypeAlias = Literal["at-once", "weekly"]
EVERY_TOPIC = "all"
"""The topic of a bulletin that gathers several: whoever wants any of them gets it."""


class SubscriptionTable(Base):
    """One topic of one person; `until` None means now. `account_id`: where it was asked for, and where it goes."""

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("person_id", "topic"),
        Index(None, "topic", "person_id"),
        Index(None, "account_id"),
        one_of("frequency", Frequency),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[Reference] = mapped_column(ForeignKey("channel_account.id"))
    topic: Mapped[str]
    frequency: Mapped[Frequency] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A row of `subscription`."""

    id: int
    person_id: int
    account_id: int
    topic: str
    frequency: Frequency
    since: datetime
    until: datetime | None


subscriptions = table_of(SubscriptionTable)

_OF = (
    select(*columns_of(subscriptions, Subscription))
    .where(subscriptions.c.person_id == bindparam("person"))
    .order_by(subscriptions.c.id)
)
_ONE = (subscriptions.c.person_id == bindparam("person"), subscriptions.c.topic == bindparam("which"))
_TURN_ON = (
    update(subscriptions)
    .where(*_ONE)
    .values(
        account_id=bindparam("at_account"), frequency=bindparam("how"), since=bindparam("now"), until=None
    )
)
_TURN_OFF = update(subscriptions).where(*_ONE, subscriptions.c.until.is_(None)).values(until=bindparam("now"))
_ALL_OFF = (
    update(subscriptions)
    .where(subscriptions.c.person_id == bindparam("person"), subscriptions.c.until.is_(None))
    .values(until=bindparam("now"))
)


def subscriptions_of(connection: Connection, person_id: int) -> list[Subscription]:
    """Return every subscription a person ever had; `until` tells which hold now."""
    return [Subscription(*row) for row in connection.execute(_OF, {"person": person_id})]


def subscribe(  # noqa: PLR0913  what a row holds
    connection: Connection, person_id: int, account_id: int, topic: str, *, frequency: Frequency, at: datetime
) -> None:
    """Begin a subscription, or begin it anew with this frequency and at this address."""
    values = {"person": person_id, "which": topic, "at_account": account_id, "how": frequency, "now": at}
    if connection.execute(_TURN_ON, values).rowcount == 0:
        new = {"person_id": person_id, "account_id": account_id, "topic": topic, "frequency": frequency}
        connection.execute(insert(subscriptions).values(**new, since=at, until=None))


def unsubscribe(connection: Connection, person_id: int, topic: str | None, at: datetime) -> int:
    """End one subscription, or (topic None) all of a person's; how many ended."""
    if topic is None:
        return connection.execute(_ALL_OFF, {"person": person_id, "now": at}).rowcount
    return connection.execute(_TURN_OFF, {"person": person_id, "which": topic, "now": at}).rowcount
