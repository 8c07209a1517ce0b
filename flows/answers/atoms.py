"""The pieces a numeral is made of: digits, units of size, 多, 几, 半, 点. What they add up to is in numbers.py."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from flows.answers.numeral import Exact
from flows.answers.patterns import Match, Pattern

_DIGITS = ("零〇○", "一壹弌", "二两贰弍俩", "三叁参仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_HAN = "零一二三四五六七八九"
_PLAIN = str.maketrans(
    {c: plain for group, plain in zip(_DIGITS, _HAN, strict=True) for c in group if c != "两"}
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
    |(?P<about>来(?=[个万亿元块人名号口户家件项位台条套种张只%]|$|[,。吧])|(?<=[百千万])把(?=[个万亿元块人名号口户家件项位台条]|左右|$))
    |(?P<half>半)
    |(?P<ge>个(?=[多余来半几]?[万亿]|半))
    |(?P<point>点(?P<places>[0-9]+|[{_D}]+))
    """,
    re.VERBOSE,
)
NUMERAL_GOES_ON = f"0-9.,ekwmb 几数多余来半个点{_D}{_U}"  # a character set: any piece may begin so
_STARTS_WITH_UNIT = Pattern(rf"[{_U}][{_U}{_D}0-9几多余来半把]|[十拾]|[百佰千仟](?=[人名家项件个台元块])")
_STARTS_WITH_HALF = Pattern(r"半(?:个[万亿]|[十百千万亿成])")


_LISTED = Pattern(rf"(?<=[{_D}])、(?=[{_D}][个{_U}])")
_RARE = frozenset("、.廿卅卌达离共")
_SPELLED = {"达不溜": "万", "个达不溜": "万", "差不离": "差不多", "一共": "总共"}
_HAN_POINT = Pattern(r"(?<=[零一二两三四五六七八九十百千])\.(?=[零一二三四五六七八九]+[万亿成个%])")
_SAID = Pattern("个?达不溜|差不离|一共")
_LISTED_DIGITS = Pattern(rf"(?<![0-9.])([1-8])、([2-9])(?=[个{_U}人项件名家])")


def _in_han(match: Match) -> str:
    """Write 3、4 as 三四, which is said for three to four; leave 3、5 alone."""
    low, high = int(match[1]), int(match[2])
    return _HAN[low] + _HAN[high] if high == low + 1 else match[0]


class Atom(NamedTuple):
    kind: str
    text: str
    value: Exact = 0


_SINGLES = {char: Atom("unit", char, size) for char, size in _UNITS.items()} | {
    char: Atom("digits", _HAN[value] if char != "两" else char, value) for char, value in VALUES.items()
}


def spell_out(text: str) -> str:
    """Write 廿 and 卅 in full and 三、四百 as 三四百, so that every numeral has one spelling."""
    if _RARE.isdisjoint(text):
        return text
    if "." in text:
        text = _HAN_POINT.sub("点", text)
    if "、" in text:
        text = _LISTED.sub("", _LISTED_DIGITS.sub(_in_han, text))
    return _SAID.sub(lambda m: _SPELLED[m[0]], text.translate(_SCORES))


def atoms_at(text: str, start: int, *, led: bool) -> tuple[list[Atom], int]:
    """Cut the pieces of the numeral that begins at `start`; none when nothing there can begin one."""
    if not _can_start(text, start, led=led):
        return [], start
    atoms: list[Atom] = []
    position = start
    while True:
        if atom := _single(text, position):
            atoms.append(atom)
            position += 1
            continue
        match = _ATOM.match(text, position)
        if match is None:
            break
        kind = match.lastgroup if match.lastgroup != "places" else "point"
        if not atoms and kind in {"letters", "over", "about", "ge", "point"}:
            break
        atoms.extend(_atoms(str(kind), match[0]))
        position = match.end()
    return atoms, position


def _single(text: str, position: int) -> Atom | None:
    """Give the piece of one character there: a unit, or a digit that stands alone."""
    piece = _SINGLES.get(text[position : position + 1])
    if piece is None or (piece.kind == "digits" and text[position + 1 : position + 2] in VALUES):
        return None
    return piece


def _can_start(text: str, start: int, *, led: bool) -> bool:
    char = text[start]
    if char in _UNITS:
        return led or _STARTS_WITH_UNIT.match(text, start) is not None
    if char == "半":
        return _STARTS_WITH_HALF.match(text, start) is not None
    return True


def _atoms(kind: str, text: str) -> list[Atom]:
    if kind == "literal":
        return [Atom(kind, text := text.replace(",", ""), exact(text))]
    if kind == "digits":
        plain = text.translate(_PLAIN)
        return [Atom(kind, plain, _digits(plain))]
    if kind == "unit":
        return [Atom(kind, text, _UNITS[text])]
    if kind == "letters":
        return [Atom("unit", u, _UNITS[u]) for u in _LETTERS[text.strip()]]
    if kind == "point":
        places = text[1:]
        return [Atom(kind, text, Fraction(_digits(places), 10 ** len(places)))]
    return [Atom(kind, text)]


def exact(text: str) -> Exact:
    """Give the number of an ASCII literal, an int where it says no more than that."""
    if "e" in text:
        return Fraction(text)
    whole, _, places = text.partition(".")
    return Fraction(int(whole + places), 10 ** len(places)) if places else int(whole)


def _digits(text: str) -> int:
    return int("".join(c if c.isascii() else str(VALUES[c]) for c in text))
