"""Which fact next: the one that still decides most. What is settled, or cannot be settled any more, is never asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from policy.determine import Outcome
from policy.facts import Value
from policy.findings import Missing
from policy.narrowing import Conflict
from policy.quantities import Number
from policy.standing import RungDetermination
from policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Question:
    """The fact to ask next. `bound` is the one threshold to settle where the fact is known, but not precisely
    enough; `vague` says it is known, but no single threshold would do. `remaining` counts this one too: at most
    so many facts can still change a result."""

    fact: str
    remaining: int
    vague: bool = False
    bound: Number | None = None


def next_question(outcome: Outcome, given: Mapping[str, Value], withheld: Collection[str]) -> Question | None:
    """The question that still decides most, or None when nothing can be settled by asking.

    `given` is what the firm said (without what follows from it); `withheld` the facts it cannot or will not tell,
    or not more precisely.
    """
    items = [each for each in _open_items(outcome, withheld) if each]
    if not items:
        return None
    weights = Counter(missing.fact for item in items for missing in item)
    ranks = {key: rank for rank, key in enumerate(outcome.edition.facts)}
    key = min(weights, key=lambda fact: (-weights[fact], ranks[fact]))
    bounds = [each.bound for item in items for each in item if each.fact == key and each.bound is not None]
    vague = key in given
    return Question(key, len(weights), vague, min(bounds) if vague and bounds else None)


def conflicts(outcome: Outcome) -> tuple[Conflict, ...]:
    """Answers that cannot both be right and that something in this edition looks at."""
    if outcome.in_scope.truth is Truth.NO:
        return ()
    used = frozenset[str]().union(*(each.scheme.facts() for each in outcome.schemes))
    return tuple(each for each in outcome.facts.conflicts if {each.part.key, each.whole.key} & used)


def _open_items(outcome: Outcome, withheld: Collection[str]) -> Iterable[tuple[Missing, ...]]:
    """For every matter still open, the facts that can still move it."""
    if outcome.in_scope.truth is Truth.NO:
        return
    scope = _askable(outcome.in_scope.missing, withheld)
    yield scope
    measure = outcome.ladder.ladder.measure.key
    for rung in outcome.ladder.rungs:
        yield scope + _rung_missing(rung, measure, withheld) if rung.missing else ()
    for each in outcome.schemes:
        if each.is_open:
            gate = each.scheme.applies_when.evaluate(outcome.facts.known)
            blocked = gate.truth is Truth.UNKNOWN and not _askable(gate.missing, withheld)
            yield () if blocked else scope + _askable(each.missing, withheld)


def _rung_missing(rung: RungDetermination, measure: str, withheld: Collection[str]) -> tuple[Missing, ...]:
    """While revenue does not settle whether the rung is expected, nothing else can settle the rung."""
    doubtful = any(each.fact == measure for each in rung.missing)
    return () if doubtful and measure in withheld else _askable(rung.missing, withheld)


def _askable(missing: Iterable[Missing], withheld: Collection[str]) -> tuple[Missing, ...]:
    return tuple(each for each in missing if each.fact not in withheld)
