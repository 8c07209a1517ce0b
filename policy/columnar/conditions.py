"""Conditions over columns: for each kind what its `evaluate` decides, without the words. Equality is tested."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce, singledispatch

import numpy as np

from policy.columnar.planes import Ends, Flags, Longs, Planes, always
from policy.columnar.records import Table
from policy.comparisons import Compare, OneOf
from policy.facts import Fact, Kind
from policy.layout import LARGEST, NO, SLOTS, UNKNOWN_HIGH, UNKNOWN_LOW, YES, on_grid
from policy.lists import Empty, Has, Some
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.quantities import Number
from policy.ratios import Elapsed, Share, Sum
from policy.scores import Part, Score

_LONGEST = 2**62


class InexpressibleError(Exception):
    """Columns cannot say what this condition says: the firms are judged one by one."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a condition looks at: a table, of a list's entry only its fields, and on which month (None: undated)."""

    table: Table
    month: int | None = None
    entry: str = ""

    def number(self, fact: Fact) -> Ends:
        return self.table.number(self.entry + fact.key)


@singledispatch
def hold(condition: Condition, _sight: Sight) -> Planes:
    """The truth of a condition for every firm. Raises InexpressibleError."""
    raise InexpressibleError(type(condition).__name__)


@hold.register
def _(condition: All, sight: Sight) -> Planes:
    parts = (hold(each, sight) for each in condition.conditions)
    return reduce(Planes.__and__, parts, always(sight.table.rows, truth=True))


@hold.register
def _(condition: Any, sight: Sight) -> Planes:
    parts = (hold(each, sight) for each in condition.conditions)
    return reduce(Planes.__or__, parts, always(sight.table.rows, truth=False))


@hold.register
def _(condition: Not, sight: Sight) -> Planes:
    return ~hold(condition.condition, sight)


@hold.register
def _(condition: OpenReading, sight: Sight) -> Planes:
    found = hold(condition.when, sight)
    return Planes(np.zeros_like(found.yes), found.no)


@hold.register
def _(condition: Compare, sight: Sight) -> Planes:
    return sight.number(condition.fact).held_against(
        condition.operator, _grid(condition.fact, condition.bound)
    )


@hold.register
def _(condition: OneOf, sight: Sight) -> Planes:
    fact = condition.fact
    code = sight.table.code(sight.entry + fact.key)
    if fact.kind is Kind.YESNO:
        named: Flags = np.isin(code, [YES if value is True else NO for value in condition.values])
    else:
        named = np.isin(code, [fact.choices.index(value) + 1 for value in condition.values])
    return Planes(named, ~named & (code > 0))


@hold.register
def _(condition: Empty, sight: Sight) -> Planes:
    known, complete = sight.table.told(condition.fact)
    if condition.fact.several:
        is_empty = complete & ~_chosen(condition.fact, sight, ("", *_options(condition.fact)))
    else:
        is_empty = complete & (sight.table.count(condition.fact) == 0)
    found = Planes(is_empty & known, ~is_empty & known)
    return found if condition.empty else ~found


@hold.register
def _(condition: Has, sight: Sight) -> Planes:
    known, complete = sight.table.told(condition.fact)
    fitting = _chosen(condition.fact, sight, condition.values)
    unsure = ~complete | _chosen(condition.fact, sight, ("",))
    return Planes(known & fitting, known & ~fitting & ~unsure)


def _options(fact: Fact) -> tuple[str, ...]:
    return tuple(option.key for option in fact.several)


def _chosen(fact: Fact, sight: Sight, options: Sequence[str]) -> Flags:
    """Whether one of the options is among those chosen and, on a dated sight, has not ended."""
    since = max(sight.month or 1, 1)
    found = (sight.table.month(f"{fact.key}:{option}") >= since for option in options)
    return reduce(np.logical_or, found, np.zeros(sight.table.rows, bool))


@hold.register
def _(condition: Some, sight: Sight) -> Planes:
    known, complete = sight.table.told(condition.fact)
    entries = entries_that_meet(condition, sight)
    yes = reduce(np.logical_or, (each.yes for each in entries))
    no = reduce(np.logical_and, (each.no for each in entries))
    return Planes(known & yes, known & complete & no)


def entries_that_meet(condition: Some, sight: Sight) -> list[Planes]:
    """For every entry there can be whether it meets the condition; one that is not there does not."""
    fact = condition.fact
    if fact.several or sight.entry or fact.until_field:
        raise InexpressibleError("entries that are more than a choice")
    found = []
    for number in range(1, SLOTS + 1):
        there = sight.table.count(fact) >= number
        met = hold(condition.condition, replace(sight, month=None, entry=f"{fact.key}.{number}."))
        found.append(Planes(met.yes & there, met.no | ~there))
    return found


