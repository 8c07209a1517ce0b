"""All quantities of an answer in order, with words that only look like numbers masked. No bounds, no choice."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from flows.answers.atoms import spell_out
from flows.answers.numbers import numeral_at
from flows.answers.numeral import Exact, Numeral, exactly
from flows.answers.patterns import Match, Pattern
from flows.answers.refusals import is_bare
from flows.answers.units import Unit, measure

MASK = "_"
_SLIPS = Pattern(
    r"(?<=[0-9十百千])(?:(?P<wan>[玩碗晚丸完湾腕])|(?P<yi>[忆意易义艺译]))(?=$|[元块多左以,;。吧])"
)
_TWO_POINTS = Pattern(r"(?<=[0-9])(?:\.\.|,\.|\.,)(?=[0-9])")
_LOOKALIKES = Pattern(
    r"(?<![0-9零〇二三四五六七八九十百千万亿第])(?:"
    r"一(?:大?(?:家子|帮|群|堆|伙)|切|看|下|般|定|些|直|起|样|致|会儿?|共|年(?![前半级多来])|向|旦|概|律|贯|经|方面|点(?![0-9零〇一二三四五六七八九]))"
    r"|十(?:足|分(?!之))|万(?:一(?![千百十])|分(?!之)|达|科|能|物)|千(?:万(?:别|不)|克|瓦|米)|百(?:度|货)"
    r"|四(?:川|处)|三(?:方|农|门峡|包)|两(?:化|会|者)|双一流|五(?:金|险一金)|六安|九州|一线|二手|零(?:售|件|散|部件))"
    r"|(?<![0-9零〇一二两三四五六七八九十百千万亿第])(?:万无一失|八九不离十|十有八九|一(?:五一十|清二楚|心一意|干二净|来二去|分为二)|三(?:心二意|番五次|言两语|天两头|位一体|个一批|下五除二)|五(?:花八门|湖四海)|四(?:面八方|平八稳)|七(?:上八下|嘴八舌|拼八凑)"
    r"|千(?:方百计|家万户|辛万苦|言万语)|十全十美|数一数二|说一不二|一带一路|九牛一毛|半信半疑|万人助万企|四上企业|十[二三四五六]五(?=期间|规划|[,。时的])"
    r"|两高四着力|四大(?:行|银行|件|家)|三大(?:改造|件)|两(?:新|业|手(?!货)|边|口子(?=开|办|弄|干))"
    r"|[一二三五六七八十][一二四七九]?(?:路|街|大街|大道|巷|厂区|里铺|里河|字路口?|轴|相电|坐标)|(?:十[一二三四五六七八九]?|二十)局|二七[区塔]|张三|李四|[二三四五](?:弟|哥|姐|妹|叔|舅|姨|姑|爷|儿子|闺女|丫头|婶|伯|把手|老板)"
    r"|万(?:向|用表|邦|家)|千(?:斤顶|分尺)|百叶|半(?:成品|路|天)|一(?:路|手|把手|辈子|口气|家子|家老小|条龙|体化|站式|次性|卡通|招))"
    r"|(?:9000|9001|14001|45001|16949|22000|27001)(?=认证|体系|质量|证)"
    r"|统一|唯一|零零碎碎|零碎|乱七八糟|七七八八|杂七杂八|一[回遍趟阵]|[大登着]陆|陆[续地军]|队伍|[入退]伍|伍仁|收拾|拾到|放肆|肆意|参[加股照考与展保]|[^0-9]几乎|数[据字量额码目]"
    r"|(?<![a-z0-9])(?!rmb|cny|usd|hkd|eur)[a-z]+[-/]?[0-9]+[a-z0-9]*"
)
_ABOUT_A_HUNDRED = Pattern(
    r"(?<![0-9零〇一二两三四五六七八九十百千万亿])(?:百儿?八?十|千儿?八百|万儿?八千)(?![一二三四五六七八九])"
)
_A_HUNDRED_OR_SO = Pattern(
    r"(?<![0-9零〇一二两三四五六七八九十百千万亿])百十[来多]?(?=[万亿人号个名块家件项位台])"
)
_OVER_A_HUNDRED = frozenset("百千万")
_ORDINAL = Pattern(r"第[0-9零〇一二两三四五六七八九十百]+")
_CANDIDATE = Pattern(
    r"[0-9零〇○一壹弌二两贰弍俩三叁参仨四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿半几数]|\.(?=[0-9])"
)
_LEADING = "上过近超破逾"
_PER = Pattern(r"(?P<units>[十百千万亿佰仟]+)分(?:之|(?=[一二两三四五六七八九十百]))")
_SIZES = {"十": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
_PERCENT, _TENTH = 100, 10
_RARELY_ALONE = "伍陆拾肆参"  # a word's part (朝花夕拾, 海陆空) unless other numerals or 元 stand beside it
_HALF = Pattern(r"[一1]半|半数|半个(?![万亿])")
_HALF_STARTS = "一1半"
_SLASHED = Pattern(r"(?<![0-9./])([0-9]{1,6})/([1-9][0-9]{0,5})(?![0-9./])")


def blank_out(text: str, start: int, end: int) -> str:
    """Mask a part of a text whose places stay where they are."""
    return text[:start] + MASK * (end - start) + text[end:]


class Quantity(NamedTuple):
    """A numeral with its unit at `start:end`; `counter` is the word it was counted with."""

    start: int
    end: int
    numeral: Numeral
    unit: Unit = ""
    counter: str = ""


class Prepared(NamedTuple):
    """An answer ready for scanning; `assumed` = a slip of the finger was put right, or 百十 taken for about a hundred."""

    text: str
    assumed: bool


def prepare(text: str, *, ordinals: bool = False) -> Prepared:
    """Mask what only looks like a number and put slips right; `ordinals`: 第五 counts as 5."""
    if is_bare(text):
        return Prepared(spell_out(text), assumed=False)
    spelled = _A_HUNDRED_OR_SO.sub("百来", spell_out(text))
    fixed = _TWO_POINTS.sub(".", _SLIPS.sub(lambda m: "万" if m["wan"] else "亿", spelled))
    masked = _LOOKALIKES.sub(blank, fixed)
    return Prepared(
        masked if ordinals else _ORDINAL.sub(blank, masked), fixed != spelled or spelled != spell_out(text)
    )


def blank(match: Match) -> str:
    return MASK * len(match[0])


def scan(text: str) -> list[Quantity] | None:
    """Find the quantities in order; None when something that looks like a number cannot be read."""
    found: list[Quantity] = []
    position = 0
    if not _OVER_A_HUNDRED.isdisjoint(text) and _ABOUT_A_HUNDRED.search(text):
        return None
    while candidate := _CANDIDATE.search(text, position):
        start = candidate.start()
        if text.startswith("点", max(0, start - 1)):
            return None  # the whole part of a decimal is missing
        quantity = _quantity_at(text, start)
        if isinstance(quantity, int):
            return None
        if quantity is None:
            position = start + 1
            continue
        found.append(_signed(text, quantity, found[-1].end if found else 0))
        position = quantity.end
    return found


def _quantity_at(text: str, start: int) -> Quantity | int | None:
    if "分" in text and (share := _PER.match(text, start)):
        whole = 1
        for unit in share["units"]:
            whole *= _SIZES[unit]
        return _share(text, start, share.end(), whole)
    if text[start] in _HALF_STARTS and (half := _HALF.match(text, start)):
        numeral = Numeral(start, half.end(), exactly(Fraction(1, 2)), Fraction(1, 10))
        return Quantity(start, half.end(), numeral, "ratio")
    if "/" in text and (slashed := _SLASHED.match(text, start)):
        numeral = Numeral(start, slashed.end(), exactly(Fraction(int(slashed[1]), int(slashed[2]))), 1)
        return Quantity(start, slashed.end(), numeral, "ratio")
    return _plain(text, start)


def _plain(text: str, start: int) -> Quantity | int | None:
    numeral = numeral_at(text, start, led=start > 0 and text[start - 1] in _LEADING)
    if not isinstance(numeral, Numeral):
        return numeral
    if (
        text[start] in _RARELY_ALONE
        and numeral.end == start + 1 < len(text)
        and text[start + 1] not in "元圆"
    ):
        return None
    if text.startswith("分之", numeral.end) and numeral.span.low == numeral.span.high > 0:
        return _share(text, start, numeral.end + 2, numeral.span.low)
    measured = measure(text, start, numeral.end, numeral.span)
    if measured.span is not numeral.span:
        step = numeral.step * _TENTH if measured.counter == "成" else numeral.step
        numeral = numeral._replace(span=measured.span, step=step)
    return Quantity(start, measured.end, numeral, measured.unit, measured.counter)


def _share(text: str, start: int, after: int, whole: Exact) -> Quantity | int:
    """Read the second half of 百分之五 or 三分之一."""
    if after >= len(text):
        return after
    part = numeral_at(text, after, led=True)
    if not isinstance(part, Numeral):
        return after
    if whole == _PERCENT and text[start] in _SIZES:
        return Quantity(start, part.end, part._replace(start=start), "percent")
    one = 1 / Fraction(whole)
    ratio = part._replace(start=start, span=part.span.times(one), step=part.step * one)
    return Quantity(start, part.end, ratio, "ratio")


def _signed(text: str, quantity: Quantity, floor: int) -> Quantity:
    """Take a minus before the number with it; a dash right after another number is a range."""
    before = quantity.start - 1
    if (
        before < floor
        or text[before] not in "负-"
        or (before and text[before] == "-" and (before == floor or text[before - 1] == ")"))
    ):
        return quantity
    span = quantity.numeral.span
    negative = quantity.numeral._replace(span=type(span)(-span.high, -span.low))
    return quantity._replace(start=before, numeral=negative)
