"""What a numeral is once it is read: its bounds, its last place, what it may lend to a range. Reading is in numbers.py."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

Exact = int | Fraction  # whole numbers stay ints: they are ten times as quick


class Span(NamedTuple):
    """Lowest and highest value a numeral can mean; equal when it is exact."""

    low: Exact
    high: Exact

    def plus(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: Exact) -> Span:
        return Span(self.low * factor, self.high * factor)


ZERO = Span(0, 0)


def size(value: Exact) -> Exact:
    """Give the value without its sign."""
    return value if value >= 0 else -value


def exactly(value: Exact) -> Span:
    return Span(value, value)


class Numeral(NamedTuple):
    """A numeral found at `start:end`. `step` is the place of its last digit that says something.

    `scale` is all the units it ends in (3千万: 千万), `myriads` only its last 万 or 亿: what the left end
    of a range may borrow. `sized` = says 万 or 亿 itself; `gap` = 三亿二千 and 3万4000, where a 万 may be meant.
    """

    start: int
    end: int
    span: Span
    step: Exact
    scale: int = 1
    myriads: int = 1
    high_open: bool = False
    sized: bool = False
    approx: bool = False
    gap: bool = False
