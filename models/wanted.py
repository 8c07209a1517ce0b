"""Which deliveries may (still, or again) go out: their person asks for the topic and can be reached, their bulletin stands."""

from sqlalchemy import Connection, Text, and_, bindparam, cast, exists, or_, select

from models.bulletin import bulletins, deliveries
from models.person import accounts
from models.subscription import EVERY_TOPIC, subscriptions

_theirs = accounts.alias("theirs")
_SHUTS_US_OUT = exists().where(
    _theirs.c.channel == deliveries.c.channel,
    _theirs.c.address == deliveries.c.address,
    _theirs.c.state == "blocked",
)
"""Nobody wants us at the very address that it goes to, wherever else its person asked to be told meanwhile."""
_SUBSCRIBED = and_(
    subscriptions.c.person_id == deliveries.c.person_id,
    or_(subscriptions.c.topic == bulletins.c.topic, bulletins.c.topic == EVERY_TOPIC),
    subscriptions.c.until.is_(None),
)
_WANTED = (
    select(deliveries.c.id)
    .join(bulletins, bulletins.c.id == deliveries.c.bulletin_id)
    .join(subscriptions, _SUBSCRIBED)
    .join(accounts, and_(accounts.c.id == subscriptions.c.account_id, accounts.c.state == "active"))
    .where(bulletins.c.state != "cancelled", ~_SHUTS_US_OUT)
    # Locked (on PostgreSQL): who leaves in this moment waits, and then finds the row that they take back.
    .with_for_update(read=True, of=(subscriptions, bulletins))
)
_SHUT_OUT = select(deliveries.c.id).where(deliveries.c.id == bindparam("which"), _SHUTS_US_OUT)
_IS_FULL = deliveries.c.address != "", cast(deliveries.c.payload, Text) != "{}"
"""Not emptied meanwhile (blanking.py)."""
_ONE = _WANTED.where(deliveries.c.id == bindparam("which"), *_IS_FULL)
_FAILED = _WANTED.where(
    deliveries.c.bulletin_id == bindparam("bulletin"), deliveries.c.state == "failed", *_IS_FULL
)


def is_wanted(connection: Connection, delivery_id: int) -> bool:
    """Whether this delivery may go out once more."""
    return connection.execute(_ONE, {"which": delivery_id}).first() is not None


def is_shut_out(connection: Connection, delivery_id: int) -> bool:
    """Whether nobody wants us any more at the address that this delivery goes to."""
    return connection.execute(_SHUT_OUT, {"which": delivery_id}).first() is not None


def failed_and_wanted(connection: Connection, bulletin_id: int) -> list[int]:
    """Return the deliveries of a bulletin that failed and may be tried once more."""
    found = connection.execute(_FAILED, {"bulletin": bulletin_id}).scalars()
    return sorted(set(found))  # of the gathering, one for each topic
