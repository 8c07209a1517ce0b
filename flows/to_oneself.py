"""Sending a bulletin to oneself before anybody else gets it (试发): as a recipient reads it, marked, and never counted."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from flows.announcing import Announced, announce
from flows.audience import Recipient
from flows.messages import Choice, Reply
from flows.subscriptions import TRIED_OUT
from models.desk import watch_of
from models.outbox import NewMessage, put


def tried_out(letter: Announced, like: Recipient) -> Reply:
    """What `like` would read, with a mark, and with buttons that count nothing."""
    reply = announce(letter, like)
    choices = tuple(Choice(f"{each.key.partition(':')[0]}:{TRIED_OUT}", each.label) for each in reply.choices)
    return replace(reply, choices=choices, data={**reply.data, "tried_out": True})


def send_to_oneself(
    connection: Connection, letter: Announced, like: Recipient, staff_id: int, at: datetime
) -> bool:
    """Send it to the chat that somebody of the staff linked; nothing of it is kept. False: they linked none."""
    watch = watch_of(connection, staff_id)
    if watch is None or watch.channel is None or watch.address is None:
        return False
    reply = tried_out(letter, like)
    key = f"try-{staff_id}-{letter.public_id}-{at:%Y%m%d%H%M%S%f}"
    news = NewMessage(watch.channel, watch.address, key, reply.kind, reply.to_json(), forget=True)
    put(connection, news, at)
    return True
