"""What of a determination can change for a firm: a word and an amount for each subject; and whether it is for the better.

The subjects are the ladder, its rungs, the schemes and the recognitions; guided measures decide nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from policy.determine import Outcome, determine, recognitions_on
from policy.facts import Fact, Value
from policy.narrowing import narrow
from policy.schemes import Edition, Rung
from policy.standing import LadderState, RungState
from policy.truth import Truth
from policy.verdicts import Determination, Verdict, judge

LADDER = "ladder"
ABSENT = "absent"
WORDS: tuple[str, ...] = tuple(
    dict.fromkeys([ABSENT, *map(str, Verdict), *map(str, LadderState), *map(str, RungState)])
)
QUIET = frozenset({"not_applicable", "out_of_scope", "not_expected", "not_assessed"})
"""Where one edition has a subject that the other has not, these words of it change nothing for a firm."""


class Word(NamedTuple):
    """What a firm is told of one subject: a verdict (or a state) and whole yuan, None where there is no figure."""

    verdict: str
    yuan: int | None


NOT_THERE = Word(ABSENT, None)
"""What an edition says of a subject that it does not have."""


class Turn(StrEnum):
    """What a new edition does to one subject of one firm."""

    BETTER = "better"
    WORSE = "worse"
    UNDETERMINED = "undetermined"
    DETERMINED = "determined"
    OTHER = "other"


_OPEN = frozenset({"undetermined", "contradictory", "unknown"})
_GOOD = {"eligible": 2, "conditional": 1, "met": 2, "on_ladder": 1}
_MOVED = frozenset({"not_expected", "not_assessed", "out_of_scope"})


def turn_of(before: Word, after: Word) -> Turn:
    """What it means for the firm: better or worse, not settled any more, settled now, or neither (a goal that moved)."""
    if (after.verdict in _OPEN) != (before.verdict in _OPEN):
        return Turn.UNDETERMINED if after.verdict in _OPEN else Turn.DETERMINED
    good, was = (_GOOD.get(each.verdict, 0) for each in (after, before))
    if good == was:
        good, was = after.yuan or 0, before.yuan or 0
    elif {before.verdict, after.verdict} & _MOVED and "met" in {before.verdict, after.verdict}:
        return Turn.OTHER
    if good == was:
        return Turn.OTHER
    return Turn.BETTER if good > was else Turn.WORSE


def is_change(before: Word, after: Word) -> bool:
    """Whether a firm is told something else."""
    if NOT_THERE in {before, after}:
        return not {before.verdict, after.verdict} <= {ABSENT, *QUIET}
    return before != after


def affected(before: Edition, after: Edition, day: date) -> frozenset[str]:
    """The subjects whose word can differ between two editions; of all others rules and facts are the same."""
    was, now = _subjects(before, day), _subjects(after, day)
    if before.scope != after.scope or _bound_up(before.facts) != _bound_up(after.facts):
        return frozenset({*was, *now})
    return frozenset(key for key in {*was, *now} if was.get(key) != now.get(key))


def _subjects(edition: Edition, day: date) -> dict[str, object]:
    measures = (*edition.schemes, *recognitions_on(edition, day))
    return {LADDER: edition.ladder, **{each.key: replace(each, edition="") for each in measures}}


def _bound_up(catalogue: Mapping[str, Fact]) -> list[Fact]:
    """The facts of which one narrows another."""
    parts = [fact for fact in catalogue.values() if fact.part_of]
    return [*parts, *(catalogue[str(fact.part_of)] for fact in parts)]


def rung_subject(rung: Rung) -> str:
    """A rung's name among the subjects; rungs and recognitions share some ids."""
    return f"{LADDER}.{rung.key}"


def words(outcome: Outcome, wanted: frozenset[str] | None = None) -> dict[str, Word]:
    """Everything that can change, of one firm."""
    found: dict[str, Word] = {}
    if wanted is None or LADDER in wanted:
        ladder = outcome.ladder
        found = {rung_subject(each.rung): Word(str(each.state), None) for each in ladder.rungs}
        found[LADDER] = Word(str(ladder.state), None)  # where a rung begins is no figure of the firm's
    for each in determinations(outcome, wanted):
        found[each.scheme.key] = Word(str(each.verdict), each.amount)
    return found


def words_of(
    edition: Edition, given: Mapping[str, Value], day: date, wanted: frozenset[str]
) -> dict[str, Word]:
    """The same as `words` of what `determine` finds, and nothing else is judged: for many firms one by one."""
    facts = narrow(edition.facts, given)
    in_scope = edition.scope.evaluate(facts.known)
    if (
        in_scope.truth is Truth.NO
        or LADDER in wanted
        or any(each.key in wanted for each in edition.recognitions)
    ):
        return words(determine(edition, given, day), wanted)
    schemes = (judge(scheme, facts, day) for scheme in edition.schemes if scheme.key in wanted)
    return {each.scheme.key: Word(str(each.verdict), each.amount) for each in schemes}


def determinations(outcome: Outcome, wanted: frozenset[str] | None = None) -> Iterable[Determination]:
    """The schemes' and recognitions' determinations of those wanted; no other recognition is judged."""
    yield from (each for each in outcome.schemes if wanted is None or each.scheme.key in wanted)
    for recognition in recognitions_on(outcome.edition, outcome.day):
        if wanted is None or recognition.key in wanted:
            yield outcome.stand_to(recognition)
