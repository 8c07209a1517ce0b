"""Ladder, schemes and recognitions over columns: verdict and amount of each for many firms; as determine.py has them.

A verdict is a number into `WORDS`; an amount of -1 is none. Firms marked unfit have none of it: determine.py judges them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from policy.benefits import Each, Rate
from policy.columnar.conditions import InexpressibleError, Sight, entries_that_meet, hold
from policy.columnar.planes import Ends, Flags, Longs, Planes, always
from policy.columnar.records import Table
from policy.determine import recognitions_on
from policy.facts import Fact
from policy.judged import LADDER, WORDS, rung_subject
from policy.layout import LARGEST, UNKNOWN_LOW
from policy.lists import Some
from policy.measures import Measure
from policy.recognitions import Recognition
from policy.schemes import Edition, Ladder, Scheme
from policy.standing import LadderState, RungState
from policy.verdicts import Verdict

Numbers: TypeAlias = npt.NDArray[np.int8]
NONE = -1
_LONGEST = 2**62
_PLACE = {word: place for place, word in enumerate(WORDS)}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One subject for many firms."""

    verdict: Numbers
    yuan: Longs


@dataclass(frozen=True, slots=True)
class Judged:
    """Every subject that was asked for, and the subjects that columns cannot express."""

    subjects: Mapping[str, Verdicts]
    inexpressible: frozenset[str]
    unfit: Flags


def judge_columns(edition: Edition, table: Table, day: date, wanted: frozenset[str] | None = None) -> Judged:
    """Judge many firms by an edition; `wanted` names the subjects (None: all)."""
    narrowed, clashes = _narrow(edition.facts, table)
    plain, dated = Sight(narrowed), Sight(narrowed, day.year * 12 + day.month - 1)
    found: dict[str, Verdicts] = {}
    inexpressible = set()
    scope = hold(edition.scope, plain)
    if wanted is None or LADDER in wanted:
        found |= _climb(edition.ladder, plain, scope)
    measures: tuple[Scheme | Recognition, ...] = (*edition.schemes, *recognitions_on(edition, day))
    for measure in measures:
        if wanted is not None and measure.key not in wanted:
            continue
        sight = plain if isinstance(measure, Scheme) else dated
        try:
            found[measure.key] = _outside(_judge(measure, sight, day, _clash(measure, clashes, table)), scope)
        except InexpressibleError:
            inexpressible.add(measure.key)
    return Judged(found, frozenset(inexpressible), table.unfit)


def _narrow(catalogue: Mapping[str, Fact], table: Table) -> tuple[Table, dict[tuple[str, str], Flags]]:
    """A whole is at least its part, a part at most its whole; and where the two cannot both be right."""
    ends, clashes = dict(table.ends), {}
    for part in catalogue.values():
        if part.part_of is None:
            continue
        upper, lower = (ends.get(key) or table.number(key) for key in (part.part_of, part.key))
        low = np.maximum(upper.low, lower.low)
        clash = low > upper.high
        clashes[part.key, part.part_of] = clash
        ends[part.part_of] = Ends(np.where(clash, upper.low, low), upper.high, upper.stated)
        high = np.minimum(lower.high, upper.high)
        ends[part.key] = Ends(lower.low, np.where(clash, lower.high, high), lower.stated)
    return Table(table.rows, ends, table.codes, table.months, table.unfit), clashes


def _clash(measure: Measure, clashes: Mapping[tuple[str, str], Flags], table: Table) -> Flags:
    own = (found for keys, found in clashes.items() if measure.deciding_facts().intersection(keys))
    return reduce(np.logical_or, own, np.zeros(table.rows, bool))


def _verdicts(rows: int, cases: Iterable[tuple[Flags, str]], otherwise: str) -> Numbers:
    """The first case that holds gives the word."""
    listed = list(cases)
    chosen = np.select(
        [flags for flags, _ in listed],
        [np.full(rows, _PLACE[word], np.int8) for _, word in listed],
        np.int8(_PLACE[otherwise]),
    )
    return chosen.astype(np.int8)


def _outside(found: Verdicts, scope: Planes) -> Verdicts:
    verdict = np.where(scope.no, np.int8(_PLACE[Verdict.OUT_OF_SCOPE]), found.verdict)
    return Verdicts(verdict.astype(np.int8), np.where(scope.no, NONE, found.yuan))


def _climb(ladder: Ladder, sight: Sight, scope: Planes) -> Iterator[tuple[str, Verdicts]]:
    rows, revenue = sight.table.rows, sight.number(ladder.measure)
    nothing = np.full(rows, NONE, np.int64)
    due = [revenue.at_least(rung.threshold) for rung in ladder.rungs]
    for rung, expected in zip(ladder.rungs, due, strict=True):
        has = hold(rung.has, sight)
        states = _verdicts(
            rows,
            [
                (scope.no, RungState.NOT_ASSESSED),
                (expected.no, RungState.NOT_EXPECTED),
                (~expected.yes | has.unknown, RungState.UNKNOWN),
                (has.yes, RungState.MET),
            ],
            RungState.MISSING,
        )
        yield rung_subject(rung), Verdicts(states, nothing)
    state = _verdicts(
        rows,
        [
            (scope.no, LadderState.OUT_OF_SCOPE),
            (due[0].yes, LadderState.ON_LADDER),
            (due[0].no, LadderState.BELOW),
        ],
        LadderState.UNKNOWN,
    )
    yield LADDER, Verdicts(state, nothing)


