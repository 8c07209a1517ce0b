"""Leaving a topic by the link in a letter (退订链接): whoever holds it may, without signing in; nothing else can be done by it."""

from datetime import datetime

from sqlalchemy import Connection

from flows.subscriptions import ALL, WANTED
from models.announced import note_left, take_back, topic_told
from models.mailbox import owner_of_key
from models.subscription import unsubscribe


def left_by(connection: Connection, leave_key: str, bulletin: str) -> str | None:
    """The title of what the link leaves; None for a link that was never given out, or is good no more."""
    person = owner_of_key(connection, leave_key)
    topic = None if person is None else topic_told(connection, bulletin, person)
    return None if topic is None else _title(topic)


def leave_by_link(connection: Connection, leave_key: str, bulletin: str, at: datetime) -> str | None:
    """Leave it, and return its title; once more changes nothing. None as above."""
    person = owner_of_key(connection, leave_key)
    topic = None if person is None else note_left(connection, bulletin, person, at)
    if person is None or topic is None:
        return None
    which = None if topic == ALL else topic
    unsubscribe(connection, person, which, at)
    take_back(connection, person, which)
    return _title(topic)


def _title(topic: str) -> str:
    return WANTED.get(topic, "全部通知")
