"""Laying down a bulletin's recipients, one row each with its frozen text, in steps that any process can take up again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from flows.announcing import announce
from flows.audience import Audience, Recipient
from flows.bulletins import ALONE
from flows.concerned import find
from flows.editions import Editions
from models.audit import Act, append_act
from models.bulletin import Bulletin, DeliveryState, NewDelivery
from models.bulletins import (
    change_bulletin,
    delivery_counts,
    finish_bulletins,
    next_to_prepare,
    note_prepared,
    told_lately,
)
from models.delivering import add_deliveries
from models.outbox import NewMessage, put

STEP = 500
A_WEEK = timedelta(days=7)
MOST_A_WEEK = 2
"""Unasked messages about one firm within seven days; more wait for the weekly gathering."""
BY_WORKER = frozenset({"telegram", "email"})
"""Channels on which a worker carries messages out; on any other they wait where the person looks."""


def lay_out(connection: Connection, editions: Editions, now: datetime) -> bool:
    """Take one step for the bulletin that comes first. False: there is nothing to lay down."""
    bulletin = next_to_prepare(connection, now)
    if bulletin is None:
        return False
    audience = Audience.from_json(bulletin.audience)
    page = find(connection, editions, bulletin.topic, audience, bulletin.reached, STEP)
    if _needs_a_second(connection, bulletin, len(page.recipients)):
        change_bulletin(connection, bulletin, {"state": "paused"}, (bulletin.state,))
        append_act(connection, Act("system", "bulletin.pause", "bulletin", bulletin.public_id, {}), now)
        return True
    add_deliveries(connection, bulletin.id, _rows(connection, bulletin, page.recipients, now), now)
    note_prepared(connection, bulletin, page.reached, done=page.is_last, at=now)
    if page.is_last:
        finish_bulletins(connection, now)  # where nobody is left for a worker to write to, none would end it
    return True


def _needs_a_second(connection: Connection, bulletin: Bulletin, more: int) -> bool:
    """Whether more people want it by now than its author alone may write to."""
    if bulletin.confirmed_by != bulletin.author:
        return False
    return sum(delivery_counts(connection, bulletin.id).values()) + more > ALONE


def _rows(
    connection: Connection, bulletin: Bulletin, recipients: list[Recipient], now: datetime
) -> Iterator[NewDelivery]:
    firms = [firm.firm_id for each in recipients for firm in each.firms if firm.firm_id is not None]
    heard_enough = {
        firm for firm, count in told_lately(connection, firms, now - A_WEEK).items() if count >= MOST_A_WEEK
    }
    for each in recipients:
        firm = next((firm.firm_id for firm in each.firms), None)
        later = not bulletin.urgent and (each.is_weekly or firm in heard_enough)
        state: DeliveryState = "held" if later else "waiting" if each.channel in BY_WORKER else "sent"
        message = announce(bulletin, each)
        if state == "sent":
            place(connection, each, f"bulletin-{bulletin.public_id}", message.kind, message.to_json(), now)
        yield NewDelivery(each.person_id, firm, each.channel, each.address, message.to_json(), state)


def place(  # noqa: PLR0913, PLR0917  what a stored message is made of
    connection: Connection, to: Recipient, key: str, kind: str, payload: dict[str, object], now: datetime
) -> None:
    """Put a message where the person finds it the next time they look."""
    message = NewMessage(to.channel, to.address, key, kind, payload, account_id=to.account_id)
    put(connection, message, now)