def _judge(measure: Scheme | Recognition, sight: Sight, day: date, clash: Flags) -> Verdicts:
    if isinstance(measure, Recognition):
        verdict = _recognise(measure, sight, day, clash)
        return Verdicts(verdict, np.full(sight.table.rows, NONE, np.int64))
    return _scheme(measure, sight, day, clash)


def _scheme(scheme: Scheme, sight: Sight, day: date, clash: Flags) -> Verdicts:
    rows = sight.table.rows
    applies, eligible = hold(scheme.applies_when, sight), hold(scheme.eligible_when, sight)
    decides = scheme.authority_decides
    authority = always(rows, truth=True) if decides is None else hold(decides, sight)
    yuan = _amount(scheme, sight, eligible)
    never = np.full(rows, not scheme.valid.covers(day))
    off = applies.no | never
    short = applies.yes & (eligible.no | authority.no)
    is_open = ~(applies.yes & eligible.yes) | (yuan == NONE)
    verdict = _verdicts(
        rows,
        [
            (off, Verdict.NOT_APPLICABLE),
            (clash, Verdict.CONTRADICTORY),
            (short, Verdict.INELIGIBLE),
            (is_open, Verdict.UNDETERMINED),
            (~authority.yes, Verdict.CONDITIONAL),
        ],
        Verdict.ELIGIBLE,
    )
    none = ~off & (clash | (~short & is_open))
    return Verdicts(verdict, np.where(off | (~clash & short), 0, np.where(none, NONE, yuan)))


def _amount(scheme: Scheme, sight: Sight, eligible: Planes) -> Longs:
    if isinstance(scheme.benefit, Each):
        return _sum_for_each(scheme, scheme.benefit, sight, eligible)
    return _share_of(scheme.benefit, sight.number(scheme.benefit.fact))


def _sum_for_each(scheme: Scheme, benefit: Each, sight: Sight, eligible: Planes) -> Longs:
    if not isinstance(scheme.eligible_when, Some):
        raise InexpressibleError("a sum for each entry of what is not looked through")
    _, complete = sight.table.told(benefit.fact)
    nothing = np.zeros(sight.table.rows, np.int64)
    met = sum((each.yes for each in entries_that_meet(scheme.eligible_when, sight)), nothing)
    yuan: Longs = np.where(complete, np.where(eligible.yes, met, 0) * benefit.yuan, NONE)
    return yuan


def _share_of(benefit: Rate, base: Ends) -> Longs:
    by, of = benefit.rate.numerator, benefit.rate.denominator
    if by * LARGEST >= _LONGEST:
        raise InexpressibleError("a rate so fine")

    def share(value: Longs) -> Longs:
        whole = value * by // of
        return whole if benefit.cap is None else np.minimum(whole, benefit.cap)

    low, high = np.where(base.has_low, base.low, 0), np.where(base.has_high, base.high, 0)
    least, most = share(low), share(high)
    if benefit.cap is None:
        agree = base.has_high & (least == most)
    else:
        agree = least == np.where(base.has_high, most, benefit.cap)
    about = base.stated != UNKNOWN_LOW
    stated = np.where(about, base.stated, 0)
    nearest = np.clip(stated, np.where(base.has_low, low, -LARGEST), np.where(base.has_high, high, LARGEST))
    unsure = np.where(about, share(nearest), NONE)
    yuan: Longs = np.where(base.is_known, np.where(agree | base.is_exact, least, unsure), NONE)
    return yuan


def _recognise(recognition: Recognition, sight: Sight, day: date, clash: Flags) -> Numbers:
    rows = sight.table.rows
    held, applies = (
        always(rows, truth=bare) if condition is None else hold(condition, sight)
        for condition, bare in ((recognition.held_when, False), (recognition.applies_when, True))
    )
    failed, unmet, deciding, beside = (np.zeros(rows, bool) for _ in range(4))
    for criterion in recognition.criteria:
        whose = criterion.applies_when
        asked = np.ones(rows, bool) if whose is None else ~hold(whose, sight).no
        if criterion.when is None or not criterion.decides:
            beside |= asked
            continue
        met = hold(criterion.when, sight)
        deciding |= asked
        failed |= asked & met.no
        unmet |= asked & ~met.yes
    never = np.full(rows, not recognition.valid.covers(day))
    unsure = beside if not recognition.authority else np.ones(rows, bool)
    return _verdicts(
        rows,
        [
            (clash, Verdict.CONTRADICTORY),
            (held.yes, Verdict.ELIGIBLE),
            (applies.no | never, Verdict.NOT_APPLICABLE),
            (failed & applies.yes & held.no, Verdict.INELIGIBLE),
            (~deciding | unmet | applies.unknown, Verdict.UNDETERMINED),
            (unsure, Verdict.CONDITIONAL),
        ],
        Verdict.ELIGIBLE,
    )
