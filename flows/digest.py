"""The weekly gathering (每周汇总): what was held back for somebody during the week, told in one message on Monday morning."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from flows.announcing import announce
from flows.audience import Audience, Readership, Recipient
from flows.commands import Command
from flows.concerned import find
from flows.editions import Editions
from flows.laying_out import Outgoing, laid_down
from flows.messages import SHANGHAI, Choice, Reply
from flows.subscriptions import ALL, LEAVE, OPEN
from flows.unwritten import of_day, public_id_of
from models.bulletin import Bulletin, NewDelivery
from models.bulletins import bulletin_by_public_id
from models.delivering import add_deliveries
from models.held import Held, drop_held, give_up_held, held_deliveries, merge_held

MONDAY, TEN = 0, 10
STEP = 200
TITLE = "每周汇总"


def is_due(now: datetime) -> bool:
    """Whether it is Monday morning in China, from ten o'clock on."""
    there = now.astimezone(SHANGHAI)
    return there.weekday() == MONDAY and there.hour >= TEN


def gather_week(connection: Connection, editions: Editions, now: datetime, *, mails: bool = False) -> bool:
    """Gather for the next few people, in one transaction. False: nobody waits, or it is not the time."""
    if not is_due(now):
        return False
    day = now.astimezone(SHANGHAI).date()
    # What is held for somebody after they heard this week waits for the next.
    heard = public_id_of(ALL, day)
    found = held_deliveries(connection, STEP, before=now - timedelta(minutes=1), told_in=heard)
    if not found:
        return False
    current = {person: _as_they_are(connection, editions, held) for person, held in found.items()}
    told = {person: held for person, held in current.items() if held}
    if told:
        bulletin = of_day(connection, ALL, TITLE, day, now)
        if bulletin is None:
            return False
        new = [_laid_down(connection, bulletin, held, now, mails=mails) for held in told.values()]
        merge_held(connection, [each.id for held in told.values() for each in held])
        add_deliveries(connection, bulletin.id, new, now)
    drop_held(connection, [person for person in found if person not in told])
    kept = {each.id for held in told.values() for each in held}
    give_up_held(connection, [each.id for held in found.values() for each in held if each.id not in kept])
    return True


def _as_they_are(connection: Connection, editions: Editions, held: list[Held]) -> list[Held]:
    """What still concerns its person, in the words of now: whoever corrected an answer during the week is not told the old."""
    return [now for each in held if (now := _as_it_is(connection, editions, each)) is not None]


def _as_it_is(connection: Connection, editions: Editions, held: Held) -> Held | None:
    bulletin = bulletin_by_public_id(connection, held.bulletin)
    audience = Audience() if bulletin is None else Audience.from_json(bulletin.audience)
    if bulletin is None or audience.changed_by is None:
        return held
    readers = Readership(bulletin.topic, audience)
    found = find(connection, editions, readers, held.person_id - 1, 1).recipients
    theirs = next((each for each in found if each.person_id == held.person_id), None)
    return None if theirs is None else replace(held, payload=announce(bulletin, theirs).to_json())


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
