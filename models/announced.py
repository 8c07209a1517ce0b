"""What recipients did with a bulletin: opened what it points at, or left its topic; then what waits for them is taken back."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from models.bulletin import bulletins, deliveries

_OF = select(bulletins.c.id).where(bulletins.c.public_id == bindparam("which")).scalar_subquery()
_THEIRS = (deliveries.c.bulletin_id == _OF, deliveries.c.person_id == bindparam("person"))
_OPENED = (
    update(deliveries).where(*_THEIRS, deliveries.c.opened_at.is_(None)).values(opened_at=bindparam("now"))
)
_LEFT = update(deliveries).where(*_THEIRS, deliveries.c.left_at.is_(None)).values(left_at=bindparam("now"))
_TOPIC = (
    select(bulletins.c.topic)
    .join(deliveries, deliveries.c.bulletin_id == bulletins.c.id)
    .where(bulletins.c.public_id == bindparam("which"), deliveries.c.person_id == bindparam("person"))
)
_UNSENT = ("waiting", "held")


def topic_told(connection: Connection, public_id: str, person_id: int) -> str | None:
    """Return the topic of a bulletin that somebody got; None where they never did."""
    return connection.execute(_TOPIC, {"which": public_id, "person": person_id}).scalar()


def note_opened(connection: Connection, public_id: str, person_id: int, at: datetime) -> None:
    """Note that somebody opened what a bulletin points at; the first time counts."""
    connection.execute(_OPENED, {"which": public_id, "person": person_id, "now": at})


def note_left(connection: Connection, public_id: str, person_id: int, at: datetime) -> str | None:
    """Note that a bulletin made somebody leave, and return its topic; None where they never got it."""
    topic = connection.execute(_TOPIC, {"which": public_id, "person": person_id}).scalar()
    if topic is not None:
        connection.execute(_LEFT, {"which": public_id, "person": person_id, "now": at})
    return topic


def take_back(connection: Connection, person_id: int, topic: str | None) -> int:
    """Cancel what has not gone out to somebody, of one topic or (None) of all; how many deliveries that were."""
    theirs = update(deliveries).where(deliveries.c.person_id == person_id, deliveries.c.state.in_(_UNSENT))
    if topic is not None:
        of_topic = select(bulletins.c.id).where(bulletins.c.topic == topic)
        theirs = theirs.where(deliveries.c.bulletin_id.in_(of_topic))
    return connection.execute(theirs.values(state="cancelled")).rowcount
