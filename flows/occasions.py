"""When a firm's owner is to be reminded, and of what (提醒的事由). Where a date is not known, nothing is said: none is made up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flows.messages import SHANGHAI
from flows.slots import Sheet
from models.reminder import Remembered
from policy.facts import Fact, Records, Value
from policy.intervals import Interval
from policy.narrowing import dated
from policy.recognitions import Recognition
from policy.schemes import Edition, Scheme
from policy.truth import Truth
from policy.verdicts import Verdict

UNFINISHED_AFTER = timedelta(days=3)
MONTHS_AHEAD = 3
"""So long before its last month a recognition is renewed in time."""
DAYS_AHEAD = 30
_OPEN = frozenset({Verdict.ELIGIBLE, Verdict.CONDITIONAL, Verdict.UNDETERMINED})


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to be reminded of once. `key` names it for good; `told` is what the message says of it, as plain JSON."""

    key: str
    told: Mapping[str, Any]


Verdicts = Mapping[tuple[int, str], str]
"""What was told last, by assessment and measure."""


def occasions(
    firm: Remembered, since: datetime, edition: Edition, verdicts: Verdicts, day: date
) -> Iterator[Occasion]:
    """All that is due on that day in China for one firm; `since`: when reminders were asked for."""
    if firm.finished_at is None:
        yield from _unfinished(firm, since, day)
        return
    given = Sheet.from_json(firm.facts).facts(edition)
    if firm.fiscal_year < day.year - 1:
        told = {"kind": "year", "told": firm.fiscal_year, "now": day.year - 1}
        yield Occasion(f"year:{day.year - 1}", told)
    ending = list(_ending(edition, given))
    yield from _expiring(edition, ending, day)
    yield from _renewed_yearly(edition, given, {code for code, _, _ in ending}, day)
    yield from _closing(edition, firm, given, verdicts, day)


def with_a_last_day(edition: Edition, day: date) -> list[tuple[Scheme | Recognition, date]]:
    """The measures that the edition ends on a day that is near."""
    found: list[tuple[Scheme | Recognition, date]] = []
    measures: list[Scheme | Recognition] = [*edition.schemes, *edition.recognitions]
    for each in measures:
        ends = each.valid.until
        if ends is not None and 0 <= (ends - day).days <= DAYS_AHEAD:
            found.append((each, ends))
    return found


def _unfinished(firm: Remembered, since: datetime, day: date) -> Iterator[Occasion]:
    """Three whole days after the last answer; who asked for reminders since has three days from then."""
    last = max(firm.updated_at, since).astimezone(SHANGHAI).date()
    if firm.version > 0 and day - last >= UNFINISHED_AFTER:
        yield Occasion(f"unfinished:{firm.fiscal_year}", {"kind": "unfinished", "year": firm.fiscal_year})


def _ending(edition: Edition, given: Mapping[str, Value]) -> Iterator[tuple[str, str, int]]:
    """The entries of which the last month was told: key, title, months since year 0."""
    for fact in edition.facts.values():
        value = given.get(fact.key)
        if fact.until_field is None or fact.key_field is None or not isinstance(value, Records):
            continue
        for item in value.items:
            until, code = item.get(fact.until_field), item.get(fact.key_field)
            if isinstance(code, str) and isinstance(until, Interval) and until.low == until.high is not None:
                yield code, _title(fact, code), int(until.low or 0)


def _title(fact: Fact, code: str) -> str:
    options = fact.fields[str(fact.key_field)].options
    return next((each.label for each in options if each.key == code), code)


def _expiring(edition: Edition, ending: list[tuple[str, str, int]], day: date) -> Iterator[Occasion]:
    renewing = {each.key: each.renew for each in edition.recognitions}
    today = day.year * 12 + day.month - 1
    for code, title, until in ending:
        if 0 <= until - today <= MONTHS_AHEAD:
            year, month = divmod(until, 12)
            told = {"kind": "expires", "title": title, "year": year, "month": month + 1}
            told["renew"] = renewing.get(code, "")
            yield Occasion(f"expires:{code}:{year}-{month + 1:02}", told)


def _renewed_yearly(
    edition: Edition, given: Mapping[str, Value], known: set[str], day: date
) -> Iterator[Occasion]:
    """Recognitions that end for everybody on one day of the year, in its month; whose own end was told is told by that."""
    facts = dated(edition.facts, given, day)
    for each in edition.recognitions:
        if not each.renew_by or each.key in known or not _is_due(each.renew_by, day):
            continue
        if _holds(each, facts):
            told = {"kind": "renew", "title": each.title, "by": _in_words(each.renew_by), "renew": each.renew}
            yield Occasion(f"renew:{each.key}:{day.year}", told)


def _is_due(renew_by: str, day: date) -> bool:
    return f"{day:%m}" == renew_by[:2] and f"{day:%m-%d}" <= renew_by


def _in_words(renew_by: str) -> str:
    month, day = renew_by.split("-")
    return f"{int(month)} 月 {int(day)} 日"


def _holds(recognition: Recognition, facts: Mapping[str, Value]) -> bool:
    held = recognition.held_when
    return held is not None and held.evaluate(facts).truth is Truth.YES


def _closing(
    edition: Edition, firm: Remembered, given: Mapping[str, Value], verdicts: Verdicts, day: date
) -> Iterator[Occasion]:
    """What the firm may still get and the edition ends soon."""
    for measure, ends in with_a_last_day(edition, day):
        if verdicts.get((firm.assessment_id, measure.key)) not in _OPEN:
            continue
        if isinstance(measure, Recognition) and _holds(measure, dated(edition.facts, given, day)):
            continue
        told = {"kind": "closes", "title": measure.title, "until": ends.isoformat()}
        told["cited"] = "、".join(dict.fromkeys(each.place for each in measure.citations))
        yield Occasion(f"closes:{measure.key}:{ends.isoformat()}", told)
