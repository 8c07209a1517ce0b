"""What the oracle of recognitions needs to know of facts: numbers as spans, lists, and three-valued and/or. Plain Python."""

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

Facts = dict[str, Any]
Sure = bool | None  # True and False are sure, None is open


def every(*parts: Sure) -> Sure:
    """All hold; one that surely does not settles it."""
    if False in parts:
        return False
    return None if None in parts else True


def either(*parts: Sure) -> Sure:
    """One holds, or none does."""
    if True in parts:
        return True
    return None if None in parts else False


def opposite(part: Sure) -> Sure:
    return None if part is None else not part


class Span(NamedTuple):
    """The values a number may have. A missing end has no bound; an open end is not part of it."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    def at_least(self, bound: int) -> Sure:
        if self.low is not None and self.low >= bound:
            return True
        below = self.high is not None and (self.high < bound or (self.high == bound and self.high_open))
        return False if below else None

    def more_than(self, bound: int) -> Sure:
        if self.low is not None and (self.low > bound or (self.low == bound and self.low_open)):
            return True
        return False if self.high is not None and self.high <= bound else None

    def at_most(self, bound: int) -> Sure:
        return opposite(self.more_than(bound))

    def below(self, bound: int) -> Sure:
        return opposite(self.at_least(bound))


def months(text: str) -> int:
    """A month, or a day's month, as months since the year 0."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def span(facts: Facts, key: str) -> Span:
    """Read a number of the firm; a share is not whole, everything else is. Nothing known, nothing said but >= 0."""
    given = facts.get(key)
    if given is None:
        return Span(low=None if key == "registered_on" else Fraction(0))
    is_whole = key not in {"hitech_share", "main_share", "debt_ratio"}
    if not isinstance(given, dict):
        return Span(_read(given), _read(given))
    if "value" in given:
        return _about(_read(given["value"]), is_whole)
    low, high = (None if given[end] is None else _read(given[end]) for end in ("low", "high"))
    if not is_whole:
        return Span(low, high, given["low_open"], given["high_open"])
    first = Fraction(0) if low is None else low + int(given["low_open"])
    return Span(first, None if high is None else high - int(given["high_open"]))


def _read(given: Any) -> Fraction:
    is_month = isinstance(given, str) and "-" in given
    return Fraction(months(given)) if is_month else Fraction(given)


def _about(value: Fraction, is_whole: bool) -> Span:
    near, far = value * 9 / 10, value * 11 / 10
    if is_whole:
        near, far = Fraction(-(-near.numerator // near.denominator)), Fraction(far // 1)
    return Span(near, far)


def total(facts: Facts, *keys: str) -> Span:
    """Amounts added up."""
    spans = [span(facts, key) for key in keys]
    lows, highs = [each.low for each in spans], [each.high for each in spans]
    return Span(
        None if None in lows else sum((each for each in lows if each is not None), Fraction(0)),
        None if None in highs else sum((each for each in highs if each is not None), Fraction(0)),
    )


def share(part: Span, whole: Span, percent: Fraction | int) -> Sure:
    """Whether the part surely is, or surely is not, that share of a whole. Of nothing there is no share."""
    if not whole.low or whole.low <= 0:
        return None
    if part.low is not None and whole.high is not None and part.low * 100 >= percent * whole.high:
        return True
    return False if part.high is not None and part.high * 100 < percent * whole.low else None


def has(facts: Facts, key: str, *wanted: str, day: date) -> Sure:
    """Whether one of the codes is among those listed; what ran out before the day's month does not count."""
    listed = facts.get(key)
    if listed is None:
        return None
    items = [{"code": each} if isinstance(each, str) else each for each in listed]
    month = day.year * 12 + day.month - 1
    valid = [each for each in items if each.get("until") is None or months(each["until"]) >= month]
    codes = [each.get("code") for each in valid]
    if set(codes) & set(wanted):
        return True
    return None if None in codes else False
