"""What people call a fact: the words of its label and their usual synonyms. Which clause belongs to which fact is in several.py."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from flows.answers.normalise import normalise
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask

_CUES = {
    "收入": ("营收", "营业收入", "销售额", "销售收入", "销售", "收入", "营业额", "产值", "卖了"),
    "研发费": ("研发费用", "研发投入", "研发经费", "研发支出", "研发费", "研发"),
    "研发人": (
        "研发人员",
        "技术人员",
        "研发团队",
        "科研人员",
        "科技人员",
        "技术员",
        "工程师",
        "研发部",
        "技术部",
        "搞技术",
        "搞研发",
        "技术口",
        "研发",
    ),
    "人": ("员工", "职工", "人数", "员工人数", "总人数", "从业人员"),
    "专利": ("专利", "发明专利", "知识产权", "发明"),
    "成立": ("成立", "注册", "创办", "开办", "建厂", "办厂", "办的厂"),
    "投资": ("总投资", "投资额", "投资"),
    "利润": ("净利润", "利润"),
    "纳税": ("纳税", "缴税", "交税", "税收", "利税", "完税"),
    "资金": ("注册资金", "注册资本", "实缴"),
    "资产": ("总资产", "资产", "家底"),
    "占比": ("占比", "比例", "比重", "占"),
}
# Parts of a whole: they tell fields apart, but a mention of them does not make an amount another fact.
_PARTS = {
    "实用新型": ("实用新型", "外观", "软著", "软件著作权"),
    "设备": ("设备", "软件"),
    "负债": ("负债率", "负债", "欠债"),
}
# What is earned, spent, owed or owned is no revenue.
_NO_REVENUE = [
    "毛利",
    "净赚",
    "纯利",
    "赚了",
    "挣了",
    "刨去",
    "成本",
    "应收",
    "应付",
    "库存",
    "厂房",
    "花了",
    "投了",
    "设备值",
    *("买设备", "上设备", "补了", "补贴", "补助", "奖励", "奖补", "奖了"),
]
# What a firm pays, whichever of its figures is asked.
_PAID = [
    *(
        "光税",
        "税都",
        "税就",
        "税也",
        "交了税",
        "个税",
        "增值税",
        "所得税",
        "税金",
        "税款",
        "工资",
        "薪资",
        "薪酬",
        "社保",
    ),
    *(
        "电费",
        "水电",
        "房租",
        "租金",
        "利息",
        "运费",
        "材料费",
        "原材料",
        "货款",
        "还了",
        "罚款",
        "捐了",
        "捐",
        "分红",
        "理赔",
    ),
]
_TAX_PAID = Pattern("税[^,]{0,3}[交缴纳]|[交缴纳][^,]{0,3}税")
_HENAN = (
    "河南",
    "郑州",
    "开封",
    "洛阳",
    "安阳",
    "新乡",
    "焦作",
    "许昌",
    "漯河",
    "南阳",
    "商丘",
    "信阳",
    "周口",
    "驻马店",
    "济源",
    "平顶山",
    "鹤壁",
    "濮阳",
    "三门峡",
)
_NICKNAMES = {
    "高新技术企业": ("高企", "国高", "高新企业", "高新"),
    "高企": ("高新技术企业", "高新"),
    "专精特新": ("专精特新",),
    "规模以上": ("规上", "上规"),
    "小巨人": ("小巨人",),
    "规上": ("规模以上", "上规"),
    "准备金": ("研发准备金",),
    "河南": ("注册在", "注册地", *_HENAN),
    "技改": ("技术改造", "设备更新"),
    "技术改造": ("技改", "设备更新"),
    "研发机构": ("研发中心", "研究院", "技术中心", "研发机构"),
}
_WHOLES = frozenset(word for words in _CUES.values() for word in words)
_ALL = _WHOLES.union(*_PARTS.values())
_LABEL_PARTS = Pattern(r"[的和与/(),、 ]|去年|上年|年度|全年|总额|总数|金额|[件人]数$|数量")
_LESSER_PATENTS = Pattern("实用新型|外观|软著|商标")
_ASKING = Pattern(
    r"^(?:现在|目前|最近|去年)?(?:是不是|有没有|是否|评上|建了|建立|建|正在|在做|是|有|拿到?|评)*(?:过|了)*|(?:制度|证书|企业|项目|资质)*(?:了|过)?吗?[??]?$"
)
_PEOPLE = Pattern("员工|职工|人数|从业")
_SPECIALISTS = Pattern("研发|技术|科研|科技")
_SHORTEST = 2
_STEM = 2


def cues(ask: Ask) -> frozenset[str]:
    """Give what people call the field: its label, its label's parts, and the usual other words for it."""
    return _cues_of(ask.label or "", ask.kind)


