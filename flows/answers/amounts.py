"""One amount of the asked kind out of an answer: money, percent, count or plain number. Dates are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flows.answers.bounds import Amount, amounts, narrowed
from flows.answers.cues import told_as_another
from flows.answers.growth import asks_growth, growth_in_words, shrank
from flows.answers.misleading import is_silent, misleads
from flows.answers.nothing import only_nothing, says_nothing
from flows.answers.numeral import size
from flows.answers.patterns import Pattern
from flows.answers.plausible import Ends, as_said, beyond_limits, in_percent, in_pieces, in_yuan, stored
from flows.answers.quantities import MASK, Prepared, blank, blank_out, prepare, scan
from flows.answers.reading import Ask, Hint, Reading, ReadingKind, reject
from flows.answers.refusals import is_bare, is_hedged, is_vague
from flows.answers.shares import share_in_words
from flows.answers.strangers import is_another_figure, is_strange
from flows.answers.sums import total

_FITTING = {
    "money": {"money", ""},
    "percent": {"percent", "ratio", ""},
    "count": {"count", ""},
    "number": {"", "money", "percent", "ratio", "count", "time", "other", "foreign"},
}
_IN_STORED_UNIT: dict[str, Callable[[Amount, Ask], Ends | Hint]] = {
    "money": in_yuan,
    "percent": in_percent,
    "count": in_pieces,
    "number": as_said,
}
_ABOUT = Pattern(r"大约|大概|差不多|左右|估计")
_NO_AMOUNT = Pattern(
    r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])"
)
_COMPARED = Pattern(
    r"[比较跟].{0,8}[多少高低增涨降翻]|同比|环比|翻了?[一几两番倍]|持平|增长|上升|下降|[涨降增]了|[多少]了[0-9一二两三四五六七八九十半几]"
)
_TOTAL_SAYS = frozenset("共计加拢统总+")
# What may be another figure than the revenue of the books: read back rather than taken.
_ACCOUNTS = Pattern(
    r"(?<!不)含(?:增值)?税|价税|[未没]审|未经审|合并|单体|母公司|子公司|集团|开票|产值|流水|税[前后]"
)
_LOSS = Pattern(r"亏|赔")
_OTHER_YEAR = Pattern(r"今年|本年|前年|当年|预计|预估|暂估")
_TAX = frozenset("税审")
_WITHOUT_TAX = Pattern(
    r"不含税|未税|不含增值税|未(?:经)?审计?|还没审计?"
)  # how revenue is stated in the books
_GROWTH = Pattern(
    r"[,;。(](?:(?:比|较)?(?:上年|去年|前年)?(?:同期)?|同比|环比)?(?:增长|增加|增|上升|下降|降低|降|减少|提高|提升)了?约?$"
)
_FULL_YEARS = range(1980, 2050)
_DECEMBER = 12
_SEVERAL_YEARS = Pattern(
    r"[两二三四五六几]年(?:来|里|间)?[^,]{0,3}(?:一共|总共|加起来|累计|合计|共|拢共)|(?:一共|总共|累计|合计)[^,]{0,3}[两二三四五六几]年"
)
_LEADING_ZERO = Pattern("(?<![0-9.])0[0-9]年")
_YEARS = {*_FULL_YEARS, *range(10, 50)}
_DID = frozenset("干做搞卖弄挣投花")  # 120个人干了七千万
_SEPARATOR = Pattern(r"[,;。(:]")
_UNREAD_NEXT = Pattern(r" ?[a-z^/*=&#@$]|[来余几把]")
_AFTER_BARE = Pattern(rf"$|[\s,.。;!?)(\]】、{MASK}~吧呢啊呀哦了的嘛哈]")
_HAN_UNITS = Pattern(r"[0-9百千万亿]")


def read_amount(text: str, ask: Ask) -> Reading:
    """Read the amount asked for; whatever else may be meant is asked again."""
    if ask.kind != "number" and says_nothing(text, ask):
        confirm = ask.kind == "percent" or text == "没" or not only_nothing(text, ask)
        return Reading(_kind(ask), value=0, confirm=confirm, rule="nothing_is_zero")
    growing = asks_growth(ask)
    if ask.kind == "percent" and (share := growth_in_words(text) if growing else share_in_words(text)):
        return share
    if ask.kind != "number" and _NO_AMOUNT.fullmatch(text):
        return reject("unclear", "date_or_telephone")
    if ask.kind == "money" and "年" in text and _SEVERAL_YEARS.search(text):
        return reject("unclear", "several_years_told")
    prepared = prepare(text, ordinals=ask.kind == "number")
    quantities = scan(prepared.text)
    if not quantities:
        return _no_quantity(text, unreadable=quantities is None)
    found = amounts(prepared.text, quantities)
    if found is None:
        return reject("unclear", "contradicting_bounds")
    reading = _one_of(text, prepared, found, ask)
    if reading.kind == "reject" and ask.kind != "number" and _COMPARED.search(text):
        return reject("too_vague", "compared")
    return reading


def _no_quantity(text: str, *, unreadable: bool) -> Reading:
    if is_vague(text) or _COMPARED.search(text):
        return reject("too_vague", "vague_words")
    return reject("unclear", "unreadable_numeral") if unreadable else reject("no_number", "no_number")


def _one_of(text: str, prepared: Prepared, found: list[Amount], ask: Ask) -> Reading:
    """Take the asked amount, or the total the owner states or adds up."""
    masked, confirm = prepared
    years, summed = found, None
    if ask.kind != "number" and not _TOTAL_SAYS.isdisjoint(masked) and (summed := total(masked, found)):
        confirm = confirm or len(found) > 1
        masked, found = summed.text.replace("加", MASK), [summed.amount]
    if len(found) > 1 and (inside := narrowed(masked, found)):
        for other in found:
            masked = masked if other is inside else blank_out(masked, other.start, other.end)
        found, confirm = [inside], True
    chosen = _choose(text, found, ask)
    if isinstance(chosen, Reading):
        return chosen
    residue = _residue(masked, found, chosen)
    if ask.kind != "number" and (trouble := _trouble(masked, residue, found, chosen, ask)):
        return trouble
    if (
        ask.kind != "number"
        and not (summed and (len(years) > 1 or "加" in text))
        and is_another_figure(residue, ask)
    ):
        return reject("unclear", "another_fact")
    if is_bare(text):
        return _reading(chosen, ask, confirm=confirm)
    if chosen.exact and _ABOUT.search(masked):
        chosen = chosen._replace(approx=True)
    if asks_growth(ask) and shrank(text) and (chosen.low or chosen.high or 0) > 0:
        chosen, confirm = _negated(chosen), True
    if ask.kind == "money":
        chosen = _negated(chosen) if _LOSS.search(text) else chosen
        confirm = confirm or _ACCOUNTS.search(text) is not None
    confirm = confirm or is_hedged(text) or _other_year(text, years, ask)
    confirm = confirm or (ask.kind != "number" and is_strange(residue, text, ask))
    return _reading(chosen, ask, confirm=confirm)


def _kind(ask: Ask) -> ReadingKind:
    return cast("ReadingKind", ask.kind)


def _choose(text: str, found: list[Amount], ask: Ask) -> Amount | Reading:
    """Take the one amount that fits the question; several different ones are asked again."""
    if ask.kind == "money" and any(a.unit == "foreign" for a in found):
        return reject("foreign_currency", "foreign_currency")
    if len(found) == 1 and found[0].unit in _FITTING[ask.kind] and found[0].counter != "点":
        return found[0]
    lasting = _asks_how_long(ask)
    if lasting and "0" in text and _LEADING_ZERO.search(text):
        return reject("unclear", "calendar_year")  # 08年
    fitting = [a for a in found if a.unit in _FITTING[ask.kind] or (lasting and a.counter == "年")]
    sure = [a for a in fitting if a.unit or (a.sized and ask.kind == "money")]
    if not fitting:
        if ask.kind == "money" and len(found) == 1 and found[0].counter == "个":
            return reject("missing_unit", "counted_in_what")  # 三个多: three 亿, most likely, but not said
        only_years = all(a.counter == "年" and _calendar_year(a) for a in found)
        if is_vague(text):
            return reject("too_vague", "vague_words")
        return reject("no_number" if only_years else "wrong_unit", "other_unit")
    rest = [a for a in fitting if a not in sure and not (sure and (a.sized or _full_year(a)))]
    pool = sure + rest
    if ask.kind == "number":
        pool = [a for a in found if not (a.exact and a.low == 1 and a.counter)] or found
    if any((a.low, a.high) != (pool[0].low, pool[0].high) for a in pool):
        return reject("unclear", "several_numbers")
    if ask.kind == "number" and pool[0].counter == "点":
        return reject("unclear", "point_without_digits")
    return pool[0]


def _asks_how_long(ask: Ask) -> bool:
    """Tell a question about a number of years: 从事细分领域的年限."""
    return ask.kind == "count" and (ask.unit == "年" or "年限" in (ask.label or ""))


def _full_year(amount: Amount) -> bool:
    """2025 beside 3 亿 is a year; 30 beside 一个班 is not."""
    return amount.exact and amount.low in _FULL_YEARS


def _calendar_year(amount: Amount) -> bool:
    return amount.exact and amount.low is not None and int(amount.low) in _YEARS


def _residue(text: str, found: list[Amount], chosen: Amount) -> str:
    """Give what is said beside the numbers; how much 3.2 亿, 同比增长 10% grew is no part of it."""
    residue = text if _TAX.isdisjoint(text) else _WITHOUT_TAX.sub(blank, text)
    for amount in found:
        start = amount.start
        if (
            amount is not chosen
            and amount.unit == "percent"
            and (growth := _GROWTH.search(residue, 0, start))
        ):
            start = growth.start()  # 3.2 亿, 同比增长 10%
        residue = residue[:start] + MASK * (amount.end - start) + residue[amount.end :]
    return residue


def _trouble(text: str, residue: str, found: list[Amount], chosen: Amount, ask: Ask) -> Reading | None:
    """Look for words that forbid to take the number for the answer."""
    if not is_silent(text, residue, ask):
        if told_as_another(text, ask):
            return reject("unclear", "another_fact")
        if misleads(residue, ask):
            return reject("unclear", "misleading_words")
    if _UNREAD_NEXT.match(text, chosen.end) or _HAN_UNITS.search(residue):
        return reject("unclear", "unread_rest")
    if (not _asks_how_long(ask) and any(_is_period(a, text) for a in found)) or any(
        _is_base(text, a, chosen) for a in found
    ):
        return reject("unclear", "another_amount")
    if not chosen.unit and ask.kind in {"money", "percent"} and not _AFTER_BARE.match(text, chosen.end):
        return None if chosen.sized else reject("wrong_unit", "unknown_unit")
    return None


def _is_period(amount: Amount, text: str) -> bool:
    """300 万 of 3 个月 or of 三年 is not a year's figure; 截至 12 月 31 日 is."""
    if amount.unit != "time":
        return False
    if amount.counter == "年":
        return not _calendar_year(amount)
    if "截" in text or "底" in text:  # 截至 12 月 31 日 closes the year, 截至 10 月 does not
        return amount.counter.startswith("月") and amount.low != _DECEMBER
    return True


