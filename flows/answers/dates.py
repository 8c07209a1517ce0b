"""Years and months: 2015, 15年, 去年, 2026年3月. A year alone is never a month, a duration never a year."""

from __future__ import annotations

from datetime import date

from flows.answers.events import is_of_another_event, says_more
from flows.answers.patterns import Match, Pattern
from flows.answers.reading import Ask, Hint, Number, Reading, reject
from flows.answers.refusals import is_hedged, is_vague
from flows.answers.relative_years import YEARS_OFF

_HAN = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_HAN_YEAR = Pattern(r"(?<![十百])[零〇○一二三四五六七八九]{2,4}(?=年(?![了前多]))")
_HAN_YEAR_ALONE = Pattern("[零〇○一二三四五六七八九]{4}|[零〇○九][零〇○一二三四五六七八九]")
_FIRST_OF_TWO = Pattern(r"(?<![0-9])([0-9]{2})(?=(?:[ 、,-]|或者?|到)[0-9]{2}年)")
_HAN_MONTH = Pattern(r"(?<=年)(十[一二]?|[一二三四五六七八九])(?=月)")
_HAN_SPAN = Pattern(
    r"(?<![零〇○一二三四五六七八九])(?P<tens>[一二三四五六七八九]?十)?(?P<ones>[一二两三四五六七八九])?(?=年(?:多?前|多?了|头|整|$))"
)
_SPOKEN_YEAR = Pattern(
    r"(?<![0-9零一二两三四五六七八九十百])[两二2]千(?P<rest>零?[一二三四五六七八九]|一?十[一二三四五六七八九]?|二十[一二三四五六七八九]?)?(?:年|$)|千禧年"
)
_MONTHS = {
    han: n
    for n, han in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)
}
_MONTH = Pattern(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2}|[0-9]{2}(?=年|[./-][0-9]{1,2}$))(?:年度?|[-./])"
    r"(?P<month>1[0-2]|0?[1-9])(?:月份?|(?![0-9]))(?:[-./]?(?:[12][0-9]|3[01]|0?[1-9])(?![0-9])[日号]?)?"
)
_COMPACT = Pattern(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?(?![0-9])"
)
_RELATIVE_MONTH = Pattern(r"(?P<year>大前年|前年|去年|今年|本年)的?(?P<month>1[0-2]|0?[1-9])月")
_YEAR = Pattern(r"(?<![0-9.])(?P<year>(?:19|20)[0-9]{2})(?![0-9]|\.[0-9]{3}|[万亿元人个%])")
_SHORT_YEAR = Pattern(
    r"(?<![0-9.了有经快满近])(?P<year>[0-9]{2})年(?!前|了|多|以?来|时间|左右|的时间|历史)|(?<![0-9])(?P<around>0[0-9]|[6-9][0-9])年(?=左右)"
)
_FOUR_DIGITS = Pattern("[0-9]{3,5}年?")
_TWO_DIGITS = Pattern("[0-9]{2}")
_MONTH_BOUND = Pattern(r"(?:以|之)[前后]|[0-9]-[0-9]{1,2}月|到|至")
_RELATIVE_YEAR = Pattern("|".join(YEARS_OFF))
_AGO = Pattern(
    r"(?<![0-9.])(?P<years>[0-9]{1,2})(?:个?年头?(?:多?前|了|多了)|(?<=[了有满够][0-9])年|(?<=[了有满够][0-9]{2})年)"
)
_THIS_MONTH, _LAST_MONTH = Pattern(r"(?:这个?|本|当)月"), Pattern(r"上个?月")
_AROUND = Pattern(r"左右|前后|大概|大约|约|估计|差不多")
_BEFORE, _AFTER = (
    Pattern(r"(?:以|之)前|(?<=[0-9年])前(?!后)|不晚于|最晚"),
    Pattern(r"(?<=[0-9年月底初末])(?:以|之)?(?<!前)后|(?<=[0-9年])以?来|不早于|最早|(?<=[0-9年月])起"),
)
_LOOSE = Pattern(
    r"底|末|初|中旬|上旬|下旬|上半年|下半年|季度|春|夏|秋|冬|那几年|几年|年代|[0-9十几]+[来多余]年|月|[0-9]到[0-9]"
)
_NO_CENTURY = 2049  # up to here two digits mean this century where no day is given
_CLAUSES = Pattern("[,;。]")
_PAIR_OF_YEARS = Pattern(
    r"(?<![零一二三四五六七八九十])(?:(?P<tens>[一二三四五六七八九]?十)(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])个?年"
    r"|(?P<few>[两三四五六七八])(?P<more>[三四五六七八九])(?:个?年头|年了|年前))"
)
_JUBILEE = Pattern(
    r"(?:今年)(?:刚好|正好|都|是|已经|就|也)*(?:整整?|满|够|快|有|第)*(?P<n>[0-9]{1,2})(?:个)?(?:周)?年(?:了|头|整)?"
)
_SOME_TENS = Pattern(r"(?<![0-9零一二三四五六七八九])(?P<tens>[一二三四五六七八九]?十)来年(?:前|了|头)?")
_FOUNDING = Pattern("成立|注册|[办建创][的了厂立]|开业|开的|开办|起家")
_REGISTERED = Pattern("注册|执照|拿的?照|办的?照|领的?照|工商|登记")
_SIDE_BY_SIDE = Pattern(r"[0-9]年?(?:、| |或者?|还是|-|到|,)?(?:是|者)?[0-9]{2,4}")
_NOT_THAT = Pattern(r"不是|不对|还是|或|而是|没|(?<!差)不")