@hold.register
def _(condition: Elapsed, sight: Sight) -> Planes:
    if sight.month is None:
        return always(sight.table.rows, truth=True).where(np.zeros(sight.table.rows, bool))
    since = _at_least_the_least(condition.fact, sight)
    low = np.where(since.has_high, sight.month - since.high - 1, UNKNOWN_LOW)
    high = np.where(since.has_low, sight.month - since.low, UNKNOWN_HIGH)
    return Ends(low, high, since.stated).held_against(condition.operator, condition.months)


@hold.register
def _(condition: Sum, sight: Sight) -> Planes:
    bound = _grid(condition.terms[0], condition.bound)
    return _added(condition.terms, sight).held_against(condition.operator, bound)


@hold.register
def _(condition: Share, sight: Sight) -> Planes:
    part, whole = (
        _added(terms, sight).closed() if _is_percent(terms) else _added(terms, sight)
        for terms in (condition.part, condition.whole)
    )
    points, of = condition.bound.as_integer_ratio()
    if (100 * of + points) * LARGEST * max(len(condition.part), len(condition.whole)) >= _LONGEST:
        raise InexpressibleError("a share so fine")
    low = _over(part.low, whole.high, part.has_low & whole.has_high, UNKNOWN_LOW, (100 * of, points))
    high = _over(part.high, whole.low, part.has_high & whole.has_low, UNKNOWN_HIGH, (100 * of, points))
    over = Ends(low, high, part.stated).held_against(condition.operator, 0)
    return over.where(whole.has_low & (whole.low > 0))


def _over(part: Longs, whole: Longs, known: Flags, unknown: int, by: tuple[int, int]) -> Longs:
    """By how much the part exceeds the share of the whole, multiplied out; it may lie beyond what is called unknown."""
    difference = np.where(known, part, 0) * by[0] - np.where(known, whole, 0) * by[1]
    over: Longs = np.where(known, np.sign(difference), unknown)
    return over


def _added(terms: Sequence[Fact], sight: Sight) -> Ends:
    """What is known of a sum; an end is known where that of every term is."""
    known = [_at_least_the_least(fact, sight) for fact in terms]
    if len(known) == 1:
        return known[0]
    if _is_percent(terms):
        known = [each.closed() for each in known]
    has_low = reduce(np.logical_and, (each.has_low for each in known))
    has_high = reduce(np.logical_and, (each.has_high for each in known))
    low = sum((np.where(has_low, each.low, 0) for each in known), np.zeros(sight.table.rows, np.int64))
    high = sum((np.where(has_high, each.high, 0) for each in known), np.zeros(sight.table.rows, np.int64))
    return Ends(np.where(has_low, low, UNKNOWN_LOW), np.where(has_high, high, UNKNOWN_HIGH), known[0].stated)


def _is_percent(terms: Sequence[Fact]) -> bool:
    return terms[0].kind is Kind.PERCENT


def _at_least_the_least(fact: Fact, sight: Sight) -> Ends:
    return sight.number(fact).from_least(None if fact.least is None else _grid(fact, fact.least))


def _grid(fact: Fact, bound: Number) -> int:
    found = on_grid(fact.kind, bound)
    if found is None:
        raise InexpressibleError(f"{bound} for {fact.key}")
    return found


@hold.register
def _(condition: Score, sight: Sight) -> Planes:
    found = [_points(part, sight) for part in condition.scored]
    nothing = np.zeros(sight.table.rows, np.int64)
    low, high = sum((each[0] for each in found), nothing), sum((each[1] for each in found), nothing)
    return Planes(low >= condition.at_least, high < condition.at_least)


def _points(part: Part, sight: Sight) -> tuple[Longs, Longs]:
    """The first step that holds counts; so while an earlier one is open, that one or the first that surely holds."""
    rows = sight.table.rows
    settled = np.zeros(rows, bool)
    low, high = np.full(rows, _LONGEST), np.full(rows, -_LONGEST)
    for step in part.points:
        met = hold(step.when, sight)
        possible = ~settled & ~met.no
        low = np.where(possible, np.minimum(low, step.give), low)
        high = np.where(possible, np.maximum(high, step.give), high)
        settled |= met.yes
    return np.where(settled, low, part.between[0]), np.where(settled, high, part.between[1])
