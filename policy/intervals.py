"""What is known of one number: exactly, within bounds (open or closed), or about."""

from dataclasses import dataclass
from decimal import Decimal

from policy.quantities import Number
from policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Interval:
    """All values between low and high; a missing end is unbounded.

    An open end is not part of it (不到1亿: high = 100000000, high_open). `stated` is the figure an owner gave as
    approximate; the ends then lie ten per cent either side of it.
    """

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False
    stated: Number | None = None

    @classmethod
    def exact(cls, value: Number) -> "Interval":
        return cls(value, value)

    @classmethod
    def about(cls, value: Number) -> "Interval":
        """Ten per cent either way; whole numbers stay whole, inside the band."""
        size = value if value >= 0 else -value
        near: Number = -(-size * 9 // 10) if isinstance(size, int) else size * Decimal("0.9")
        far: Number = size * 11 // 10 if isinstance(size, int) else size * Decimal("1.1")
        return cls(near, far, stated=value) if value >= 0 else cls(-far, -near, stated=value)

    @property
    def least(self) -> Number | None:
        """The smallest value possible; an open end of whole numbers moves up by one."""
        if self.low_open and isinstance(self.low, int):
            return self.low + 1
        return self.low

    @property
    def most(self) -> Number | None:
        """The largest value possible; an open end of whole numbers moves down by one."""
        if self.high_open and isinstance(self.high, int):
            return self.high - 1
        return self.high

    @property
    def value(self) -> Number | None:
        """The number itself where it is known exactly."""
        least = self.least
        return least if least is not None and least == self.most else None

    @property
    def is_unbounded(self) -> bool:
        """Says nothing at all: any number is possible."""
        return self.low is None and self.high is None

    @property
    def is_empty(self) -> bool:
        """No number is possible."""
        if self.least is None or self.most is None:
            return False
        return self.least > self.most or (self.least == self.most and (self._never_low or self._never_high))

    @property
    def _never_low(self) -> bool:
        """The low end itself is left out; between decimals it has no next neighbour to move to."""
        return self.low_open and isinstance(self.low, Decimal)

    @property
    def _never_high(self) -> bool:
        return self.high_open and isinstance(self.high, Decimal)

    def at_least(self, bound: Number) -> Truth:
        """Is it `bound` or more (以上, the number itself included)?"""
        least, most = self.least, self.most
        if least is not None and least >= bound:
            return Truth.YES
        if most is not None and (most < bound or (most == bound and self._never_high)):
            return Truth.NO
        return Truth.UNKNOWN

    def at_most(self, bound: Number) -> Truth:
        """Is it `bound` or less (不超过, the number itself included)?"""
        least, most = self.least, self.most
        if most is not None and most <= bound:
            return Truth.YES
        if least is not None and (least > bound or (least == bound and self._never_low)):
            return Truth.NO
        return Truth.UNKNOWN

    def meet(self, other: "Interval") -> "Interval":
        """What both allow; it may be empty. The figure stated as approximate is the first one's."""
        low, low_open = _tighter((self.low, self.low_open), (other.low, other.low_open), sign=1)
        high, high_open = _tighter((self.high, self.high_open), (other.high, other.high_open), sign=-1)
        return Interval(low, high, low_open, high_open, self.stated)

    def nearest(self, value: Number) -> Number:
        """The possible value closest to the given one."""
        least, most = self.least, self.most
        if least is not None and value < least:
            return least
        return most if most is not None and value > most else value


_End = tuple[Number | None, bool]


def _tighter(one: _End, two: _End, *, sign: int) -> _End:
    """Of two ends (number, whether open) the one that leaves less: for low ends (sign 1) the higher number."""
    if one[0] is None or two[0] is None:
        return two if one[0] is None else one
    if one[0] == two[0]:
        return one[0], one[1] or two[1]
    return one if (one[0] - two[0]) * sign > 0 else two
