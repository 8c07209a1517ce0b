"""The weekly gathering (每周汇总): what was held back for somebody during the week, told in one message on Monday morning."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from flows.audience import Recipient
from flows.laying_out import BY_WORKER, place
from flows.messages import SHANGHAI, Choice, Reply
from flows.subscriptions import LEAVE, OPEN, TITLES, Subject
from models.bulletin import Bulletin, NewDelivery
from models.bulletins import add_bulletin, bulletin_titled, change_bulletin
from models.delivering import add_deliveries
from models.held import Held, held_deliveries, merge_held

MONDAY, TEN = 0, 10
STEP = 200


def is_due(now: datetime) -> bool:
    """Whether it is Monday morning in China, from ten o'clock on."""
    there = now.astimezone(SHANGHAI)
    return there.weekday() == MONDAY and there.hour >= TEN


def gather_week(connection: Connection, now: datetime) -> bool:
    """Gather for the next few people, in one transaction. False: nobody waits, or it is not the time."""
    if not is_due(now):
        return False
    title = f"每周汇总 {now.astimezone(SHANGHAI):%Y-%m-%d}"
    begun = bulletin_titled(connection, title)
    # What is held for somebody after they heard this week waits for the next.
    told_in = 0 if begun is None else begun.id
    found = held_deliveries(connection, STEP, before=now - timedelta(minutes=1), told_in=told_in)
    if not found:
        return False
    bulletin = _under_way(connection, begun, title, now)
    new = []
    for person, held in found.items():
        first = held[0]
        message = _gathered(bulletin, held)
        in_hand = first.channel in BY_WORKER
        state = "waiting" if in_hand else "sent"
        if not in_hand:
            to = Recipient(person, first.account_id, first.channel, first.address, is_weekly=True)
            place(
                connection,
                to,
                f"bulletin-{bulletin.public_id}-{person}",
                message.kind,
                message.to_json(),
                now,
            )
        new.append(
            NewDelivery(person, first.firm_id, first.channel, first.address, message.to_json(), state)  # type: ignore[arg-type]  # one of two states
        )
    merge_held(connection, [each.id for held in found.values() for each in held])
    add_deliveries(connection, bulletin.id, new, now)
    return True


def _under_way(connection: Connection, begun: Bulletin | None, title: str, now: datetime) -> Bulletin:
    """The bulletin under which this week's gatherings go out; made by whoever is first."""
    if begun is not None and begun.state == "done":  # what was gathered so far went out meanwhile
        return change_bulletin(connection, begun, {"state": "sending", "finished_at": None}, ("done",))
    if begun is not None:
        return begun
    made = add_bulletin(
        connection,
        topic=Subject.POLICY,
        title=title,
        body="这一周和您有关的变化。",
        audience={},
        urgent=False,
        author="",
        at=now,
    )
    return change_bulletin(connection, made, {"state": "sending", "started_at": now}, ("draft",))


def _gathered(bulletin: Bulletin, held: list[Held]) -> Reply:
    """One message of several; what was about firms keeps each firm's own before and after."""
    firms: list[dict[str, Any]] = [firm for each in held for firm in each.payload["data"].get("firms", ())]
    others = [{"title": each.payload["data"]["title"], "body": each.payload["data"]["body"]} for each in held]
    data = {
        "title": bulletin.title,
        "body": bulletin.body,
        "firms": firms,
        "others": others,
        "topic": TITLES[Subject.POLICY],
    }
    choices = (
        Choice(f"{OPEN}:{bulletin.public_id}", "看我的结果"),
        Choice(f"{LEAVE}:{bulletin.public_id}", "退订这类"),
    )
    return Reply("notice", "bulletin", choices=choices, data=data)
