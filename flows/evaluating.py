"""Two editions over many stored assessments: what each tells, and where that differs. Columns where they can, else one by one.

`scale` installed or not, the answers are the same; without numpy every assessment is read from its JSON.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from flows.slots import Sheet
from models.packing import Packed
from policy.judged import NOT_THERE, WORDS, Turn, Word, affected, is_change, turn_of, words_of
from policy.layout import Layout, layout_of
from policy.schemes import Edition

try:
    from policy.columnar import compare as columns
except ImportError:  # the optional extra `scale` is not installed
    columns = None  # type: ignore[assignment]  # HAS_COLUMNS is asked before it is used

HAS_COLUMNS = columns is not None
IN_SIGHT = frozenset({"eligible", "conditional"})


class Difference(NamedTuple):
    """One subject that one assessment is told something else about."""

    assessment_id: int
    subject: str
    before: Word
    after: Word

    @property
    def turn(self) -> Turn:
        """What it means for the firm."""
        return turn_of(self.before, self.after)


@dataclass
class Compared:
    """What a chunk came to: the differences, the money in sight under both, and how many were judged one by one."""

    differences: list[Difference] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    alone: int = 0


@dataclass(frozen=True)
class Pair:
    """Two editions on one day, and the subjects of which they can tell different things."""

    before: Edition
    after: Edition
    day: date
    wanted: frozenset[str]
    layout: Layout
    same_facts: bool

    @classmethod
    def of(cls, before: Edition, after: Edition, day: date) -> "Pair":
        wanted, layout = affected(before, after, day), layout_of(before.facts)
        return cls(before, after, day, wanted, layout, before.facts == after.facts)


Snapshots = Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]


def compare(
    read: Mapping[int, Packed],
    pair_of: Callable[[int], Pair],
    snapshots: Snapshots,
    *,
    by_columns: bool = HAS_COLUMNS,
) -> Compared:
    """Judge assessments, read by the edition they stand under, by both editions of their pair. `snapshots` fetches what
    those said that are judged one by one."""
    found = Compared()
    for before, packed in read.items():
        pair = pair_of(before)
        if not pair.wanted:
            continue
        alone = _by_columns(packed, pair, found) if by_columns else packed.ids
        found.alone += len(alone)
        facts = snapshots(alone) if alone else {}
        for which in alone:
            if which in facts:
                _note(which, *judge_one(facts[which], pair), found)
    found.differences.sort(key=lambda each: (each.assessment_id, each.subject))
    return found


def judge_one(snapshot: Mapping[str, Any], pair: Pair) -> tuple[dict[str, Word], dict[str, Word]]:
    """What both editions tell of one firm."""
    sheet = Sheet.from_json(snapshot)
    given = sheet.facts(pair.before)
    known = given if pair.same_facts else sheet.facts(pair.after)
    before = words_of(pair.before, given, pair.day, pair.wanted)
    return before, words_of(pair.after, known, pair.day, pair.wanted)


def _note(which: int, before: Mapping[str, Word], after: Mapping[str, Word], found: Compared) -> None:
    for subject in {**before, **after}:
        was, now = before.get(subject, NOT_THERE), after.get(subject, NOT_THERE)
        found.before[subject] += _in_sight(was)
        found.after[subject] += _in_sight(now)
        if is_change(was, now):
            found.differences.append(Difference(which, subject, was, now))


def _in_sight(word: Word) -> int:
    return word.yuan or 0 if word.verdict in IN_SIGHT else 0


def _by_columns(packed: Packed, pair: Pair, found: Compared) -> Sequence[int]:
    """Judge what has a record of the pair's layout; the ids of what is left over are handed back."""
    sides = (pair.before, pair.after)
    told = columns.compare_columns(packed.records, pair.layout, sides, pair.day, pair.wanted)
    if told is None:
        return packed.ids
    found.before.update(told.before)
    found.after.update(told.after)
    found.differences += [
        Difference(packed.ids[place], subject, _word(*was), _word(*now))
        for place, subject, was, now in told.changed
    ]
    return [packed.ids[place] for place in told.alone]


def _word(verdict: int, yuan: int) -> Word:
    return Word(WORDS[verdict], None if yuan < 0 else yuan)