def _digits(text: str) -> str:
    text = _SPOKEN_YEAR.sub(_spoken_year, text)
    text = _HAN_YEAR.sub(lambda m: m[0].translate(_HAN), text)
    text = _FIRST_OF_TWO.sub(lambda m: f"{m[1]}年", text)
    if _HAN_YEAR_ALONE.fullmatch(text):
        return text.translate(_HAN)
    text = _HAN_SPAN.sub(_han_number, text)
    return _HAN_MONTH.sub(lambda m: str(_MONTHS[m[0]]), text)


def _spoken_year(match: Match) -> str:
    """Write 两千年 and 两千零八年 in digits; 两千八年 may be 2800 to a machine and 2008 to a man, so it stays."""
    rest = match["rest"] or ""
    if (rest and rest[0] not in "零一二十") or rest in ("一", "二"):
        return match[0]
    tens, _, ones = rest.removeprefix("零").rpartition("十")
    ten = (tens or "一").translate(_HAN) if "十" in rest else "0"
    return f"20{ten}{(ones or '零').translate(_HAN)}年"


def _han_number(match: Match) -> str:
    if not match[0]:
        return ""
    tens, ones = match["tens"] or "", match["ones"] or "零"
    return f"{'1' if tens == '十' else tens[:1].translate(_HAN)}{ones.replace('两', '二').translate(_HAN)}"


def read_year(text: str, ask: Ask) -> Reading:
    """Read one calendar year, or a bound such as 2015年以前."""
    if ask.today and (span := _PAIR_OF_YEARS.search(text)) and not _YEAR.search(text):
        return _some_years(span, ask.today.year)
    if ask.today:
        text = _SOME_TENS.sub(lambda m: f"{m['tens']}年前左右", text)
    text = _digits(text)
    text = _JUBILEE.sub(lambda m: f"{m['n']}年前", text)
    years = _years(text, ask.today, ask.max)
    if len(years) > 1:
        return _of_several(text, years, ask)
    if not years:
        if _FOUR_DIGITS.fullmatch(text):
            return reject("out_of_range", "limits")
        return reject("too_vague" if is_vague(text) or _LOOSE.search(text) else "no_number", "no_year")
    ((year, assumed),) = years.items()
    if outside := beyond(year, year, ask):
        return reject(outside, "limits")
    if _NOT_THAT.search(text):
        return reject("unclear", "misleading_words")
    if is_of_another_event(text, ask.label or ""):
        return reject("unclear", "another_event")
    ago = bool(_AGO.search(text))
    approx = ago or bool(_AROUND.search(text))
    confirm = assumed or ago or is_hedged(text) or says_more(text, ask.label or "")
    if not ago and _BEFORE.search(text):
        return Reading("year", high=year, high_open=True, approx=approx, confirm=confirm, rule="year_before")
    if not ago and _AFTER.search(text):
        return Reading("year", low=year, approx=approx, confirm=True, rule="year_after")
    return Reading("year", value=year, approx=approx, confirm=confirm, rule="years_ago" if ago else "year")


