"""What follows or precedes a numeral and says what it counts: 元, %, 成, 人, 美元, 年. No bounds here."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal, NamedTuple

from flows.answers.atoms import VALUES
from flows.answers.numeral import Span, exactly
from flows.answers.patterns import Match, Pattern

Unit = Literal["", "money", "percent", "ratio", "count", "time", "foreign", "other"]

_D = "0-9" + "".join(VALUES)
_CURRENCIES = r"美[元金刀]|usd|us\$|欧元|eur|日元|日币|jpy|港币|港元|hkd|英镑|gbp|韩元|韩币|新?台币|卢布|澳元|加元|法郎|泰铢|\$|€|£"
_MONEY = Pattern(
    rf"""(?:元(?!/)|圆|块)
         (?:(?P<only_fen>[{_D}])分|零(?P<far_fen>[{_D}])分?
           |(?P<jiao>[{_D}])[角毛](?:零?(?P<fen>[{_D}])分?)?
           |(?<=块)(?P<tail>[{_D}])(?![{_D}十百千万亿.,吨斤个件台套只米平条]))?
         钱?[整正]?(?:人民币|rmb|cny)?
       |(?:人民币|rmb|cny|yuan)(?![a-z])""",
    re.VERBOSE,
)
_COINS = Pattern(rf"(?P<coin>[角毛])(?:(?P<rest>[{_D}])分?)?钱?|(?P<fen>分)(?:钱|(?=$|[,;。以左]))")
_PERCENT = Pattern(rf"%|个?百分点|个点(?!子)|点(?![{_D}])|pct|percent")
_TENTHS = Pattern(
    rf"成(?![立功本年果为交员熟长绩型品就]|都(?![是在给用投靠卖归]))(?:(?P<tail>[{_D}])|(?P<half>半))?"
)
_TIME = Pattern(r"年|个月|月|日(?!常)|天|周(?![转边围口])|小时|岁|季度|号(?!人)")
_COUNT = Pattern(
    r"个(?:人|员工|职工|车间|班组|部门|分?厂(?!子)|分公司|门店|基地|产线)?|人次?|名|位|口子?人?|号人|员工|项|件|家|台|套|条|款|种|篇|部|处|户|次|只|张|份|批|支|座|辆|栋|届"
)
_OTHER = Pattern(r"吨|公斤|斤|亩|平方?米?|平|米|公里|千瓦|度|股|桶|期|级|强|折|代|克|升|倍|分|元/")
_BEFORE_MONEY = Pattern(r"(?:¥|人民币|rmb|cny) ?$")
_BEFORE_FOREIGN = Pattern(rf"(?:{_CURRENCIES}) ?$")
_AFTER_FOREIGN = Pattern(rf"{_CURRENCIES}|[美欧刀](?=$|[,;。吧啊了])")


_REST: tuple[tuple[Unit, Pattern], ...] = (("time", _TIME), ("count", _COUNT), ("other", _OTHER))
# With what the patterns above begin and the currencies end: most numerals have neither beside them.
_STARTS = frozenset(
    "美u欧e日j港h英刀g韩新台卢澳加法泰$€£成‰%个百点p元圆块人rcy角毛分年月天周小岁季号名位口员项件家套条款种篇部处户次只张份批支座辆栋届吨公斤亩平米千度股桶期级强折代克升倍"
)
_CURRENCY_ENDS = frozenset(" ¥币by元金刀d$r铢纱磅布郎€£")

_AND_A_HALF = Pattern(r"半(?=$|[,。吧了的左])")
_NO_COINS = 10**4  # 三千万毛毛 counts no 毛
_LAST_DAY = 31  # 两三百号 are people, 12 月 31 号 is a day


class Measured(NamedTuple):
    """What a numeral turned out to count, up to where its unit ends."""

    unit: Unit
    span: Span
    end: int
    counter: str = ""


def measure(text: str, start: int, end: int, span: Span) -> Measured:
    """Name the unit of the numeral at `start:end`."""
    if end == len(text) or text[end] not in _STARTS:
        return Measured(_named_before(text, start), span, end)
    if foreign := _AFTER_FOREIGN.match(text, end):
        return Measured("foreign", span, foreign.end())
    if tenths := _TENTHS.match(text, end):
        return _tenths(tenths, span)
    if text.startswith("‰", end):
        return Measured("percent", span.times(Fraction(1, 10)), end + 1)
    if text[end - 1] in "多余" and text.startswith("点", end):
        return Measured("", span, end)  # 一亿多点
    if percent := _PERCENT.match(text, end):
        return Measured("percent", span, percent.end(), percent[0])
    if money := _MONEY.match(text, end):
        return Measured("money", _with_coins(money, span), money.end())
    if span.high < _NO_COINS and (coins := _COINS.match(text, end)):
        worth = 10 if coins["coin"] else 100
        rest = exactly(Fraction(_digit(coins, "rest"), 100))
        return Measured("money", span.times(Fraction(1, worth)).plus(rest), coins.end())
    return _counted(text, start, end, span)


def _with_coins(match: Match, span: Span) -> Span:
    fen = 10 * _digit(match, "jiao", "tail") + _digit(match, "fen", "only_fen", "far_fen")
    return span.plus(exactly(Fraction(fen, 100))) if fen else span


def _counted(text: str, start: int, end: int, span: Span) -> Measured:
    if named := _named_before(text, start):
        return Measured(named, span, end)
    if text.startswith("号", end) and (text[end - 1] in "来多余几" or span.low > _LAST_DAY):
        return Measured("count", span, end + 1, "号")
    for unit, pattern in _REST:
        if match := pattern.match(text, end):
            if _AND_A_HALF.match(text, match.end()):  # 十二年半, 一条半
                return Measured(unit, span.plus(exactly(Fraction(1, 2))), match.end() + 1, match[0])
            return Measured(unit, span, match.end(), match[0])
    return Measured("", span, end)


def _named_before(text: str, start: int) -> Unit:
    """Name the currency that stands before the numeral: ¥300, 人民币 300."""
    if not start or text[start - 1] not in _CURRENCY_ENDS:
        return ""
    before = text[max(0, start - 4) : start]
    return "foreign" if _BEFORE_FOREIGN.search(before) else "money" if _BEFORE_MONEY.search(before) else ""


def _tenths(match: Match, span: Span) -> Measured:
    extra = exactly(5 if match["half"] else _digit(match, "tail"))
    return Measured("percent", span.times(10).plus(extra), match.end(), "成")


def _digit(match: Match, *names: str) -> int:
    said = next((match[name] for name in names if match[name]), "0")
    return VALUES[said] if said in VALUES else int(said)
