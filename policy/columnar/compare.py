"""Two editions over the same records: where they tell something else, and the money in sight under both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from policy.columnar.measures import NONE, Judged, Verdicts, judge_columns
from policy.columnar.planes import Flags
from policy.columnar.records import Table, read_records
from policy.judged import ABSENT, QUIET, WORDS
from policy.layout import Layout
from policy.schemes import Edition

Told = tuple[int, int]
"""A verdict's place among WORDS and whole yuan, -1 for none."""
_PLACE = {word: place for place, word in enumerate(WORDS)}
_IN_SIGHT = [_PLACE["eligible"], _PLACE["conditional"]]
_NOTHING = [_PLACE[ABSENT], *(_PLACE[word] for word in QUIET)]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two editions tell: the differences (place of the record, subject, before, after), sums in whole yuan by
    subject, and the places of the records that have to be judged one by one."""

    changed: Sequence[tuple[int, str, Told, Told]]
    before: dict[str, int]
    after: dict[str, int]
    alone: Sequence[int]


def compare_columns(
    records: Sequence[bytes | None],
    layout: Layout,
    sides: tuple[Edition, Edition],
    day: date,
    wanted: frozenset[str],
) -> Comparison | None:
    """Judge records under both editions; None where columns cannot express one of the subjects. What is no record of the
    layout is judged one by one."""
    tables = _tables(records, layout, sides)
    judged = [judge_columns(side, table, day, wanted) for side, table in zip(sides, tables, strict=True)]
    if any(each.inexpressible for each in judged):
        return None
    unfit = judged[0].unfit | judged[1].unfit
    subjects = sorted({*judged[0].subjects, *judged[1].subjects})
    pairs = [(subject, _of(judged[0], subject), _of(judged[1], subject)) for subject in subjects]
    changed = [each for name, was, now in pairs for each in _changes(name, was, now, ~unfit)]
    before = {name: _sum(was, ~unfit) for name, was, _ in pairs}
    after = {name: _sum(now, ~unfit) for name, _, now in pairs}
    return Comparison(changed, before, after, np.flatnonzero(unfit).tolist())


def _tables(records: Sequence[bytes | None], layout: Layout, sides: tuple[Edition, Edition]) -> list[Table]:
    first = read_records(records, layout, sides[0].facts)
    same = sides[0].facts == sides[1].facts
    return [first, first if same else read_records(records, layout, sides[1].facts)]


def _of(judged: Judged, subject: str) -> Verdicts:
    rows = len(judged.unfit)
    absent = Verdicts(np.full(rows, _PLACE[ABSENT], np.int8), np.full(rows, NONE, np.int64))
    return judged.subjects.get(subject, absent)


def _changes(
    subject: str, before: Verdicts, after: Verdicts, fit: Flags
) -> Iterator[tuple[int, str, Told, Told]]:
    differs = (before.verdict != after.verdict) | (before.yuan != after.yuan)
    absent = (before.verdict == _PLACE[ABSENT]) | (after.verdict == _PLACE[ABSENT])
    quiet = absent & np.isin(before.verdict, _NOTHING) & np.isin(after.verdict, _NOTHING)
    places = np.flatnonzero(differs & ~quiet & fit)
    told = (each[places].tolist() for each in (before.verdict, before.yuan, after.verdict, after.yuan))
    for place, was, was_yuan, now, now_yuan in zip(places.tolist(), *told, strict=True):
        yield place, subject, (was, was_yuan), (now, now_yuan)


def _sum(told: Verdicts, fit: Flags) -> int:
    """Whole yuan in sight; summed in two halves, because a million large sums do not fit into 64 bits."""
    yuan = np.where(fit & np.isin(told.verdict, _IN_SIGHT) & (told.yuan > 0), told.yuan, 0)
    high, low = np.divmod(yuan, 1_000_000)
    return int(high.sum()) * 1_000_000 + int(low.sum())
