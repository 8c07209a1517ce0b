"""One numeral, digits and Chinese mixed, to exact bounds: 3亿2千万, 三个半亿, 一万六七, 十几. No units of measure."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flows.answers.atoms import Atom, atoms_at
from flows.answers.common_numerals import common_numeral, place
from flows.answers.numeral import ZERO, Exact, Numeral, Span, exactly

_THOUSAND = 1000
TEN, WAN, YI = 10, 10**4, 10**8
_FEW_DIGITS = 3  # 10万万 is said, 3000万万 is a slip
_TOGETHER = 2  # digits of a spoken pair
_PAIRS = {"两三", "三五"}  # said for "two or three", "three to five", besides 三四, 四五 ...


class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    """Looks like a numeral, but does not add up."""


def numeral_at(text: str, start: int, *, led: bool = False) -> Numeral | int | None:
    """Read the numeral that begins at `start`; its end alone when it looks like one but cannot be read.

    `led`: a word before it (上亿, 过千万) lets it begin with a bare unit.
    """
    if numeral := common_numeral(text, start):
        return numeral
    atoms, end = atoms_at(text, start, led=led)
    if not atoms:
        return None
    try:
        return _Sum(led=led).add_all(atoms).numeral(start, end)
    except _Unreadable:
        return end


class _Sum:
    """Adds up atoms from left to right; 万 and 亿 close a section."""

    def __init__(self, *, led: bool) -> None:
        self.led = led
        self.total = ZERO
        self.section = ZERO
        self.pending: Span | None = None
        self.digits = 0  # how many digits `pending` was written with
        self.step: Exact = 1
        self.unit = 0  # the last unit of any size
        self.small = 0  # the last unit below 万 in this section
        self.section_used = self.zero = self.zero_said = self.has_wan = self.has_yi = False
        self.gap = self.plain_tail = self.high_open = self.approx = self.closed = False
        self.previous = ""
        self.literal = False
        self.scale = self.myriads = self.coefficients = 1

    def add_all(self, atoms: list[Atom]) -> _Sum:
        for atom in atoms:
            if self.closed and atom.kind not in {"unit", "ge"}:
                raise _Unreadable
            _STEPS[atom.kind](self, atom)
            self.previous = atom.kind
        self._finish()
        return self

    def numeral(self, start: int, end: int) -> Numeral:
        return Numeral(
            start,
            end,
            self.total,
            self.step,
            scale=self.scale if self.coefficients <= 1 else self.myriads,
            myriads=self.myriads,
            high_open=self.high_open,
            sized=self.has_wan or self.has_yi,
            approx=self.approx,
            gap=self.gap,
        )

    def _begin(self, value: Span, step: Exact, digits: int) -> None:
        if self.pending is not None or self.previous == "half":
            raise _Unreadable
        self.pending, self.step, self.digits = value, step, digits
        self.scale = 1
        self.coefficients += self.unit > 0

    def _on_literal(self, atom: Atom) -> None:
        self.literal = len(atom.text) > _FEW_DIGITS
        self._begin(exactly(atom.value), place(atom.value, atom.text), len(atom.text))

    def _on_digits(self, atom: Atom) -> None:
        said = atom.text.lstrip("零〇")
        if len(said) < len(atom.text):
            self.zero = self.zero_said = self.unit > 0
            if not said:
                self._zeros()
                return
        if len(said) == 1:
            self._begin(exactly(atom.value), 1, 1)
        elif len(said) == _TOGETHER and _is_pair(said):
            low, high = divmod(atom.value.numerator, 10)
            self._begin(Span(low, high), 1, 1)
            self.approx = True
        elif self.unit == 0 and (len(atom.text) > _TOGETHER or self.previous == "point"):
            self._begin(exactly(atom.value), 1, len(atom.text))
        else:
            raise _Unreadable

    def _zeros(self) -> None:
        if not self.unit:
            self._begin(ZERO, 1, 1)

    def _on_unit(self, atom: Atom) -> None:
        if self.digits > _TOGETHER and self.previous == "digits":
            raise _Unreadable  # 二零二五万: digits read one by one do not take a unit
        size = atom.value.numerator
        self._big(size) if size >= WAN else self._small(size)
        self.unit = size
        self.scale *= size
        self.closed = False

    def _small(self, size: int) -> None:
        if self.small and size >= self.small:
            raise _Unreadable
        if self.pending is None:
            if self.previous == "unit" and self.section_used and size != TEN:
                raise _Unreadable
            self._begin(exactly(1), 1, 1)
        self.section = self.section.plus((self.pending or ZERO).times(size))
        self.step *= size
        self.small, self.pending, self.zero, self.section_used = size, None, False, True

    def _big(self, size: int) -> None:
        self._settle(tail=self.small > 0)
        if not self.section_used:
            self._stack(size)
            return
        if size == YI:
            if self.has_yi:
                raise _Unreadable
            self.total = self.total.plus(self.section).times(YI)
            self.has_yi, self.has_wan = True, False
        else:
            if self.has_wan:
                self._ten_thousand_of(size)
                return
            self.total = self.total.plus(self.section.times(WAN))
            self.has_wan = True
        self._close(size)

    def _ten_thousand_of(self, size: int) -> None:
        """Read 一万五千万: fifteen thousand 万, as it is spoken."""
        if self.has_yi or self.small != _THOUSAND or self.total.high >= YI or self.literal:
            raise _Unreadable
        self.total = self.total.plus(self.section).times(WAN)
        self._close(size)

    def _stack(self, size: int) -> None:
        """Read 四万万, 4.78 万亿, or the 亿 of 上亿: a unit upon what came before."""
        if self.unit:
            if self.unit < WAN or self.has_yi or (self.literal and size == self.unit):
                raise _Unreadable  # 3000万万: a unit typed twice
            self.total = self.total.times(size)
        elif self.led:
            self.total = exactly(size)
        else:
            raise _Unreadable
        self.has_yi = self.has_yi or size == YI
        self.has_wan = self.has_wan or size == WAN
        self._close(size)

    def _close(self, size: int) -> None:
        self.step *= size
        self.section, self.section_used, self.zero_said, self.small = ZERO, False, False, 0
        self.myriads = size

    def _on_over(self, _: Atom) -> None:
        extra = Span(0, self.step)
        if self.pending is not None:
            self.pending = self.pending.plus(extra)
        elif self.section_used:
            self.section = self.section.plus(extra)
        else:
            self.total = self.total.plus(extra)
        self.high_open = self.approx = self.closed = True

    def _on_few(self, _: Atom) -> None:
        if self.previous == "literal" and self.step >= TEN:
            self._on_over(_)  # 20 几: digits before 几
            return
        lowest = 0 if self.unit else 1
        self._begin(Span(lowest, 10), 1, 1)
        self.high_open = self.approx = True

    def _on_about(self, _: Atom) -> None:
        self.approx = True

    def _on_ge(self, _: Atom) -> None:
        pass

    def _on_half(self, _: Atom) -> None:
        half = Fraction(1, 2)
        if self.pending is not None and self.previous == "ge":
            self.pending = self.pending.plus(exactly(half))
        elif self.previous == "unit":
            self._add_below(exactly(half * self.unit))
        elif not self.previous:
            self._begin(exactly(half), half, 1)
            return
        else:
            raise _Unreadable
        self.step = half

    def _add_below(self, extra: Span) -> None:
        if self.section_used:
            self.section = self.section.plus(extra)
        else:
            self.total = self.total.plus(extra)

    def _on_point(self, atom: Atom) -> None:
        if self.section_used or self.unit:
            self._settle()
            self.section_used = True
            self.section = self.section.plus(exactly(atom.value))
        else:
            self.pending = (self.pending or ZERO).plus(exactly(atom.value))
        self.step = Fraction(1, 10 ** (len(atom.text) - 1))
        self.digits = 1

    def _settle(self, *, tail: bool = True) -> None:
        """Put the digit that ends a section where it is meant: 一万三 is 13,000, 一万零三 is 10,003."""
        if self.pending is None:
            return
        factor = 1
        if tail and self.unit and not self.zero:
            factor = self._tail_factor(self.unit)
        self.section = self.section.plus(self.pending.times(factor))
        self.step *= factor
        self.section_used, self.pending, self.zero = True, None, False

    def _tail_factor(self, unit: int) -> int:
        if self.digits == 1:
            return max(unit // TEN, 1)
        places = len(str(unit)) - 1
        self.plain_tail = True
        if self.digits == places or (unit == WAN and self.digits == places - 1):
            return 1
        raise _Unreadable  # 3亿500: neither 500 万 nor 500 元 is sure

    def _finish(self) -> None:
        if self.previous == "few" and not self.unit:
            raise _Unreadable  # 几个: too vague to be a number
        tail_of_yi = self.unit == YI and self.pending is not None
        self.gap = self.myriads == YI and self.section_used and not self.zero_said and not tail_of_yi
        self._settle()
        self.gap = self.gap or self.plain_tail
        if self.section_used:
            self.total = self.total.plus(self.section)
            if self.myriads > 1:
                self.scale = self.myriads = 1


_STEPS: dict[str, Callable[[_Sum, Atom], None]] = {
    name.removeprefix("_on_"): step for name, step in vars(_Sum).items() if name.startswith("_on_")
}


def _is_pair(said: str) -> bool:
    return said in _PAIRS or "一二三四五六七八九".find(said.replace("两", "二")) >= 0
