"""Laying down the reminders that owners asked for (提醒): all that is due for one person in one message, each occasion once.

When one is due is decided in occasions.py. The rows are deliveries of one bulletin a day, sent as those of any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from flows.audience import Recipient
from flows.commands import Command
from flows.editions import Editions
from flows.laying_out import Outgoing, heard_enough, held, laid_down
from flows.messages import Choice, Reply
from flows.occasions import Occasion, occasions, with_a_last_day
from flows.subscriptions import LEAVE, OPEN, REMINDER, WANTED
from flows.unwritten import of_day
from models.bulletin import Bulletin
from models.delivered import have_delivery
from models.delivering import add_deliveries
from models.recipients import Subscriber, subscribers
from models.reminder import (
    Remembered,
    Reminder,
    note_told,
    remembered,
    told_of,
    verdicts_told,
)
from policy.schemes import Edition

STEP = 200
TITLE = "该办的事"


@dataclass(frozen=True, slots=True)
class _Due:
    """What one person is to be told: of which firm what."""

    person: Subscriber
    firms: Sequence[tuple[Remembered, Sequence[Occasion]]]

    @property
    def told(self) -> list[Reminder]:
        return [
            Reminder(firm.person_id, firm.firm_id, each.key) for firm, found in self.firms for each in found
        ]


def remind(  # noqa: PLR0913  what a step hangs on
    connection: Connection,
    editions: Editions,
    day: date,
    now: datetime,
    after: int = 0,
    *,
    mails: bool = False,
) -> int | None:
    """Take one step: what is due on that day in China for the next people beyond person `after`.

    Returns the last one that was looked at, None where nobody follows. What was told is never told again, in whatever
    order, process or life of a process it is asked for.
    """
    people = subscribers(connection, REMINDER, after, STEP)
    due = _due(connection, editions.current(connection, day).edition, people, day)
    if due:
        _lay_down(connection, due, day, now, mails=mails)
    return people[-1].person_id if len(people) == STEP else None


def _due(connection: Connection, edition: Edition, people: Sequence[Subscriber], day: date) -> list[_Due]:
    ids = [each.person_id for each in people]
    owned: dict[int, list[Remembered]] = {}
    for firm in remembered(connection, ids):
        owned.setdefault(firm.person_id, []).append(firm)
    verdicts = _verdicts(connection, edition, owned, day)
    before = told_of(connection, ids)
    due = []
    for person in people:
        firms = []
        for firm in owned.get(person.person_id, ()):
            found = [
                each
                for each in occasions(firm, person.since, edition, verdicts, day)
                if Reminder(person.person_id, firm.firm_id, each.key) not in before
            ]
            if found:
                firms.append((firm, found))
        if firms:
            due.append(_Due(person, firms))
    return due


def _verdicts(
    connection: Connection, edition: Edition, owned: Mapping[int, Sequence[Remembered]], day: date
) -> dict[tuple[int, str], str]:
    ending = [measure.key for measure, _ in with_a_last_day(edition, day)]
    if not ending:
        return {}
    assessments = [firm.assessment_id for firms in owned.values() for firm in firms]
    return verdicts_told(connection, assessments, ending)


def _lay_down(connection: Connection, due: Sequence[_Due], day: date, now: datetime, *, mails: bool) -> None:
    bulletin = of_day(connection, REMINDER, TITLE, day, now)
    if bulletin is None:
        return
    # Who was told something today already hears the rest tomorrow.
    had = have_delivery(connection, bulletin.id, [each.person.person_id for each in due])
    wanted = [each for each in due if each.person.person_id not in had]
    # First, so that of two processes that tell the same one is undone before it stores anything else.
    note_told(connection, (told for each in wanted for told in each.told), now)
    enough = heard_enough(connection, [firm.firm_id for each in wanted for firm, _ in each.firms], now)
    rows = []
    for each in wanted:
        person, (first, _) = each.person, each.firms[0]
        out = Outgoing(_recipient(person), first.firm_id, _message(bulletin, each))
        waits = out.to.is_weekly or first.firm_id in enough
        rows.append(held(out) if waits else laid_down(connection, bulletin, out, now, mails=mails))
    add_deliveries(connection, bulletin.id, rows, now)


def _recipient(person: Subscriber) -> Recipient:
    return Recipient(
        *(person.person_id, person.account_id, person.channel, person.address),
        is_weekly=person.frequency == "weekly",
        mail=person.mail,
        leave_key=person.leave_key,
    )


def _message(bulletin: Bulletin, due: _Due) -> Reply:
    told: list[dict[str, Any]] = [
        {"firm": firm.firm_id, "name": firm.name, "items": [dict(each.told) for each in found]}
        for firm, found in due.firms
    ]
    kinds = {item["kind"] for firm in told for item in firm["items"]}
    go_on = (Choice(Command.RESUME, "接着测"),) if "unfinished" in kinds else ()
    look = (Choice(f"{OPEN}:{bulletin.public_id}", "看我的结果"),) if kinds - {"unfinished"} else ()
    choices = (*go_on, *look, Choice(f"{LEAVE}:{bulletin.public_id}", "退订这类"))
    data = {"title": TITLE, "body": "", "reminders": told, "topic": WANTED[REMINDER]}
    return Reply("notice", "reminder", choices=choices, data=data)
