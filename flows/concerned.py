"""Finding the recipients of a bulletin (收件人), a page of subscribers at a time: who of them the audience means, and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists

from flows.audience import Audience, Concerned, Readership, Recipient
from flows.editions import Editions
from flows.preview import titles_of
from flows.still_holding import still_holding
from models.assessment import assessments
from models.changes import Change
from models.firm import firms
from models.reassessment import run_by_id
from models.recipients import (
    Represented,
    Subscriber,
    changes_for,
    represented,
    subscribers,
    subscribers_among,
)
from models.review import reviews, verdicts
from policy.judged import LADDER
from policy.quantities import show_yuan
from policy.schemes import Edition


@dataclass(frozen=True, slots=True)
class Page:
    """Recipients among one page of subscribers. `reached`: the last subscriber that was looked at; `is_last`: none follow."""

    recipients: list[Recipient]
    reached: int
    is_last: bool


def find(connection: Connection, editions: Editions, readers: Readership, after: int, most: int) -> Page:
    """Look at the next `most` subscribers of a topic beyond person `after`."""
    people = subscribers(connection, readers.topic, after, most)
    recipients = _recipients(connection, editions, readers.audience, people)
    return Page(recipients, people[-1].person_id if people else after, len(people) < most)


def find_among(
    connection: Connection, editions: Editions, readers: Readership, person_ids: Sequence[int]
) -> dict[int, Recipient]:
    """Look at these people only: the recipients among them, by person."""
    people = subscribers_among(connection, readers.topic, person_ids)
    return {each.person_id: each for each in _recipients(connection, editions, readers.audience, people)}


def _recipients(
    connection: Connection, editions: Editions, audience: Audience, people: Collection[Subscriber]
) -> list[Recipient]:
    owned = _firms(connection, editions, audience, [each.person_id for each in people])
    return [
        _recipient(each, owned.get(each.person_id, ()))
        for each in people
        if owned.get(each.person_id) or not audience.narrows
    ]


def count(connection: Connection, editions: Editions, readers: Readership) -> int:
    """How many a bulletin would go to now."""
    total, after, is_last = 0, 0, False
    while not is_last:
        page = find(connection, editions, readers, after, 1000)
        total, after, is_last = total + len(page.recipients), page.reached, page.is_last
    return total


def _recipient(each: Subscriber, concerned: Iterable[Concerned]) -> Recipient:
    return Recipient(
        each.person_id,
        each.account_id,
        each.channel,
        each.address,
        is_weekly=each.frequency == "weekly",
        firms=tuple(concerned),
        mail=each.mail,
        leave_key=each.leave_key,
    )


def _firms(
    connection: Connection, editions: Editions, audience: Audience, person_ids: list[int]
) -> dict[int, list[Concerned]]:
    """The firms that the audience means, by who speaks for them."""
    if not person_ids:
        return {}
    there = represented(connection, person_ids, *conditions(audience))
    changed = _changes(connection, editions, audience, [each.assessment_id for each in there])
    owned: dict[int, list[Concerned]] = {}
    for each in there:
        if changed is None or each.assessment_id in changed:
            told = () if changed is None else changed[each.assessment_id]
            owned.setdefault(each.person_id, []).append(_concerned(each, told))
    return owned


def conditions(audience: Audience) -> list[ColumnElement[bool]]:
    """What the audience asks of a firm, as SQL over its row and its newest assessment."""
    asked: list[ColumnElement[bool]] = []
    if audience.cities:
        asked.append(firms.c.city.in_(audience.cities))
    listed = [
        column.in_(wanted)
        for column, wanted in (
            (reviews.c.industry, audience.industries),
            (reviews.c.rung, audience.rungs),
        )
        if wanted
    ]
    if listed:
        asked.append(exists().where(reviews.c.assessment_id == assessments.c.id, *listed))
    if audience.subject is not None:
        told = [verdicts.c.assessment_id == assessments.c.id, verdicts.c.subject == audience.subject]
        if audience.verdicts:
            told.append(verdicts.c.verdict.in_(audience.verdicts))
        asked.append(exists().where(*told))
    return asked


def _concerned(each: Represented, told: Iterable[Mapping[str, Any]]) -> Concerned:
    return Concerned(each.firm_id, each.name, each.fiscal_year, each.assessment_id, tuple(told))


def _changes(
    connection: Connection, editions: Editions, audience: Audience, assessment_ids: list[int]
) -> dict[int, list[dict[str, Any]]] | None:
    """What changed and still holds, by assessment; None where the audience does not ask."""
    if audience.changed_by is None:
        return None
    run = run_by_id(connection, audience.changed_by)
    edition, before = (editions.by_id(connection, which).edition for which in (run.edition_id, run.before_id))
    titles = {**titles_of(before), **titles_of(edition), LADDER: "创新阶梯"}
    found = changes_for(connection, run.id, assessment_ids)
    told: dict[int, list[dict[str, Any]]] = {}
    for change in still_holding(connection, editions, run, found):
        if change.subject in titles:  # of what has no name in either edition nothing could be told
            told.setdefault(change.assessment_id, []).append(change_told(edition, titles, change))
    return told


def change_told(edition: Edition, titles: Mapping[str, str], change: Change) -> dict[str, Any]:
    """One change in the words of a result: before, after, why, and the place that says so. `titles`: of both editions."""
    why = change.why or {}
    return {
        "title": titles.get(change.subject, change.subject),
        "before": {"verdict": change.before_verdict, "amount": _amount(change.before_yuan)},
        "after": {"verdict": change.after_verdict, "amount": _amount(change.after_yuan)},
        "why": [_reason(edition, each) for each in why.get("because", ()) if each.get("asks")],
        "cited": "、".join(dict.fromkeys(each["place"] for each in why.get("citations", ()))),
    }


def _amount(yuan: int | None) -> str | None:
    """What may be claimed."""
    return show_yuan(yuan) if yuan else None


def _reason(edition: Edition, because: Mapping[str, Any]) -> str:
    fact = edition.facts.get(because["fact"])
    return f"{because['fact'] if fact is None else fact.title}：{because['given']}，要求 {because['asks']}"
