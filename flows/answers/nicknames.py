"""What owners call the options of a question: 高企, 市里批的, 牵的头, 没挂牌. Which option is meant is decided in options.py."""

from __future__ import annotations

from functools import lru_cache

from flows.answers.normalise import normalise
from flows.answers.patterns import Pattern
from flows.answers.reading import Option

# A nickname stands for the first of its words that an option uses.
_CALLED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("高新技术企业",): ("高企", "国高"),
    ("科技型中小企业",): ("科小", "科技中小"),
    ("创新型中小企业",): ("创小", "创新中小"),
    ("规模以上",): ("规上",),
    ("参加", "参与", "成员"): (
        "参加",
        "参与",
        "成员",
        "跟着",
        "跟人家",
        "跟在",
        "配合",
        "入伙",
        "搭伙",
        "加入",
    ),
    ("牵头", "主导"): ("牵头", "牵的头", "领头", "带头", "打头", "当老大", "主导", "挑头", "我们主"),
    ("有限责任公司",): ("有限的",),
    ("制造业", "制造"): (
        *("机械加工", "开厂", "办厂", "开工厂", "生产", "加工的", "加工厂", "做机械", "造"),
        "工厂",
    ),
    ("建筑业", "建筑"): ("盖房", "施工", "工程队", "装修", "土建", "修路"),
    ("农林牧渔", "农业"): ("养猪", "养鸡", "养牛", "养羊", "养殖", "种地", "种植", "种粮"),
    ("批发零售", "贸易"): ("贸易", "卖货", "开店", "经销", "代理", "做买卖", "外贸"),
    ("县级", "区县级"): ("县里", "区里"),
    ("市级",): ("市里", "市的", "市科技局", "市工信"),
    ("省级",): ("省里", "省的", "省科技厅", "省工信", "省厅", "省工程", "省技术", "省重点", "省企业"),
    ("国家级",): ("国家的", "国家给", "国字号", "部里", "国家认"),
    ("未认定", "没有认定", "没认定"): (
        *(
            "没有认定",
            "没认定",
            "没挂牌",
            "没挂上牌",
            "没牌子",
            "没批",
            "没评级",
            "没报认定",
            "没上报",
            "没往上报",
        ),
    ),
    ("自建", "自己建"): ("自己搞", "自己弄", "自己建", "自己办", "自个儿", "自己设", "自己成立"),
    ("打算", "计划", "准备"): (
        "打算",
        "计划",
        "准备",
        "有想法",
        "这个想法",
        "想搞",
        "想弄",
        "想做",
        "筹划",
        "在考虑",
    ),
    ("正在做", "正在", "在做"): (
        *(
            "正在弄",
            "正在搞",
            "正弄着",
            "正搞着",
            "正做着",
            "正干着",
            "正上着",
            "正建着",
            "正改着",
            "在弄",
            "在搞",
            "在干",
        ),
        *("正在上", "正在干", "正在改", "已经在做", "已经开始", "已经动"),
    ),
}
_LIMITED, _LIMITED_FULL = Pattern("(?<!股份)有限公司"), "有限责任公司"


@lru_cache(maxsize=1024)  # the options of an edition, asked again with every answer
def names_of(option: Option) -> tuple[str, ...]:
    """Give all that an option is called, in the spelling that answers are read in."""
    return tuple(normalise(name) for name in (option.key, option.label, *option.aliases) if name)


@lru_cache(maxsize=256)
def _respellings(options: tuple[Option, ...]) -> tuple[tuple[str, str], ...]:
    names = {name for option in options for name in names_of(option)}
    pairs: list[tuple[str, str]] = []
    for words, nicknames in _CALLED.items():
        used = next((word for word in words if any(word in name for name in names)), None)
        if used:
            pairs += [(nick, used) for nick in nicknames if not any(nick in name for name in names)]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=256)
def _has_limited(options: tuple[Option, ...]) -> bool:
    return any(_LIMITED_FULL in name for option in options for name in names_of(option))


def spelled(text: str, options: tuple[Option, ...]) -> str:
    """Write nicknames as the options do."""
    for nickname, name in _respellings(options):
        if nickname in text and name not in text:
            text = text.replace(nickname, name)
    return _LIMITED.sub(_LIMITED_FULL, text) if _has_limited(options) else text
