"""One total out of several amounts, where the owner says that they belong together: 加, +, 一共. Never on a guess."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from flows.answers.bounds import Amount
from flows.answers.numeral import Exact
from flows.answers.patterns import Match, Pattern
from flows.answers.quantities import blank_out

_TOTAL = r"一共|总共|合计|共计|总计|加起来|加一起|加一块儿?|加在一起|拢共|拢总|统共|总数|共|="
_BEFORE_TOTAL = Pattern(rf"(?:{_TOTAL})[是有为达约得要能也就下来大概差不多,: _]*$")
_AT_THE_END = Pattern(rf"[,。 ]*(?:{_TOTAL})(?:就?这些|吧|了|啊|[,。])*$")
_PLUS = Pattern(r"[^0-9,。;减扣除]{0,8}[,。]?(?:\+|再加上?|(?<!增)加上?|外加|另加)[^0-9,。;减扣除]{0,8}")
_LISTED = Pattern(r"[^0-9减扣除]{0,10}")
_WORD_BEFORE = 12


class Total(NamedTuple):
    """The text with all that was added up masked, and the one amount that stands for it."""

    text: str
    amount: Amount


def total(text: str, found: list[Amount]) -> Total | None:
    """Find the stated total, else add up; None where nothing says that the amounts belong together."""
    if len(found) == 1:
        stated = _stated(text, found)
        return stated and Total(stated.text, stated.amount)
    return _stated(text, found) or _added(text, found)


def _stated(text: str, found: list[Amount]) -> Total | None:
    """研发30人,总共120人."""
    stated = [(amount, said) for amount in found if (said := _said_before(text, amount))]
    if len(stated) != 1:
        return None
    amount, said = stated[0]
    if any(other.unit != amount.unit and other.unit not in {"", "count"} for other in found):
        return None
    if "=" in said[0] and sum(other.low or 0 for other in found) != 2 * (amount.low or 0):
        return None  # 2600+340=2900: which of them is right?
    for other in found:
        text = text if other is amount else blank_out(text, other.start, other.end)
    return Total(blank_out(text, said.start(), amount.start), amount)


def _said_before(text: str, amount: Amount) -> Match | None:
    return _BEFORE_TOTAL.search(text, max(0, amount.start - _WORD_BEFORE), amount.start)


def _added(text: str, found: list[Amount]) -> Total | None:
    ending = _AT_THE_END.search(text, found[-1].end)
    between = _LISTED if ending else _PLUS
    for left, right in pairwise(found):
        if not between.fullmatch(text, left.end, right.start) or not _alike(left, right):
            return None
    whole: Exact = 0
    for amount in found:
        whole = whole + (amount.low or 0)
    end = ending.end() if ending else found[-1].end
    summed = found[-1]._replace(
        start=found[0].start, end=end, low=whole, high=whole, approx=any(a.approx for a in found)
    )
    return Total(text, summed)


def _alike(left: Amount, right: Amount) -> bool:
    return left.exact and right.exact and left.unit == right.unit and left.sized == right.sized
