"""What a numeral is once it is read: its bounds, its last place, what it may lend to a range. Reading is in numbers.py."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Span(NamedTuple):
    """Lowest and highest value a numeral can mean; equal when it is exact."""

    low: Fraction
    high: Fraction

    def plus(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: int | Fraction) -> Span:
        return Span(self.low * factor, self.high * factor)


ZERO = Span(Fraction(0), Fraction(0))


def exactly(value: int | Fraction) -> Span:
    return Span(Fraction(value), Fraction(value))


class Numeral(NamedTuple):
    """A numeral found at `start:end`. `step` is the place of its last digit that says something.

    `scale` is all the units it ends in (3千万: 千万), `myriads` only its last 万 or 亿: what the left end
    of a range may borrow. `sized` = says 万 or 亿 itself; `gap` = 三亿二千 and 3万4000, where a 万 may be meant.
    """

    start: int
    end: int
    span: Span
    step: Fraction
    scale: int = 1
    myriads: int = 1
    high_open: bool = False
    sized: bool = False
    approx: bool = False
    gap: bool = False
