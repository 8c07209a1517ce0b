"""Which part of an answer counts: what follows 不对, what is said of the asked year. Reading that part is elsewhere."""

from __future__ import annotations

from flows.answers.patterns import Match, Pattern
from flows.answers.reading import Ask
from flows.answers.relative_years import YEARS_OFF

_NUMERAL = Pattern(r"[0-9零一二两俩三仨四五六七八九十百千万亿半几]")
_SIZED = Pattern(r"[万亿元块w%]")
_LEAD_IN = r"(?:行|数|位|单位)?了?[,.。!;:、]*(?:应该|应当|实际上?|其实|准确|确切)?(?:地?说)?(?:应该)?(?:就?是|有|为)?[,:]?"
_TAKEN_BACK = Pattern(
    rf"(?P<old>.*)(?:不对(?!外|劲|应)|[说打写搞记弄看讲]错了?|错了|口误|准确(?:地|点)?(?:说|讲|来说)|确切(?:地|点)?(?:说|讲)|更准确|等等|慢着|更正(?:一?下)?|纠正(?:一?下)?|不不|(?:哦|噢|呃|额|啊)不(?=[,。是0-9零一二两三四五六七八九十])|不是(?=[,。!])){_LEAD_IN}(?P<new>.+)"
)
_CONTRASTED = Pattern(r"(?:不是|并非|没有)(?P<old>[^,。;]+?)[,。;]?(?:而是|应该是|是|只有|就)(?P<new>.+)")
_KEPT = Pattern(
    r"(?P<new>[^,。;]+)[,。;](?:而?不是|不是说)(?P<old>[^,。;]*[0-9零一二两三四五六七八九十百千万亿][^,。;]*)"
)
_YEAR_WORD = Pattern(
    r"(?P<relative>大前年|前年|上上年|去年|上年|上一年|今年|本年)度?(?:全年|整年)?"
    r"|(?<![0-9.])(?P<year>20[0-9]{2})年?度?(?![0-9万亿,.]|[0-9]*月)|(?<![0-9.])(?P<short>[0-3][0-9])年度?(?!前|了|多)"
)
_TWO = 2  # one year says nothing about another
_TAKES_BACK = frozenset("不错误正是有")
_COMPARED = "比较同跟和与"


def corrected(text: str) -> str | None:
    """Give what an owner says instead of what went before: 三千万 不对 四千万. None where nothing is taken back."""
    if _TAKES_BACK.isdisjoint(text):
        return None
    told = _TAKEN_BACK.fullmatch(text) or _CONTRASTED.fullmatch(text) or _KEPT.fullmatch(text)
    if told is None or not _NUMERAL.search(told["new"]):
        return None
    if _SIZED.search(told["old"]) and not _SIZED.search(told["new"]):
        return None  # 三千万 不对 四: 四 what?
    return told["new"]


def of_asked_year(text: str, ask: Ask) -> str | None:
    """Give the part about the asked year where two years stand side by side: 去年三亿今年预计四亿."""
    if text.count("年") + text.count("20") < _TWO:
        return None
    marks = list(_YEAR_WORD.finditer(text))
    wanted = _asked_year(ask)
    if len(marks) < _TWO or wanted is None:
        return None
    parts: dict[int | None, str] = {}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        if text[mark.start() - 1 : mark.start()] in _COMPARED and mark.start():
            return None
        part = text[mark.end() : end]
        year = _distance(mark, ask)
        if year in parts and _NUMERAL.search(part):
            return None
        if _NUMERAL.search(part):
            parts[year] = text[: marks[0].start()] + part.strip(" ,。;:")
    return None if None in parts else parts.get(wanted)


def _asked_year(ask: Ask) -> int | None:
    """Say which year is asked, counted from this one; money is asked for the last full year unless told otherwise."""
    if ask.label and (named := _YEAR_WORD.search(ask.label)):
        return _distance(named, ask)
    return -1 if ask.kind == "money" else None


def _distance(mark: Match, ask: Ask) -> int | None:
    if mark["relative"]:
        return YEARS_OFF[mark["relative"]]
    if ask.today is None:
        return None
    year = int(mark["year"]) if mark["year"] else 2000 + int(mark["short"])
    return year - ask.today.year
