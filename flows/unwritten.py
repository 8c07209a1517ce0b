"""Bulletins that nobody writes: one a day under which the day's reminders, or the week's gatherings, go out."""

import hashlib
from datetime import date, datetime

from sqlalchemy import Connection

from flows.subscriptions import TITLES
from models.bulletin import Bulletin
from models.bulletins import add_bulletin, bulletin_by_public_id, change_bulletin, go_on


def public_id_of(topic: str, day: date) -> str:
    """The id of that day's bulletin, be it there or not."""
    return hashlib.sha256(f"{topic} of {day}".encode()).hexdigest()[:32]


def is_unwritten(bulletin: Bulletin) -> bool:
    """Whether it is one of these: its recipients are laid down by whoever made it, not by an audience."""
    return bulletin.topic not in TITLES


def of_day(connection: Connection, topic: str, title: str, day: date, now: datetime) -> Bulletin | None:
    """The bulletin of that day, made by whoever is first: its id says topic and day, so that there is but one.

    One that was done goes on. None where an administrator paused or cancelled it.
    """
    public_id = public_id_of(topic, day)
    there = bulletin_by_public_id(connection, public_id)
    if there is None:
        made = add_bulletin(
            connection,
            topic=topic,
            title=f"{title}（{day.isoformat()}）",
            body="",
            audience={},
            urgent=False,
            author="",
            at=now,
            public_id=public_id,
        )
        return change_bulletin(connection, made, {"state": "sending", "started_at": now}, ("draft",))
    if there.state == "done":
        return go_on(connection, there)
    return there if there.state == "sending" else None
