"""Laying down a bulletin's recipients, one row each with its frozen text, in steps that any process can take up again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from flows.announcing import announce
from flows.audience import Audience, Readership, Recipient
from flows.bulletins import ALONE
from flows.concerned import find
from flows.editions import Editions
from flows.messages import Reply
from models.audit import Act, append_act
from models.bulletin import Bulletin, NewDelivery
from models.bulletins import change_bulletin, finish_bulletins, next_to_prepare, note_prepared, told_lately
from models.delivered import delivery_counts, have_delivery
from models.delivering import add_deliveries
from models.mailbox import CHANNEL
from models.outbox import NewMessage, put

STEP = 500
A_WEEK = timedelta(days=7)
MOST_A_WEEK = 2
"""Unasked messages about one firm within seven days; more wait for the weekly gathering."""
BY_WORKER = frozenset({"telegram"})
"""Channels on which a worker carries messages out; on any other they wait where the person looks."""


def lay_out(
    connection: Connection,
    editions: Editions,
    now: datetime,
    *,
    mails: bool = False,
    which: int | None = None,
) -> bool:
    """Take one step for the bulletin that comes first, or for just this one. False: there is nothing to lay down.

    `mails`: somebody sends mail.
    """
    bulletin = next_to_prepare(connection, now, which)
    if bulletin is None:
        return False
    audience = Audience.from_json(bulletin.audience)
    page = find(connection, editions, Readership(bulletin.topic, audience), bulletin.reached, STEP)
    # Whoever got it as a person that became one with another is found again under the other's number.
    had = have_delivery(connection, bulletin.id, [each.person_id for each in page.recipients])
    recipients = [each for each in page.recipients if each.person_id not in had]
    if _needs_a_second(connection, bulletin, len(recipients)):
        hold(connection, bulletin, now)
        return True
    rows = _rows(connection, bulletin, recipients, now, mails=mails)
    add_deliveries(connection, bulletin.id, rows, now)
    note_prepared(connection, bulletin, page.reached, done=page.is_last, at=now)
    if page.is_last:
        finish_bulletins(connection, now)  # where nobody is left for a worker to write to, none would end it
    return True


def hold_broken(connection: Connection, which: int, now: datetime) -> bool:
    """Pause a bulletin that cannot be laid down, so that it stands in nobody's way until somebody resumes it. False:
    another process has it.
    """
    bulletin = next_to_prepare(connection, now, which)
    if bulletin is not None:
        hold(connection, bulletin, now)
    return bulletin is not None


def hold(connection: Connection, bulletin: Bulletin, now: datetime) -> None:
    """Pause a bulletin on nobody's behalf, and say so in the audit."""
    change_bulletin(connection, bulletin, {"state": "paused"}, (bulletin.state,))
    append_act(connection, Act("system", "bulletin.pause", "bulletin", bulletin.public_id, {}), now)


def _needs_a_second(connection: Connection, bulletin: Bulletin, more: int) -> bool:
    """Whether more people want it by now than its author alone may write to."""
    if bulletin.confirmed_by != bulletin.author:
        return False
    return sum(delivery_counts(connection, bulletin.id).values()) + more > ALONE


def _rows(
    connection: Connection, bulletin: Bulletin, recipients: list[Recipient], now: datetime, *, mails: bool
) -> Iterator[NewDelivery]:
    firms = [firm.firm_id for each in recipients for firm in each.firms if firm.firm_id is not None]
    enough = heard_enough(connection, firms, now)
    for each in recipients:
        firm = next((firm.firm_id for firm in each.firms), None)
        out = Outgoing(each, firm, announce(bulletin, each))
        if not bulletin.urgent and (each.is_weekly or firm in enough):
            yield held(out)
        else:
            yield laid_down(connection, bulletin, out, now, mails=mails)


def heard_enough(connection: Connection, firm_ids: Sequence[int], now: datetime) -> set[int]:
    """Which of these firms were told of so often this week that more waits for the gathering."""
    lately = told_lately(connection, firm_ids, now - A_WEEK)
    return {firm for firm, count in lately.items() if count >= MOST_A_WEEK}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one recipient gets, and the firm that it is counted for."""

    to: Recipient
    firm_id: int | None
    message: Reply


def held(out: Outgoing) -> NewDelivery:
    """A message that waits for the weekly gathering."""
    to = out.to
    return NewDelivery(to.person_id, out.firm_id, to.channel, to.address, out.message.to_json(), "held")


def laid_down(
    connection: Connection, bulletin: Bulletin, out: Outgoing, now: datetime, *, mails: bool
) -> NewDelivery:
    """A message that goes out: by a worker, or (on other channels) placed where the person looks, and by mail beside it
    where they gave an address and somebody sends mail."""
    to, firm_id, message = out.to, out.firm_id, out.message
    if to.channel in BY_WORKER:
        return NewDelivery(to.person_id, firm_id, to.channel, to.address, message.to_json())
    key = f"bulletin-{bulletin.public_id}"
    placed = NewMessage(
        to.channel, to.address, key, message.kind, message.to_json(), account_id=to.account_id
    )
    put(connection, placed, now)
    if not mails or to.mail is None:
        return NewDelivery(to.person_id, firm_id, to.channel, to.address, message.to_json(), "sent")
    leave = f"{to.leave_key}/{bulletin.public_id}"
    letter = replace(message, data={**message.data, "leave": leave})
    return NewDelivery(to.person_id, firm_id, CHANNEL, to.mail, letter.to_json())
