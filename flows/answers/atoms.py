"""The pieces a numeral is made of: digits, units of size, 多, 几, 半, 点. What they add up to is in numbers.py."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from flows.answers.patterns import Pattern

_DIGITS = ("零〇○", "一壹弌", "二两贰弍俩", "三叁参仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_PLAIN = str.maketrans(
    {
        c: plain
        for group, plain in zip(_DIGITS, "零一二三四五六七八九", strict=True)
        for c in group
        if c != "两"
    }
)
VALUES = {c: n for n, group in enumerate(_DIGITS) for c in group}
_D = "".join(VALUES)
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
_LETTERS = {
    "k": "千",
    "w": "万",
    "kw": "千万",
    "m": "百万",
    "million": "百万",
    "bn": "十亿",
    "b": "十亿",
    "billion": "十亿",
}
_U = "".join(_UNITS)
_SCORES = str.maketrans({"廿": "二十", "卅": "三十", "卌": "四十"})  # not part of any converter

_ATOM = Pattern(
    rf"""
    (?P<literal>(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]{{1,4}}(?:,[0-9]{{4}})+(?![0-9])|[0-9]+)
        (?:\.[0-9]+)?(?:e[+-]?[0-9]{{1,2}}(?![0-9a-z]))? | \.[0-9]+)
    |(?P<digits>[{_D}]+)
    |(?P<unit>[{_U}])
    |(?P<letters>[ ]?(?:kw|k|w|million|m|billion|bn|b)(?![a-z0-9^]))
    |(?P<few>几|数(?=[{_U}]))
    |(?P<over>[多余])
    |(?P<about>来(?=[个万亿元块人名号家件项位台条%]))
    |(?P<half>半)
    |(?P<ge>个(?=[多余来半几]?[万亿]|半))
    |(?P<point>点(?P<places>[0-9]+|[{_D}]+))
    """,
    re.VERBOSE,
)
_STARTS_WITH_UNIT = Pattern(rf"[{_U}][{_U}{_D}0-9几多余来半]|[十拾]|[百佰千仟](?=[人名家项件个台元块])")
_STARTS_WITH_HALF = Pattern(r"半(?:个[万亿]|[十百千万亿成])")


_LISTED = Pattern(rf"(?<=[{_D}])、(?=[{_D}][个{_U}])")


class Atom(NamedTuple):
    kind: str
    text: str
    value: Fraction = Fraction(0)


def spell_out(text: str) -> str:
    """Write 廿 and 卅 in full and 三、四百 as 三四百, so that every numeral has one spelling."""
    return _LISTED.sub("", text.translate(_SCORES))


def atoms_at(text: str, start: int, *, led: bool) -> tuple[list[Atom], int]:
    """Cut the pieces of the numeral that begins at `start`; none when nothing there can begin one."""
    if not _can_start(text, start, led=led):
        return [], start
    atoms: list[Atom] = []
    position = start
    while match := _ATOM.match(text, position):
        kind = match.lastgroup if match.lastgroup != "places" else "point"
        if not atoms and kind in {"letters", "over", "about", "ge", "point"}:
            break
        atoms.extend(_atoms(str(kind), match[0]))
        position = match.end()
    return atoms, position


def _can_start(text: str, start: int, *, led: bool) -> bool:
    char = text[start]
    if char in _UNITS:
        return led or _STARTS_WITH_UNIT.match(text, start) is not None
    if char == "半":
        return _STARTS_WITH_HALF.match(text, start) is not None
    return True


def _atoms(kind: str, text: str) -> list[Atom]:
    if kind == "literal":
        return [Atom(kind, text.replace(",", ""), Fraction(text.replace(",", "")))]
    if kind == "digits":
        plain = text.translate(_PLAIN)
        return [Atom(kind, plain, Fraction(_digits(plain)))]
    if kind == "unit":
        return [Atom(kind, text, Fraction(_UNITS[text]))]
    if kind == "letters":
        return [Atom("unit", u, Fraction(_UNITS[u])) for u in _LETTERS[text.strip()]]
    if kind == "point":
        places = text[1:]
        return [Atom(kind, text, Fraction(_digits(places), 10 ** len(places)))]
    return [Atom(kind, text)]


def _digits(text: str) -> int:
    return int("".join(c if c.isascii() else str(VALUES[c]) for c in text))
