"""Two editions over many stored assessments: what each tells, and where that differs. Columns where they can, else one by one.

`scale` installed or not, the answers are the same; without numpy every assessment is read from its JSON.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flows.slots import Sheet
from models.packing import Packed
from policy.determine import determine
from policy.judged import NOT_THERE, WORDS, Turn, Word, affected, is_change, turn_of, words
from policy.layout import Layout, layout_of, stamp_of
from policy.schemes import Edition

try:
    from policy.columnar import compare as columns
except ImportError:  # the optional extra `scale` is not installed
    columns = None  # type: ignore[assignment]  # HAS_COLUMNS is asked before it is used

HAS_COLUMNS = columns is not None
IN_SIGHT = frozenset({"eligible", "conditional"})


class Difference(NamedTuple):
    """One subject that one assessment is told something else about."""

    row: Packed
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

    @classmethod
    def of(cls, before: Edition, after: Edition, day: date) -> "Pair":
        return cls(before, after, day, affected(before, after, day), layout_of(before.facts))


Snapshots = Callable[[Sequence[int]], Mapping[int, Mapping[str, Any]]]


def compare(
    rows: Iterable[Packed],
    pair_of: Callable[[Packed], Pair],
    read: Snapshots,
    *,
    by_columns: bool = HAS_COLUMNS,
) -> Compared:
    """Judge assessments under both editions of their pair. `read` fetches the snapshots of those judged one by one."""
    found = Compared()
    ordered = sorted(
        rows, key=lambda row: (id(pair_of(row)), row.record is None, row.record and row.record[:8])
    )
    for _, group in groupby(ordered, key=lambda row: id(pair_of(row))):
        same = list(group)
        pair = pair_of(same[0])
        if not pair.wanted:
            continue
        alone = list(_by_columns(same, pair, found)) if by_columns else same
        found.alone += len(alone)
        facts = read([row.id for row in alone]) if alone else {}
        for row in alone:
            if row.id in facts:
                _note(row, *judge_one(facts[row.id], pair), found)
    found.differences.sort(key=lambda each: (each.row.id, each.subject))
    return found


def judge_one(snapshot: Mapping[str, Any], pair: Pair) -> tuple[dict[str, Word], dict[str, Word]]:
    """What both editions tell of one firm."""
    sheet = Sheet.from_json(snapshot)
    given = sheet.facts(pair.before)
    known = given if pair.before.facts == pair.after.facts else sheet.facts(pair.after)
    before, after = determine(pair.before, given, pair.day), determine(pair.after, known, pair.day)
    return words(before, pair.wanted), words(after, pair.wanted)


def _note(row: Packed, before: Mapping[str, Word], after: Mapping[str, Word], found: Compared) -> None:
    for subject in {**before, **after}:
        was, now = before.get(subject, NOT_THERE), after.get(subject, NOT_THERE)
        found.before[subject] += _in_sight(was)
        found.after[subject] += _in_sight(now)
        if is_change(was, now):
            found.differences.append(Difference(row, subject, was, now))


def _in_sight(word: Word) -> int:
    return word.yuan or 0 if word.verdict in IN_SIGHT else 0


def _by_columns(rows: Sequence[Packed], pair: Pair, found: Compared) -> Iterator[Packed]:
    """Judge what has a record of the pair's layout; what is left over is handed back."""
    fitting = []
    for row in rows:
        if row.record is not None and stamp_of(row.record)[0] == pair.layout.key:
            fitting.append(row)
        else:
            yield row
    if not fitting:
        return
    records = [row.record for row in fitting if row.record is not None]
    sides = (pair.before, pair.after)
    told = columns.compare_columns(records, pair.layout, sides, pair.day, pair.wanted)
    if told is None:
        yield from fitting
        return
    yield from (fitting[place] for place in told.alone)
    found.before.update(told.before)
    found.after.update(told.after)
    found.differences += [
        Difference(fitting[place], subject, _word(*was), _word(*now))
        for place, subject, was, now in told.changed
    ]


def _word(verdict: int, yuan: int) -> Word:
    return Word(WORDS[verdict], None if yuan < 0 else yuan)
