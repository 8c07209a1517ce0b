"""From an amount to the stored number: assumed units, limits, whole numbers. Says no rather than assume too much."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from flows.answers.bounds import Amount
from flows.answers.numeral import Exact, size
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask, Hint, Number

_UNITS = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8}
_SURELY_YUAN = 10**6  # nobody means 320 亿 by 3200000 (万元)
_MAYBE_YUAN = 10**5
_LEAST_ASSUMED, _MOST_ASSUMED = 10**4, 10**10  # where the question names nothing typical
_UNTHINKABLE = 10**18
_FEN_A_YUAN = 100
_WHOLE = 100
_CROWD = 10**7
_PEOPLE, _ONLY_PEOPLE = frozenset("个人名位口号员"), frozenset("人名位口员")
_WORKSHOPS = frozenset(("车间", "班组", "部门", "厂", "分厂", "分公司", "门店", "基地", "产线"))
_PEOPLE_ASKED = Pattern(r"(?<!机器)(?<!无)人(?!工智能|民币)|员工|职工|employee|staff|people|person|headcount")


class Ends(NamedTuple):
    """Both ends in the unit that is stored; `confirm` when a unit was assumed."""

    low: Exact | None
    high: Exact | None
    confirm: bool = False

    def times(self, factor: int) -> Ends:
        return Ends(self.low and self.low * factor, self.high and self.high * factor, self.confirm)

    def said(self) -> list[Exact]:
        """Give the ends that were named; an exact amount has but one."""
        if self.low == self.high:
            return [] if self.low is None else [self.low]
        return [end for end in (self.low, self.high) if end is not None]


def in_yuan(amount: Amount, ask: Ask) -> Ends | Hint:
    """Money in yuan; a number without 万, 亿 or 元 takes the asked unit only where that is likely."""
    ends = Ends(amount.low, amount.high)
    if amount.gap and not amount.unit:
        return "ambiguous_unit"  # 三亿二千: 3.2 亿, or 3 亿 and 2 千?
    if amount.unit or amount.sized:
        if any(_FEN_A_YUAN % end.denominator for end in ends.said()):
            return "unclear"  # finer than 分
        likely = _typical(ends, ask)
        if not likely and not amount.unit and "万" in (ask.label or "") and _below(ends, ask):
            return "ambiguous_unit"  # asked in 万元, 一万二 may count 万元
        return ends._replace(confirm=amount.gap or not likely)
    largest = max(Fraction(size(end)) for end in ends.said())
    if largest == 0:
        return ends
    assumed = ends._replace(confirm=True)
    if amount.counter:
        return "ambiguous_unit"
    if largest >= _SURELY_YUAN:
        return assumed if _likely(assumed, ask, 1, _UNTHINKABLE) else "ambiguous_unit"
    if ask.unit not in _UNITS:
        return "ambiguous_unit" if ask.unit else "missing_unit"
    if largest >= _MAYBE_YUAN and ask.typical is not None and _typical(ends, ask):
        return "ambiguous_unit"  # 500000: 50 万元 and 50 亿元 are both likely
    assumed = assumed.times(_UNITS[ask.unit])
    return assumed if _likely(assumed, ask, _LEAST_ASSUMED, _MOST_ASSUMED) else "ambiguous_unit"


def _typical(ends: Ends, ask: Ask) -> bool:
    return ask.typical is None or all(
        _exact(ask.typical[0]) <= end <= _exact(ask.typical[1]) for end in ends.said() if end
    )


def _below(ends: Ends, ask: Ask) -> bool:
    return ask.typical is not None and all(0 < end < _exact(ask.typical[0]) for end in ends.said())


def _likely(ends: Ends, ask: Ask, least: int, most: int) -> bool:
    if beyond_limits(ends, ask):
        return False
    if ask.typical is not None:
        return _typical(ends, ask)
    return all(least <= size(end) <= most for end in ends.said() if end)


def in_percent(amount: Amount, _: Ask) -> Ends | Hint:
    """Percentage points; a bare number below 1 may be a share or a percentage, so it is asked again."""
    ends = Ends(amount.low, amount.high)
    if amount.unit == "ratio":
        return ends.times(_WHOLE)
    if amount.unit == "percent":
        return ends
    if amount.sized:
        return "wrong_unit"
    if all(end == 0 or 1 <= end <= _WHOLE for end in ends.said()):
        return ends._replace(confirm=any(ends.said()))
    return "ambiguous_percent"


def in_pieces(amount: Amount, ask: Ask) -> Ends | Hint:
    """People and things are counted whole, and each with its own words: 3 台 are no people."""
    if not _suits(amount.counter, ask) or (amount.sized and not amount.counter and _is_crowd(amount)):
        return "wrong_unit"
    ends = Ends(amount.low, amount.high)
    return ends if all(end.denominator == 1 for end in ends.said()) else "unclear"


def _is_crowd(amount: Amount) -> bool:
    """3 亿 without a counter is money, whatever was asked."""
    return max(amount.low or 0, amount.high or 0) >= _CROWD


def _suits(counter: str, ask: Ask) -> bool:
    """Tell whether what is asked is counted so; a question that names nothing takes any."""
    asked = f"{ask.label or ''} {ask.field or ''}"
    if not counter or not asked.strip():
        return True
    if _PEOPLE_ASKED.search(asked):
        return counter[0] in _PEOPLE and counter[1:] not in _WORKSHOPS
    if ask.label and counter[1:] in {"人", "员工", "职工"}:
        return False  # 9个人 are no patents
    return counter[0] not in _ONLY_PEOPLE or not ask.label


def as_said(amount: Amount, _: Ask) -> Ends | Hint:
    """Take a plain number as it is."""
    return Ends(amount.low, amount.high)


def beyond_limits(ends: Ends, ask: Ask) -> Hint | None:
    """Say what speaks against storing these ends."""
    if any(size(end) >= _UNTHINKABLE for end in ends.said()):
        return "out_of_range"
    may_be_negative = ask.kind in {"percent", "number"} if ask.min is None else ask.min < 0
    if not may_be_negative and any(end < 0 for end in ends.said()):
        return "negative"
    too_low = ask.min is not None and ends.high is not None and ends.high < _exact(ask.min)
    too_high = ask.max is not None and ends.low is not None and ends.low > _exact(ask.max)
    return "out_of_range" if too_low or too_high else None


def _exact(number: Number) -> Exact:
    return number if isinstance(number, int) else Fraction(number)


def stored(value: Exact | None) -> Number | None:
    """An int where it is whole, else a Decimal."""
    if value is None:
        return None
    if value.denominator == 1:
        return value.numerator
    with localcontext(prec=20):
        return (Decimal(value.numerator) / Decimal(value.denominator)).normalize()
