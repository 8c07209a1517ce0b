"""Which fact next: the one that still decides most. What is settled, or cannot be settled any more, is never asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from policy.determine import Outcome
from policy.facts import Value
from policy.findings import Missing
from policy.measures import Topic
from policy.narrowing import Conflict
from policy.quantities import Number
from policy.recognitions import Checked, Recognition
from policy.standing import RungDetermination
from policy.truth import Truth
from policy.verdicts import Determination


@dataclass(frozen=True, slots=True)
class Question:
    """The fact to ask next. `bound` is the one threshold to settle where the fact is known, but not precisely
    enough; `vague` says it is known, but no single threshold would do. `remaining` counts this one too: at most
    so many facts can still change a result."""

    fact: str
    remaining: int
    vague: bool = False
    bound: Number | None = None


def next_question(
    outcome: Outcome,
    given: Mapping[str, Value],
    withheld: Collection[str],
    topics: Collection[Topic] = (),
) -> Question | None:
    """The question that still decides most, or None when nothing can be settled by asking.

    First comes what settles the ladder and the amounts, then what the `topics` of the deep round need. `given` is
    what the firm said (without what follows from it); `withheld` the facts it cannot or will not tell, or not more
    precisely.
    """
    items = [each for each in _open_items(outcome, withheld) if each]
    if not items and topics:
        items = [each for each in _deep_items(outcome, withheld, topics) if each]
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
    used = outcome.edition.judged_by
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
        yield scope + _measure_missing(each, withheld) if each.is_open else ()


def _deep_items(
    outcome: Outcome, withheld: Collection[str], topics: Collection[Topic]
) -> Iterable[tuple[Missing, ...]]:
    """The same for the recognitions and guided measures of some topics."""
    if outcome.in_scope.truth is not Truth.NO:
        for each in chain(outcome.recognitions, outcome.guides):
            if each.is_open and not set(topics).isdisjoint(each.scheme.topics):
                yield _measure_missing(_hopeful(each, withheld), withheld)


def _hopeful(each: Determination, withheld: Collection[str]) -> Determination:
    """Where something that decides cannot be told, a recognition can no longer come out well by its criteria: then
    only whether the firm has it already, or whether it is its case at all, is worth a question."""
    measure = each.scheme
    if not isinstance(measure, Recognition) or all(_can_be_told(one, withheld) for one in each.checked):
        return each
    return replace(each, missing=tuple(one for one in each.missing if one.fact in measure.facts_first()))


def _can_be_told(checked: Checked, withheld: Collection[str]) -> bool:
    """What is already settled, or what no answer can settle, needs no telling."""
    return not checked.criterion.decides or not checked.missing or bool(_askable(checked.missing, withheld))


def _measure_missing(each: Determination, withheld: Collection[str]) -> tuple[Missing, ...]:
    """While it is open whether it is the firm's case at all and that cannot be asked, nothing else helps."""
    blocked = each.gate is not None and not _askable(each.gate, withheld)
    return () if blocked else _askable(each.missing, withheld)


def _rung_missing(rung: RungDetermination, measure: str, withheld: Collection[str]) -> tuple[Missing, ...]:
    """While revenue does not settle whether the rung is expected, nothing else can settle the rung."""
    doubtful = any(each.fact == measure for each in rung.missing)
    return () if doubtful and measure in withheld else _askable(rung.missing, withheld)


def _askable(missing: Iterable[Missing], withheld: Collection[str]) -> tuple[Missing, ...]:
    return tuple(each for each in missing if each.fact not in withheld)