def other_cues(ask: Ask) -> frozenset[str]:
    """Give the words that name facts this question does not ask for."""
    return _ALL - cues(ask)


def told_as_another(text: str, ask: Ask) -> bool:
    """Tell whether the words name another fact than the one asked: 利润3000万 to a question about revenue."""
    own, others = _names(ask.label or "", ask.kind)
    if own is None or own.search(_LESSER_PATENTS.sub("", text) if ask.kind == "count" else text) is not None:
        return False
    if ask.kind == "count" and (lesser := _LESSER_PATENTS.search(text)):
        return lesser[0] not in (ask.label or "") and "发明" in (ask.label or "")
    return others.search(text) is not None or (
        "税" in text and "税" not in (ask.label or "") and _TAX_PAID.search(text) is not None
    )


@lru_cache(maxsize=512)
def _names(label: str, kind: str) -> tuple[Pattern | None, Pattern]:
    """Give what names the asked fact (None where no other can be told from it) and what names another."""
    own = _cues_of(label, kind)
    base = _CUES["收入"] if kind == "percent" else ()  # 营收的 3% is a share of it
    others = [word for word in _WHOLES - own if word not in label and word not in base]
    if own & set(_CUES["收入"]):
        others += _NO_REVENUE + [word for word in _PAID if word not in label]
    return (_any_of(own) if own & _WHOLES else None), _any_of(others)


def _any_of(words: Iterable[str]) -> Pattern:
    return Pattern("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)")


@lru_cache(maxsize=512)  # the questions of an edition, asked again with every answer
def _cues_of(label: str, kind: str) -> frozenset[str]:
    label = normalise(label)
    if kind == "percent":
        return _shares(label)
    own = {part for part in (label, *_LABEL_PARTS.split(label)) if len(part) >= _SHORTEST}
    if kind in {"yesno", "choice"}:
        own |= {core for part in own if len(core := _ASKING.sub("", part)) >= _SHORTEST}
        return frozenset(own.union(*((stem, *words) for stem, words in _NICKNAMES.items() if stem in label)))
    groups = _CUES | _PARTS
    known = {
        stem: max((len(w) for w in (stem, *words) if w in label), default=0) for stem, words in groups.items()
    }
    if kind == "count" and _SPECIALISTS.search(label) and ("人" in label or "员" in label):
        own |= set(groups["研发人"])
    elif best := max(known.values()):
        own |= {word for stem, words in groups.items() if known[stem] == best for word in words}
    if kind == "count" and _PEOPLE.search(label) and not _SPECIALISTS.search(label):
        own.add("人")
    return frozenset(own)


def _shares(label: str) -> frozenset[str]:
    """主营产品占营收比重 is called 主营, 资产负债率 负债率."""
    words = {label, *_CUES["占比"], *(_PARTS["负债"] if "负债" in label else ())}
    name = re.split("占(?!有)|的?比[例重]|大概|大约|是", label)[0] or label
    words |= {name[:end] for end in range(_STEM, len(name) + 1)} | {
        name[start:] for start in range(len(name) - _STEM)
    }
    words |= {"市占率", "市占", "份额", "占有率"} if "市场" in label else set()
    return frozenset(words - {""})
