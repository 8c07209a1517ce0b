"""The weekly gathering (每周汇总): what was held back for somebody during the week, told in one message on Monday morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from flows.announcing import announce
from flows.audience import Audience, Readership, Recipient
from flows.commands import Command
from flows.concerned import find_among
from flows.editions import Editions
from flows.laying_out import Outgoing, hold, laid_down
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
    told = _as_they_are(connection, editions, found)
    if told:
        bulletin = of_day(connection, ALL, TITLE, day, now)
        if bulletin is None:
            return False
        new = [_laid_down(connection, bulletin, held, now, mails=mails) for held in told.values()]
        merge_held(connection, [each.id for held in told.values() for each in held])
        add_deliveries(connection, bulletin.id, new, now)
    drop_held(connection, [person for person, held in found.items() if not held])
    kept = {each.id for held in told.values() for each in held}
    give_up_held(connection, [each.id for held in found.values() for each in held if each.id not in kept])
    return True


def _as_they_are(
    connection: Connection, editions: Editions, found: Mapping[int, list[Held]]
) -> dict[int, list[Held]]:
    """What still concerns its people, in the words of now: whoever corrected an answer during the week is not told the old."""
    concerned: dict[str, list[int]] = {}
    for person, held in found.items():
        for each in held:
            concerned.setdefault(each.bulletin, []).append(person)
    now = {which: _Now.of(connection, editions, which, people) for which, people in concerned.items()}
    told = {
        person: [new for each in held if (new := now[each.bulletin].told(each)) is not None]
        for person, held in found.items()
    }
    return {person: held for person, held in told.items() if held}


class CannotGatherError(Exception):
    """A bulletin of which nobody can be told what of it holds now."""

    def __init__(self, which: str) -> None:
        super().__init__(which)
        self.which = which


@dataclass(frozen=True, slots=True)
class _Now:
    """A bulletin and whom it concerns now; `to` is None where it concerns whoever subscribed."""

    bulletin: Bulletin | None
    to: Mapping[int, Recipient] | None

    @classmethod
    def of(cls, connection: Connection, editions: Editions, which: str, people: Sequence[int]) -> "_Now":
        bulletin = bulletin_by_public_id(connection, which)
        if bulletin is None:
            return cls(None, None)
        try:
            audience = Audience.from_json(bulletin.audience)
            if not audience.narrows:
                return cls(bulletin, None)
            return cls(
                bulletin, find_among(connection, editions, Readership(bulletin.topic, audience), people)
            )
        except SQLAlchemyError:
            raise
        except Exception as error:
            raise CannotGatherError(which) from error

    def told(self, held: Held) -> Held | None:
        if self.bulletin is None or self.to is None:
            return held
        to = self.to.get(held.person_id)
        if to is None:
            return None
        firm = next((each.firm_id for each in to.firms), None)
        return replace(held, payload=announce(self.bulletin, to).to_json(), firm_id=firm)


def hold_ungathered(connection: Connection, which: str, now: datetime) -> bool:
    """Pause a bulletin that cannot be gathered, so that it stands in no other's way until somebody resumes it. False:
    somebody did meanwhile.
    """
    bulletin = bulletin_by_public_id(connection, which)
    if bulletin is None or bulletin.state == "paused":
        return False
    hold(connection, bulletin, now)
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
