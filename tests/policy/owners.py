"""Simulated owners: golden firms of all kinds with their true facts, who answer whatever is asked until nothing is."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from policy.determine import Outcome, determine
from policy.facts import Fact, Kind, Records, Value
from policy.intervals import Interval
from policy.measures import Topic
from policy.quantities import read_month, read_yuan
from policy.questions import Question, next_question
from policy.verdicts import Determination
from policy.wire import read_facts
from tests.policy.strategies import HENAN, Firm
from tests.written import written

DAY = date(2026, 11, 23)
EVERYTHING = tuple(Topic)
WAN, YI = 10_000, 100_000_000
MONEY = (0, *(n * WAN for n in (1, 100, 500, 1200, 1600, 2500, 5000)), *(n * YI for n in (1, 2, 6, 12, 200)))
FIGURES: Mapping[Kind, tuple[int, ...]] = {
    Kind.MONEY: MONEY,
    Kind.COUNT: (0, 1, 4, 20, 50, 501, 1000),
    Kind.PERCENT: (0, 60, 77, 80, 90, 100),
    Kind.MONTH: tuple(month for each in ("2012-05", "2026-10") if (month := read_month(each))),
}


class Asked(NamedTuple):
    """A question and how things stood when it came."""

    question: Question
    given: Firm
    withheld: frozenset[str]


class Talk(NamedTuple):
    """One round: what was asked, and what was known and withheld after it."""

    asked: tuple[Asked, ...]
    given: Firm
    withheld: frozenset[str]

    @property
    def facts(self) -> list[str]:
        return [each.question.fact for each in self.asked]


@cache
def golden_firms() -> Mapping[str, Firm]:
    """The golden firms by name; a fact that does not stand there its owner does not know."""
    path = Path(__file__).parent / "firms" / "rounds.yaml"
    told = written(path.read_text(encoding="utf-8"))
    facts = {
        name: {key: each for line in lines for key, each in line.items()} for name, lines in told.items()
    }
    return {
        name: read_facts(HENAN.facts, {key: _json(HENAN.facts[key], each) for key, each in told.items()})
        for name, told in facts.items()
    }


def _json(fact: Fact, written: Any) -> Any:
    """Amounts are written as in the rules."""
    if isinstance(written, dict) and fact.kind is Kind.MONEY:
        return (
            {"low_open": False, "high_open": False} | _ends(fact, written)
            if "low" in written
            else _ends(fact, written)
        )
    return read_yuan(written) if fact.kind is Kind.MONEY else written


def _ends(fact: Fact, written: dict[str, Any]) -> dict[str, Any]:
    return {key: each if isinstance(each, bool) else _json(fact, each) for key, each in written.items()}


def outcome(given: Firm) -> Outcome:
    return determine(HENAN, given, DAY)


def interview(
    truth: Firm, topics: Collection[Topic] = (), given: Firm | None = None, withheld: Collection[str] = ()
) -> Talk:
    """Answer with what is true until nothing is asked; what is not known, or not more precisely, is withheld."""
    given, kept, asked = dict(given or {}), set(withheld), []
    while (question := next_question(outcome(given), given, kept, topics)) is not None:
        asked.append(Asked(question, dict(given), frozenset(kept)))
        if question.fact in truth and not question.vague:
            given[question.fact] = truth[question.fact]
        else:
            kept.add(question.fact)
    return Talk(tuple(asked), given, frozenset(kept))


@cache
def rounds(name: str) -> tuple[Talk, Talk]:
    """The quick round of a golden firm, and the deep one about everything that follows."""
    truth = golden_firms()[name]
    quick = interview(truth)
    return quick, interview(truth, EVERYTHING, quick.given, quick.withheld)


def told(given: Firm, deep: bool) -> tuple[object, ...]:
    """All that a round is about: rungs, verdicts, amounts; in the deep one also every criterion and guided measure."""
    found = outcome(given)
    rungs = tuple((each.state, each.ahead) for each in found.ladder.rungs)
    quick = (found.in_scope.truth, rungs, tuple(map(_measure, found.schemes)))
    return (*quick, tuple(map(_measure, (*found.recognitions, *found.guides)))) if deep else quick


def _measure(each: Determination) -> tuple[object, ...]:
    return each.verdict, each.amount, tuple(one.truth for one in each.checked)


def answers(fact: Fact, known: Value | None) -> Iterator[Value]:
    """Representative answers: figures all over the range (that fit what is known), each option alone, none, a list."""
    if fact.kind in FIGURES:
        interval = known if isinstance(known, Interval) else Interval()
        for number in FIGURES[fact.kind]:
            yield Interval.exact(interval.nearest(number))
    elif fact.several:
        yield Records(())
        for option in fact.several:
            yield Records(({str(fact.key_field): option.key},))
    elif fact.kind is Kind.RECORDS:
        yield Records(())
        new: Firm = {"kind": "new", "role": "host", "created_on": Interval.exact(2026 * 12)}
        yield Records((new,))
    else:
        yield from fact.choices
