"""Shares told without a number: 全靠它, 一多半, 一小半. Shares with a number are read in amounts.py."""

from __future__ import annotations

from flows.answers.patterns import Match, Pattern
from flows.answers.reading import Reading, reject

_WHOLE = 100
_HAN = {han: n for n, han in enumerate("零一二三四五六七八九")} | {"两": 2}

_OUT_OF = Pattern(
    r"^.{0,6}?(?P<whole>十|10|一?百|100)(?P<of>[台块个份单吨件条套车家次分成辆]|元)钱?(?:的?(?:货|产品|收入|营收|销售额|单子))?(?:里头?面?|当中|中间?|之中|有)(?:头|边)?,?(?:[^0-9一二两三四五六七八九十]{0,4}?)"
    r"(?P<part>[0-9]{1,2}|[一二两三四五六七八九]十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二两三四五六七八九])(?P<half>(?P=of)半)?(?P=of)?(?:钱|左右|多)?(?:[是都来靠卖的][^0-9一二两三四五六七八九十]*)?$"
)
_HALVES = Pattern(
    r"(?:.{0,4}?)(?:五五开|五五分|对半(?:开|分|劈)?|一半对?一半|各(?:占)?一半|一家一半)(?:吧|了|左右|的样子)?"
)
_ALL_OF_IT = Pattern(r"(?:基本上?|差不多|几乎)?(?:全部|全|全都|百分百)(?:都)?(?:是|靠|来自|卖)[^0-9%成,]*")
_NOTHING_ELSE = Pattern(
    r"(?:基本上?|差不多|几乎|可以说)?(?:(?:全部?|百分百|100%|百分之百)(?:都)?是?[它这个的]*|都是[它这个的]*)?,?(?:(?:就|只|光)[做有卖干靠是]?这一?个?(?:产品|东西)?|(?:没有?|无|不做|不卖)(?:做)?(?:其[他它]|别)的?(?:的?产品|的?业务|东西)?)[的了吧啊]*"
    r"|(?:基本上?|差不多|几乎)?(?:全部?都?|百分百都?)是[的了吧]*"
)
_TAKEN_OFF = Pattern(
    r"刨|扣除|去掉|除[了去开掉外]?[^0-9]{0,3}[0-9一二两三四五六七八九]|(?:剩下?|其[他它余]|别)的?.{0,3}[都才]?是"
)
_OVER_HALF = Pattern(
    r"(?:占|有|得有|超)?(?:一多半|一大半|多一半|大一半|多半|大半|一半多|过半)(?:以上|吧|了)?"
)
_UNDER_HALF = Pattern(r"(?:占|有)?(?:一小半|一少半|小一半|少一半|小半|少半)(?:吧|了)?")


def share_in_words(text: str) -> Reading | None:
    """Read such a share; it is always read back."""
    if out_of := _OUT_OF.match(text):
        return _out_of(out_of)
    if _HALVES.fullmatch(text):
        return Reading("percent", value=50, approx=True, confirm=True, rule="half_and_half")
    if _ALL_OF_IT.fullmatch(text) or _NOTHING_ELSE.fullmatch(text):
        return Reading("percent", value=100, confirm=True, rule="all_of_it")
    if _TAKEN_OFF.search(text):
        return reject("unclear", "taken_off")  # 刨去三成剩下都是: 70 %, not 30 %
    if _OVER_HALF.fullmatch(text):
        return Reading("percent", low=50, low_open=True, approx=True, confirm=True, rule="over_half")
    if _UNDER_HALF.fullmatch(text):
        return Reading("percent", high=50, high_open=True, approx=True, confirm=True, rule="under_half")
    return None


def _out_of(said: Match) -> Reading | None:
    """十台里头有七台: 70 %, as far as such a saying goes."""
    whole = 10 if said["whole"] in {"十", "10"} else _WHOLE
    part = _number(said["part"])
    if part > whole:
        return None
    half = 5 if said["half"] and whole != _WHOLE else 0
    return Reading(
        "percent", value=part * _WHOLE // whole + half, approx=True, confirm=True, rule="so_many_of_so_many"
    )


def _number(said: str) -> int:
    if said.isdigit() and said.isascii():
        return int(said)
    tens, ten, ones = said.rpartition("十")
    return (_HAN.get(tens, 1) * 10 if ten else 0) + _HAN.get(ones, 0)
