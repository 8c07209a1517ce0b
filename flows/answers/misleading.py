"""Words around a number that make it another number than the one asked for: 目标, 每, 同行, 欠, 多了. No number is read here."""

from __future__ import annotations

from flows.answers.patterns import Pattern
from flows.answers.quantities import MASK
from flows.answers.reading import Ask

_MISLEADING = Pattern(
    r"大?前年|上上年|上个?月|这个?月|本月|在审|受理中|正在?申|申请中|是以前|是隔壁|开玩笑|逗你|瞎说|随口|胡说|吹牛|别当真|准备(?!金)|[和跟与加带][俺我]?(?:儿|闺女|媳妇|老婆|老公|弟|哥|爹|爸|妈|娘|姐|妹|侄|外甥|老伴|徒弟)|每|均|月(?:销|入|收|营|产)|[日天]销|按月|单月|[日月]产|哪|同行|隔壁|别人|人家|要求|(?<!主)要是|如果|假如|就好|才怪|单价|报价|季|半年|月份|倍|翻|同期|(?<!差)不|没|未|非|无(?!锡)|别|否|目标|计划|争取|力争|打算|希望|明年|后年|好的时候|好年景|年景|淡季|正常|但|可是|(?<=_)还是|或|要么|除|扣|减|加(?![^,_]{1,6},)|另|差(?!不多)|负债|欠|贷|回款|到账|订单|合同|押|注册资|估值|市值|至少|起码|最[多少高低]|超|以[上下内]|[高低多少大小]于"
)
_NOT_THERE = Pattern(
    "招|缺|想|受理|申报|报了|交了"
)  # who is wanted is not there, what is handed in not granted
_PLANNED = Pattern("准备|计划|打算|争取|希望|目标")
_WANTED = Pattern("计划|打算|目标|总投|想|需|要|预计")
_OTHER_MONEY = Pattern("负债|欠|贷|押|订单|合同|到账|回款|估值|市值")
_CHANGES = Pattern(r"[多少](?=_)|增|上升|下降|降|涨|跌|提高|提升|[多少]了|比")
_GROWTH_ASKED = Pattern("增|涨|降|升|变化|幅")
_SILENT = frozenset("_ ,。!~吧啊呀哩嘞大概约我们俺咱公司厂里元块钱共得有是做就也去年")
_EARNS_OR_SPENDS = frozenset("花投挣赚卖")


def is_silent(text: str, residue: str, ask: Ask) -> bool:
    """Tell a text whose every character beside the number can be part of no word that matters: 我们去年大概3.2亿吧."""
    return (
        _SILENT.issuperset(residue)
        and _EARNS_OR_SPENDS.isdisjoint(text)
        and not (ask.kind == "count" and "年" in residue)
    )


def misleads(residue: str, ask: Ask) -> bool:
    """A word that the question itself uses (想贷多少) misleads nobody; sums owed or pledged mislead only about money."""
    if not residue.strip(MASK):
        return False
    if _asks_a_level(ask) and _CHANGES.search(residue):
        return True
    label = ask.label or ""
    return any(
        found[0] not in label
        and (ask.kind == "money" or not _OTHER_MONEY.fullmatch(found[0]))
        and not (_PLANNED.fullmatch(found[0]) and _WANTED.search(label))
        for found in _MISLEADING.finditer(residue)
    ) or (ask.kind == "count" and any(found[0] not in label for found in _NOT_THERE.finditer(residue)))


def _asks_a_level(ask: Ask) -> bool:
    """A share that rose by 3 points is not a share of 3 %; only a question about growth may take it."""
    return ask.kind != "percent" or (ask.label is not None and not _GROWTH_ASKED.search(ask.label))