def _some_years(span: Match, this_year: int) -> Reading:
    """干了十二三年: from thirteen to twelve years ago."""
    tens = int(_han_tens(span["tens"])) if span["tens"] else 0
    low, high = (
        int((span[end] or span[{"low": "few", "high": "more"}[end]]).replace("两", "二").translate(_HAN))
        for end in ("low", "high")
    )
    if high != low + 1:
        return reject("too_vague", "no_year")
    return Reading(
        "year",
        low=this_year - tens - high,
        high=this_year - tens - low,
        approx=True,
        confirm=True,
        rule="some_years_ago",
    )


def _han_tens(tens: str) -> str:
    return f"{'1' if tens == '十' else tens[0].translate(_HAN)}0"


def _of_several(text: str, years: dict[int, bool], ask: Ask) -> Reading:
    """Take 二〇〇六年办的 rather than the year somebody was born in; 一二年一三年 is a year more or less."""
    dated = [part for part in _CLAUSES.split(text) if _years(part, ask.today, ask.max)]
    registered = [part for part in dated if _REGISTERED.search(part)]
    founding = registered or [part for part in dated if _FOUNDING.search(part)]
    if len(founding) == 1 and founding[0] != text:
        reading = read_year(founding[0], ask)
        return reading._replace(confirm=True) if reading.kind == "year" else reading
    low, high = min(years), max(years)
    if high - low == 1 and len(years) == 2 and _SIDE_BY_SIDE.search(text) and beyond(low, high, ask) is None:  # noqa: PLR2004  two years side by side
        return Reading("year", low=low, high=high, approx=True, confirm=True, rule="year_or_next")
    return reject("unclear", "several_years")


def beyond(low: int, high: int, ask: Ask) -> Hint | None:
    """Say whether a year lies outside what is asked."""
    outside = (ask.min is not None and high < ask.min) or (ask.max is not None and low > ask.max)
    return "out_of_range" if outside else None


def _years(text: str, today: date | None, latest: Number | None = None) -> dict[int, bool]:
    """Collect the years named, each with whether its century or its distance from today was assumed."""
    years = {int(m["year"]): False for pattern in (_COMPACT, _YEAR) for m in pattern.finditer(text)}
    newest = max(today.year, min(int(latest or 0), _NO_CENTURY)) if today else _NO_CENTURY
    years |= {_century(m["year"] or m["around"], newest): False for m in _SHORT_YEAR.finditer(text)}
    if years and _YEAR.search(text):
        return years
    if _TWO_DIGITS.fullmatch(text):
        years[_century(text, newest)] = True
    if today:
        years |= {today.year + YEARS_OFF[m[0]]: False for m in _RELATIVE_YEAR.finditer(text)}
        years |= {today.year - int(m["years"]): True for m in _AGO.finditer(text)}
    return years


def _century(year: str, newest: int) -> int:
    """Give the full year: 15 is 2015, 98 is 1998; 27 is 2027 where a year to come is asked."""
    if len(year) == len("2015"):
        return int(year)
    return int(year) + (2000 if int(year) <= newest % 100 else 1900)


def read_month(text: str, ask: Ask) -> Reading:
    """Read one calendar month, given as 2026年3月, 26年3月, 2026-03, 去年3月."""
    text = _digits(text)
    months = _months(text, ask.today)
    if len(months) > 1 or (months and _NOT_THAT.search(text)):
        return reject("unclear", "several_months")
    if not months:
        loose = _LOOSE.search(text) or is_vague(text) or _years(text, ask.today)
        return reject("too_vague" if loose else "no_number", "no_month")
    (month,) = months
    if _MONTH_BOUND.search(text):
        return reject("unclear", "month_bound")
    return Reading("month", value=month, confirm=is_hedged(text), rule="month")


def _months(text: str, today: date | None) -> set[str]:
    found = {
        (_century(m["year"], today.year if today else _NO_CENTURY), int(m["month"]))
        for p in (_MONTH, _COMPACT)
        for m in p.finditer(text)
    }
    if today:
        for match in _RELATIVE_MONTH.finditer(text):
            found.add((today.year + YEARS_OFF[match["year"]], int(match["month"])))
        if _THIS_MONTH.search(text):
            found.add((today.year, today.month))
        if _LAST_MONTH.search(text):
            found.add((today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12))
    return {f"{year:04d}-{month:02d}" for year, month in found}
