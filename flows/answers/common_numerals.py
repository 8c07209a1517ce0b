"""The numerals most people type, read at once: 3.2亿, 120, 三千万, 一百二十, 三百二十一万. All others are read in numbers.py."""

from __future__ import annotations

from fractions import Fraction

from flows.answers.atoms import NUMERAL_GOES_ON, VALUES, exact
from flows.answers.numeral import Exact, Numeral, exactly
from flows.answers.patterns import Match, Pattern

_WAN, _YI = 10**4, 10**8
_SIZES = {
    None: (1, 1),
    "百": (100, 1),
    "千": (1000, 1),
    "百万": (10**6, _WAN),
    "千万": (10**7, _WAN),
    "万": (_WAN, _WAN),
    "亿": (_YI, _YI),
}
_D = "[一二两三四五六七八九]"
_SIMPLE = Pattern(rf"(?:([0-9]+(?:\.[0-9]+)?)|({_D}))([百千]?万|[百千亿])?(?![{NUMERAL_GOES_ON}])")
_SPOKEN = Pattern(
    rf"(?=[十一二两三四五六七八九])(?:({_D})千(?:零(?={_D}?十))?)?(?:({_D})百(?:零(?={_D}?十))?)?(?:({_D}?)十({_D})?)?([万亿])?(?![{NUMERAL_GOES_ON}])"
)


def common_numeral(text: str, start: int) -> Numeral | None:
    """Read the numeral at `start` where it has one of the usual shapes."""
    if simple := _SIMPLE.match(text, start):
        return _simple(simple)
    spoken = _SPOKEN.match(text, start)
    return _spoken(spoken) if spoken and spoken.end() > start else None


def _simple(match: Match) -> Numeral:
    start, end = match.span()
    digits, han, unit = match.groups()
    size, myriads = _SIZES[unit]
    value = exact(digits) if digits else VALUES[han]
    step = size * place(value, digits) if digits else size
    return Numeral(start, end, exactly(value * size), step, size, myriads, sized=myriads > 1)


def _spoken(match: Match) -> Numeral:
    """三百二十一万: every place that is skipped is told by 零, so nothing has to be guessed."""
    start, end = match.span()
    thousands, hundreds, tens, ones, unit = match.groups()
    parts = [(thousands, 1000), (hundreds, 100), (None if tens is None else tens or "一", 10), (ones, 1)]
    said = [(VALUES[digit], size) for digit, size in parts if digit]
    myriads = _SIZES[unit][0]
    value = sum(digit * size for digit, size in said) * myriads
    step = said[-1][1] * myriads
    scale = step if len(said) == 1 else myriads
    return Numeral(start, end, exactly(value), step, scale, myriads, sized=myriads > 1)


def place(value: Exact, text: str) -> Exact:
    """Give the place of the last digit that is not 0: 100 for 3200, 1/10 for 3.2."""
    if "." in text:
        return Fraction(1, 10 ** len(text.rstrip("0").partition(".")[2]))
    whole = str(value.numerator)
    return 10 ** (len(whole) - len(whole.rstrip("0"))) if value else 1
