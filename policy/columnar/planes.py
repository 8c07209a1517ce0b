"""Three-valued truth of many firms as two planes of bits, and what is known of a number as two columns of ends."""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from policy.comparisons import Operator
from policy.layout import UNKNOWN_HIGH, UNKNOWN_LOW

Flags: TypeAlias = npt.NDArray[np.bool_]
Longs: TypeAlias = npt.NDArray[np.int64]


class Planes(NamedTuple):
    """Where it surely is, and where it surely is not; neither: not known. Never both. As Truth: `&`, `|` and `~`."""

    yes: Flags
    no: Flags

    def __and__(self, other: "Planes") -> "Planes":
        return Planes(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: "Planes") -> "Planes":
        return Planes(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> "Planes":
        return Planes(self.no, self.yes)

    @property
    def unknown(self) -> Flags:
        unknown: Flags = ~(self.yes | self.no)
        return unknown

    def where(self, known: Flags) -> "Planes":
        """The same where something is known, unknown elsewhere."""
        return Planes(self.yes & known, self.no & known)


def always(rows: int, truth: bool) -> Planes:
    """YES (or NO) for everybody."""
    yes = np.full(rows, truth)
    return Planes(yes, ~yes)


class Ends(NamedTuple):
    """The smallest and the largest value possible; an end that is not known stands beyond every number.

    `stated` is the figure that was told as about so much, UNKNOWN_LOW where none was.
    """

    low: Longs
    high: Longs
    stated: Longs

    @property
    def has_low(self) -> Flags:
        has_low: Flags = self.low != UNKNOWN_LOW
        return has_low

    @property
    def has_high(self) -> Flags:
        has_high: Flags = self.high != UNKNOWN_HIGH
        return has_high

    @property
    def is_known(self) -> Flags:
        return self.has_low | self.has_high

    @property
    def is_exact(self) -> Flags:
        is_exact: Flags = self.low == self.high
        return is_exact

    def at_least(self, bound: int) -> Planes:
        return Planes(self.low >= bound, self.high < bound)

    def at_most(self, bound: int) -> Planes:
        return Planes(self.high <= bound, self.low > bound)

    def held_against(self, operator: Operator, bound: int) -> Planes:
        """Compared with a bound in the same grid."""
        if operator in {Operator.AT_LEAST, Operator.LESS_THAN}:
            found = self.at_least(bound)
        else:
            found = self.at_most(bound)
        return ~found if operator in {Operator.LESS_THAN, Operator.MORE_THAN} else found

    def closed(self) -> "Ends":
        """Percentages without their open ends: sums and shares do not know them."""
        low, high = (
            np.where(self.has_low, self.low & ~1, self.low),
            np.where(self.has_high, (self.high + 1) & ~1, self.high),
        )
        return self._replace(low=low, high=high)

    def from_least(self, least: int | None) -> "Ends":
        """Never less than the least that can be."""
        if least is None:
            return self
        return self._replace(low=np.where(self.has_low, self.low, least))


def stated_behind(high: Longs, about: Flags) -> Longs:
    """The figure behind the upper end of about so much: eleven tenths of it, cut, is that end."""
    stated: Longs = np.where(about, -(-np.where(about, high, 0) * 10 // 11), UNKNOWN_LOW)
    return stated