def _is_base(text: str, other: Amount, chosen: Amount) -> bool:
    """Tell 3 亿的 5% (a sum to be worked out) from 3 亿, 占 5%."""
    if other.end == chosen.start and other.unit == "count" and text[other.end] not in _DID:
        return True  # 一台 300 万
    if other is chosen or {other.unit, chosen.unit} <= {"count", "time", "money", ""}:
        return False
    low, high = sorted((other, chosen), key=lambda a: a.start)
    return _SEPARATOR.search(text, low.end, high.start) is None


def _negated(amount: Amount) -> Amount:
    low, high = (None if end is None else -size(end) for end in (amount.high, amount.low))
    return amount._replace(low=low, high=high, low_open=amount.high_open, high_open=amount.low_open)


def _other_year(text: str, found: list[Amount], ask: Ask) -> bool:
    """Owners give this year's or another year's figure to a question about last year."""
    last = ask.today.year - 1 if ask.today else None
    named = [a.low for a in found if a.unit == "time" and a.counter == "年" and a.low is not None]
    return bool(_OTHER_YEAR.search(text)) or any(year not in {last, last and last % 100} for year in named)


def _reading(amount: Amount, ask: Ask, *, confirm: bool) -> Reading:
    ends = _IN_STORED_UNIT[ask.kind](amount, ask)
    if isinstance(ends, str):
        return reject(ends, f"{ask.kind}_unit")
    if beyond := beyond_limits(ends, ask):
        return reject(beyond, "limits")
    low = stored(ends.low)
    high = low if amount.exact else stored(ends.high)
    confirm = confirm or ends.confirm
    rule = f"{ask.kind}_assumed_unit" if ends.confirm else ask.kind
    if amount.exact:
        return Reading(_kind(ask), value=low, approx=amount.approx, confirm=confirm, rule=rule)
    # A plain number is stored nowhere; its lower end is what 一千多 is usually taken for.
    value = low if ask.kind == "number" and amount.approx else None
    return Reading(
        _kind(ask),
        value=value,
        low=low,
        high=high,
        low_open=amount.low_open,
        high_open=amount.high_open,
        approx=amount.approx,
        confirm=confirm,
        rule=f"{rule}_bounds",
    )
