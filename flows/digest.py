"""The weekly gathering (每周汇总): what was held back for somebody during the week, told in one message on Monday morning."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from flows.audience import Recipient
from flows.commands import Command
from flows.laying_out import Outgoing, laid_down
from flows.messages import SHANGHAI, Choice, Reply
from flows.subscriptions import ALL, LEAVE, OPEN
from flows.unwritten import of_day, public_id_of
from models.bulletin import Bulletin, NewDelivery
from models.delivering import add_deliveries
from models.held import Held, drop_held, held_deliveries, merge_held

MONDAY, TEN = 0, 10
STEP = 200
TITLE = "每周汇总"


def is_due(now: datetime) -> bool:
    """Whether it is Monday morning in China, from ten o'clock on."""
    there = now.astimezone(SHANGHAI)
    return there.weekday() == MONDAY and there.hour >= TEN


def gather_week(connection: Connection, now: datetime, *, mails: bool = False) -> bool:
    """Gather for the next few people, in one transaction. False: nobody waits, or it is not the time."""
    if not is_due(now):
        return False
    day = now.astimezone(SHANGHAI).date()
    # What is held for somebody after they heard this week waits for the next.
    heard = public_id_of(ALL, day)
    found = held_deliveries(connection, STEP, before=now - timedelta(minutes=1), told_in=heard)
    if not found:
        return False
    told = {person: held for person, held in found.items() if held}
    if told:
        bulletin = of_day(connection, ALL, TITLE, day, now)
        if bulletin is None:
            return False
        new = [_laid_down(connection, bulletin, held, now, mails=mails) for held in told.values()]
        merge_held(connection, [each.id for held in told.values() for each in held])
        add_deliveries(connection, bulletin.id, new, now)
    drop_held(connection, [person for person in found if person not in told])
    return True


def _laid_down(
    connection: Connection, bulletin: Bulletin, held: list[Held], now: datetime, *, mails: bool
) -> NewDelivery:
    first = held[0]
    to = Recipient(
        *(first.person_id, first.account_id, first.channel, first.address),
        is_weekly=True,
        mail=first.mail,
        leave_key=first.leave_key,
    )
    return laid_down(
        connection, bulletin, Outgoing(to, first.firm_id, _gathered(bulletin, held)), now, mails=mails
    )


def _gathered(bulletin: Bulletin, held: list[Held]) -> Reply:
    """One message of several; what was about firms keeps each firm's own before and after."""
    firms: list[dict[str, Any]] = [firm for each in held for firm in each.payload["data"].get("firms", ())]
    others = [
        {"title": told["title"], "body": told["body"], "reminders": told.get("reminders", ())}
        for told in (each.payload["data"] for each in held)
    ]
    data = {
        "title": TITLE,
        "body": "这一周和您有关的变化。",
        "firms": firms,
        "others": others,
        "topic": TITLE,
        "all": True,
    }
    choices = (
        Choice(f"{OPEN}:{bulletin.public_id}", "看我的结果"),
        Choice(Command.SUBSCRIBE, "改订阅"),
        Choice(f"{LEAVE}:{bulletin.public_id}", "全部退订"),
    )
    return Reply("notice", "bulletin", choices=choices, data=data)
