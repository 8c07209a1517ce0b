"""Quantities with the words around them: 不到, 以上, 左右, X到Y become low and high. No units are assumed here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flows.answers.numeral import Exact
from flows.answers.patterns import Pattern
from flows.answers.quantities import Quantity
from flows.answers.units import Unit

_BEFORE = {
    "at_most": r"[不没未](?:有)?(?:超过?|高于|多于|大于|高过)|最多|至多|顶多|最高|顶天|撑死|小于等于|小于或者?等于|低于或者?等于|[<]=|≤|上限",
    "below": r"(?:还|都)?[不没未](?:有)?(?:到达?|足|满|达到?|够|过|破)|达不到|少于|小于|低于|<",
    "at_least": r"至少|最少|起码|最低|不[低少小]于|不下于?|大于等于|大于或者?等于|高于或者?等于|>=|=>|≥|下限|保底|少说",
    "up_to_a_unit": r"上",
    "above": r"超过?|超出|大于|高于|多于|不止|不只|突破|破|逾|(?<![不没未])过|>",
    "near": r"将近|接近|近(?!似)|快(?:要)?|逼近|临近|[奔冲]|(?<![大小])小",
    "about": r"大约摸?|约[莫摸]?|毛估|勉勉强强|上下|大概|大致|大体|差不多|估计|估摸|可能|得有|≈|~",
    "from": r"从|介于|位于",
    "than": r"比",
    "filler": r"[是在为有了到达个:]|人民币|¥|rmb|达到|只|也就|就|的|也|都|还|肯定|[做干卖搞花投挣]了?",
}
_AFTER = {
    "at_least": r"\(?含?\)?(?:及其?|或者?|和)?(?:以上|之上|往上|朝上|向上)|靠上|开外|打底|保底|起步|起(?=$|[,.。;])|\+(?=$|[,.。;!吧的人个名元家项])|或者?更多|还多|只多不少",
    "above": r"\(不含\)以上|打不住|挡不住|不止|都不止",
    "below": r"(?:还|都|也)?[不没未]有?(?:到(?!位)|足|满)|都?(?:达不到|到不了|够不着|够不上)",
    "at_most": r"\(?含?\)?(?:及其?|或者?|和)?(?:以下|之下|以内|之内|往下)|内(?=$|[,.。;])|封顶|顶天|到[顶头]|撑死|顶破天|[朝往]下|[朝往以]里|里头|或者?更少",
    "near": r"(?:还|就)?差(?!不)(?:_+|些|点儿?|一点儿?)?",
    "over": r"[出冒]点?儿?头|冒尖|冒(?=$|[,。了])|有余|多(?:_+|一?点儿?|些)?(?=$|[,.。;吧的人!])",
    "about": r"左右|上下|毛毛|啷当|前后|的?样子|光景|附近|\(?大概\)?(?=$|[,.。;])|约(?=$)",
    "more": r"(?:还|要)?[大多高](?:一?些|一?点儿?)?",
    "less": r"(?:还|要)?[小少低](?:一?些|一?点儿?)?",
    "filler": r"\((?:含|包含)税?\)|一?点儿?|_+|吧|的(?=样子|左右|上下)",
}
_PREFIX = Pattern("(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _BEFORE.items()) + ")$")
_SUFFIX = Pattern("|".join(f"(?P<{k}>{v})" for k, v in _AFTER.items()))
_JOIN = Pattern(r"(?:\(含\)|_)?(?:-|到|至)(?:\(含\)|_)?")
_AND = Pattern(r"[和与跟]")
_BETWEEN = Pattern(r"之?间")
_LINK = Pattern(r"[,、]? ?(?:但|且|并且?|而且?|同时|的同时|又|的)*")
_LONGEST_WORD = 8
_FAR_APART = 20  # 8500到3万元 is one range; 5000到1亿 has lost a unit
_THOUSANDS, _WAN, _YI = 1000, 10**4, 10**8
_LOW_SIDE, _HIGH_SIDE = {"at_least", "above", "up_to_a_unit"}, {"at_most", "below", "near"}


class Amount(NamedTuple):
    """What one or two quantities and their bound words say, at `start:end`. A missing side is open."""

    start: int
    end: int
    low: Exact | None
    high: Exact | None
    unit: Unit
    counter: str
    sized: bool
    low_open: bool = False
    high_open: bool = False
    approx: bool = False
    gap: bool = False

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high


def amounts(text: str, quantities: list[Quantity]) -> list[Amount] | None:
    """Attach every bound word to its quantity; None when two of them contradict each other."""
    plain = _ranges(text, quantities) if len(quantities) > 1 else [_single(quantities[0])]
    if plain is None:
        return None
    bounded: list[Amount] = []
    for position, amount in enumerate(plain):
        floor = bounded[-1].end if bounded else 0
        ceiling = plain[position + 1].start if position + 1 < len(plain) else len(text)
        words, start, end = _words_around(text, amount, floor, ceiling)
        done = _apply(amount._replace(start=start, end=end), words, quantities) if words else amount
        if done is None:
            return None
        bounded.append(done)
    return _both_sides(text, bounded) if len(bounded) > 1 else bounded


def _ranges(text: str, quantities: list[Quantity]) -> list[Amount] | None:
    found: list[Amount] = []
    waiting = list(reversed(quantities))
    while waiting:
        left = waiting.pop()
        if waiting and (end := _range_end(text, left, waiting[-1])):
            joined = _join(left, waiting.pop(), end)
            if joined is None:
                return None
            found.append(joined)
        else:
            found.append(_single(left))
    return found


def _single(quantity: Quantity) -> Amount:
    numeral = quantity.numeral
    return Amount(
        quantity.start,
        quantity.end,
        numeral.span.low,
        numeral.span.high,
        quantity.unit,
        quantity.counter,
        numeral.sized,
        high_open=numeral.high_open,
        approx=numeral.approx,
        gap=numeral.gap,
    )


def _range_end(text: str, left: Quantity, right: Quantity) -> int:
    """Say where the range ends that these two make; 0 when they make none."""
    between = text[left.end : right.start]
    if _JOIN.fullmatch(between):
        closing = _BETWEEN.match(text, right.end)
        return closing.end() if closing else right.end
    closing = _BETWEEN.match(text, right.end)
    return closing.end() if closing and _AND.fullmatch(between) else 0


def _join(left: Quantity, right: Quantity, end: int) -> Amount | None:
    borrowed = _borrow(left, right)
    if borrowed is None or (left.unit and right.unit and left.unit != right.unit):
        return None
    low, high = left.numeral.span.low * borrowed, right.numeral.span.high
    if low > high:
        return None
    guessed = borrowed == _WAN and right.numeral.myriads == _YI
    return Amount(
        left.start,
        end,
        low,
        high,
        left.unit if left.unit and not right.unit else right.unit,
        right.counter or left.counter,
        right.numeral.sized,
        high_open=right.numeral.high_open,
        approx=left.numeral.approx or right.numeral.approx or guessed,
        gap=left.numeral.gap or right.numeral.gap,
    )


def _borrow(left: Quantity, right: Quantity) -> int | None:
    """Find what unit the left end leaves to the right one: 三到五百万, 一千到两千万, 3-5 亿."""
    low, high = left.numeral.span.low, right.numeral.span.high
    if left.numeral.sized or left.unit:
        return 1
    for factor in (right.numeral.scale, right.numeral.myriads):
        if factor > 1 and low * factor < high:
            return factor
    if right.numeral.sized and low * _FAR_APART < high:
        if right.numeral.myriads == _YI and low >= _THOUSANDS and low * _WAN < high:
            return _WAN  # 8000到一个亿: the left end is counted in 万
        return None
    return 1


def _words_around(text: str, amount: Amount, floor: int, ceiling: int) -> tuple[set[str], int, int]:
    """Collect the bound words before and after, and where they begin and end."""
    words: set[str] = set()
    start, end = amount.start, amount.end
    while start > floor and (match := _PREFIX.search(text, max(floor, start - _LONGEST_WORD), start)):
        if match.lastgroup == "up_to_a_unit" and text[amount.start] not in "百千万亿":
            break  # 上亿 is a bound, 网上 3000 万 is not
        words.add(str(match.lastgroup))
        start = match.start()
    compared = "than" in words
    while end < ceiling and (match := _SUFFIX.match(text, end, ceiling)):
        if match.lastgroup in {"more", "less"} and not compared:
            break
        words.add(str(match.lastgroup))
        end = match.end()
    return words, start, end


def _apply(amount: Amount, words: set[str], quantities: list[Quantity]) -> Amount | None:
    if "than" in words:
        if not words & {"more", "less"}:
            return None
        words = words | ({"above"} if "more" in words else {"below"})
    lows, highs = words & _LOW_SIDE, words & _HIGH_SIDE
    approx = amount.approx or bool(words & {"about", "near", "over"})
    if lows and highs:
        return None
    if (lows or highs or "over" in words) and not (amount.exact or amount.high_open):
        return None  # 最多三到五亿: which end is meant?
    if lows:
        return amount._replace(high=None, high_open=False, low_open="above" in words, approx=approx)
    if highs:
        return amount._replace(low=None, high_open=amount.high_open or "below" in words, approx=approx)
    if "over" in words and amount.low is not None and amount.exact:
        step = next(q.numeral.step for q in quantities if amount.start <= q.start < amount.end)
        return amount._replace(high=amount.low + step, high_open=True, approx=True)
    return amount._replace(approx=approx)


def _both_sides(text: str, found: list[Amount]) -> list[Amount]:
    """Make one range of 3 亿以上 5 亿以下 and of 最多 100 最少 20."""
    return list(_merged(text, found))


def _merged(text: str, found: list[Amount]) -> Iterator[Amount]:
    waiting = list(reversed(found))
    while waiting:
        first = waiting.pop()
        if waiting and (both := _two_sided(text, first, waiting[-1])):
            waiting.pop()
            yield both
        else:
            yield first


def _two_sided(text: str, first: Amount, second: Amount) -> Amount | None:
    if not _LINK.fullmatch(text, first.end, second.start) or (
        first.unit and second.unit and first.unit != second.unit
    ):
        return None
    low, high = (first, second) if first.high is None else (second, first)
    if low.high is not None or high.low is not None or low.low is None or high.high is None:
        return None
    if low.low > high.high or low.sized != high.sized:
        return None
    return low._replace(
        start=first.start,
        end=second.end,
        high=high.high,
        high_open=high.high_open,
        unit=first.unit or second.unit,
        counter=first.counter or second.counter,
    )


def narrowed(text: str, found: list[Amount]) -> Amount | None:
    """Give the closer one of two that say the same more and less closely: 没到3亿,2.8亿."""
    closed = [a for a in found if a.low is not None and a.high is not None]
    halves = [a for a in found if a.low is None or a.high is None]
    if (
        len(closed) != 1
        or len(halves) != 1
        or closed[0].unit != halves[0].unit
        or closed[0].sized != halves[0].sized
    ):
        return None
    (inner,), (outer,) = closed, halves
    if "," not in text[min(inner.end, outer.end) : max(inner.start, outer.start)]:
        return None
    if inner.low is None or inner.high is None:
        return None
    fits = (outer.low is None or outer.low <= inner.low) and (outer.high is None or inner.high <= outer.high)
    if fits:
        return inner
    if outer.high is not None and inner.low < outer.high <= inner.high:  # 一亿多点,不到一亿一
        return inner._replace(high=outer.high, high_open=outer.high_open)
    return None
