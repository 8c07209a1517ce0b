"""By how much something grew or shrank: 跌了三成 is -30 %, 翻了一番 100 %, 持平 0. Only asked of questions about growth."""

from __future__ import annotations

from flows.answers.patterns import Pattern
from flows.answers.reading import Ask, Reading, reject

_ASKED = Pattern("增长|增幅|涨幅|增速|增加了?多少|变化|涨了?多少")
_SHRANK = Pattern(r"跌|降|下滑|减|少了|缩水|萎缩|倒退|负增|回落|下来了|不如|亏|(?<![改])差了")
_LEVEL = Pattern(r"[跌降滑减缩涨增升][到至成]|只有(?:前年|去年)的|是(?:前年|去年)的")
_NONE = Pattern(
    r".{0,8}?(?:持平|一样|没(?:啥|什么)?(?:有)?(?:变化?|动|区别|增长?|涨|增加)|没咋(?:变|涨)|不增不减|不涨不跌|原地踏步|一点(?:儿)?(?:都|也)?没(?:涨|增|变)|零增长?|0增长?)(?:了|的|吧|啊|呢|哩|过|多少)*"
)
_DOUBLED = Pattern(
    r"(?P<about>差不多|大概|将近|几乎|快)?.{0,6}?(?:翻了?(?:一番|一倍|倍|1番|个番)|(?:涨|增长|增加|增|多)了?(?:一|1)倍|翻番|成倍增长?)(?:了|吧|的样子|左右)?(?P<after>左右)?"
)
_TIMES = Pattern(r".{0,6}?(?:涨|增长|增加|增|多|翻)了?(?P<n>[两二三四五六七八九2-9])(?P<how>倍|番)(?:了|吧)?")
_HAN = {han: n for n, han in enumerate("零一二三四五六七八九")} | {"两": 2}


def asks_growth(ask: Ask) -> bool:
    return ask.kind == "percent" and ask.label is not None and _ASKED.search(ask.label) is not None


def growth_in_words(text: str) -> Reading | None:
    """Read growth told without a percentage; a level (跌到三成) is no growth and is asked again."""
    if _LEVEL.search(text):
        return reject("unclear", "level_not_growth")
    if _NONE.fullmatch(text):
        return Reading("percent", value=0, confirm=True, rule="no_growth")
    if doubled := _DOUBLED.fullmatch(text):
        approx = bool(doubled["about"] or doubled["after"])
        return Reading("percent", value=100, approx=approx, confirm=True, rule="doubled")
    if times := _TIMES.fullmatch(text):
        n = _HAN.get(times["n"]) or int(times["n"])
        grown = 100 * (2**n - 1) if times["how"] == "番" else 100 * n
        return (
            None
            if times["how"] == "倍" and "翻" in text
            else Reading("percent", value=grown, confirm=True, rule="grew_by_times")
        )
    return None


def shrank(text: str) -> bool:
    return _SHRANK.search(text) is not None
