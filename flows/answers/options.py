"""Which of the offered options is meant: by number, key, label, or a part only one option has."""

from __future__ import annotations

from functools import lru_cache

from flows.answers.normalise import normalise
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask, Option, Reading, reject
from flows.answers.refusals import is_hedged, refusal
from flows.answers.yesno import read_yesno

_HAN_NUMBERS = {
    han: n
    for n, han in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)
} | {"两": 2}
_NUMBER = Pattern(
    r"(?:我?(?:选择?|要|是)|就)?第?\(?(?P<n>[0-9]{1,2}|十[一二]?|[一二两三四五六七八九])\)?(?:个|项|号|种|条|类)?[.、。)吧]?"
)
_LETTER = Pattern(r"(?:我?选择?)?(?P<letter>[a-h])")
_SPLIT = Pattern(r"[,，、;/+& ]+|以及|还有|和|跟|与|及")
_NONE = Pattern(
    r"(?:以上)?(?:都|全|一个都|啥都)?(?:没有|不是|没|无|不具备|没得|木有|不符合|暂无|都不)(?:呢|的|啊|过)?"
)
_ALL = Pattern(r"(?:以上)?(?:全部|都有|全都?有|都是|全选|都选|全都是)(?:了|的)?")
_NONE_LABEL = Pattern(r"以上都|都没|都不|^无$|^没有|^无[^锡]|暂无|^none$")
_NEGATIVE = Pattern(r"不是|没有|不算|除了?|不含|非(?!金属|营利|公)|[没不](?!锈|动产|限)")
_SHORT_NAMES = {
    "高企": "高新技术企业",
    "国高": "高新技术企业",
    "科小": "科技型中小企业",
    "创小": "创新型中小企业",
    "规上": "规模以上",
}
_LIMITED, _LIMITED_FULL = Pattern("(?<!股份)有限公司"), "有限责任公司"
_PART = 2


def read_choice(text: str, ask: Ask) -> Reading:
    """Read one option, or several where several may be chosen."""
    text = text.strip(" ,.。!~;")
    found = _exact(text, ask.options)
    if found:
        return _chosen((found,), ask, rule="option_exact")
    if ask.multi and _NONE.fullmatch(text):
        return _chosen(tuple(o for o in ask.options if _is_none(o)), ask, rule="option_none")
    if ask.multi and _ALL.fullmatch(text):
        every = tuple(o for o in ask.options if not _is_none(o))
        return _chosen(every, ask, rule="option_all", confirm=True)
    if said := refusal(text):
        return said
    if ask.multi and len(pieces := [p for p in _SPLIT.split(text) if p]) > 1:
        return _several(text, pieces, ask)
    return _one(text, ask)


def _several(text: str, pieces: list[str], ask: Ask) -> Reading:
    each = [_exact(piece, ask.options) or _named(piece, ask.options) for piece in pieces]
    if None not in each:
        return _chosen(tuple(o for o in each if o), ask, rule="options_listed", confirm=is_hedged(text))
    whole = _one(text, ask)
    return whole if whole.kind == "reject" else reject("unclear", "option_unread")


def _one(text: str, ask: Ask) -> Reading:
    if found := _named(text, ask.options):
        return _chosen((found,), ask, rule="option_part", confirm=is_hedged(text))
    if letter := _LETTER.fullmatch(text):
        position = ord(letter["letter"]) - ord("a") + 1
        if picked := [o for o in ask.options if o.n == position]:
            return _chosen((picked[0],), ask, rule="option_letter", confirm=True)
    if answered := _as_yes_or_no(text, ask.options):
        return _chosen((answered,), ask, rule="option_yesno")
    return reject("unclear", "no_option")


def _chosen(options: tuple[Option, ...], ask: Ask, *, rule: str, confirm: bool = False) -> Reading:
    keys = tuple(dict.fromkeys(o.key for o in options))
    if not ask.multi:
        return Reading("choice", value=keys[0], confirm=confirm, rule=rule)
    if len(keys) > 1 and any(_is_none(o) for o in options):
        return reject("unclear", "none_and_some")
    return Reading("choice", value=keys, confirm=confirm, rule=rule)


def _is_none(option: Option) -> bool:
    return _NONE_LABEL.search(normalise(option.label)) is not None or option.key == "none"


@lru_cache(maxsize=1024)  # the options of an edition, asked again with every answer
def _names(option: Option) -> tuple[str, ...]:
    return tuple(normalise(name) for name in (option.key, option.label, *option.aliases) if name)


def _exact(text: str, options: tuple[Option, ...]) -> Option | None:
    """Match a whole name, else a number; a label that is itself a number goes first."""
    named = [o for o in options if text in _names(o)]
    if named:
        return named[0] if len(named) == 1 else None
    if number := _NUMBER.fullmatch(text):
        n = _HAN_NUMBERS.get(number["n"]) or int(number["n"])
        return next((o for o in options if o.n == n), None)
    return None


def _named(text: str, options: tuple[Option, ...]) -> Option | None:
    """Find the one option a text names: its whole name inside the text, or a part no other option has."""
    if _NEGATIVE.search(text) and not any(text in name for o in options for name in _names(o)):
        return None
    text = _spelled(text, options)
    whole = [(name, o) for o in options for name in _names(o) if len(name) >= _PART and name in text]
    longest = [o for name, o in whole if not any(name != other and name in other for other, _ in whole)]
    if longest:
        return longest[0] if len({o.key for o in longest}) == 1 else None
    return _by_part(text, options)


def _spelled(text: str, options: tuple[Option, ...]) -> str:
    for short, full in _SHORT_NAMES.items():
        if short in text and any(full in name for o in options for name in _names(o)):
            text = text.replace(short, full)
    return (
        _LIMITED.sub("有限责任公司", text)
        if any(_LIMITED_FULL in n for o in options for n in _names(o))
        else text
    )


def _by_part(text: str, options: tuple[Option, ...]) -> Option | None:
    inside = [o for o in options if len(text) >= _PART and any(text in name for name in _names(o))]
    if inside:
        return inside[0] if len(inside) == 1 else None
    parts = {text[i : i + _PART] for i in range(len(text) - 1)}
    hit = [o for o in options if parts & _own_parts(o, options)]
    return hit[0] if len(hit) == 1 else None


def _own_parts(option: Option, options: tuple[Option, ...]) -> set[str]:
    others = set().union(*(_parts(o) for o in options if o.key != option.key))
    return {part for part in _parts(option) - others if not part.isascii()}


def _parts(option: Option) -> set[str]:
    return {name[i : i + _PART] for name in _names(option) for i in range(len(name) - 1)}


def _as_yes_or_no(text: str, options: tuple[Option, ...]) -> Option | None:
    """Take 有的 for the one option that begins with yes, where there is exactly one yes and one no."""
    answers = {o.key: read_yesno(normalise(o.label)) for o in options}
    said = read_yesno(text)
    if said.kind != "yesno" or said.confirm:
        return None
    nones = [o for o in options if _is_none(o)]
    if said.value is False and len(nones) == 1:
        named = set().union(*(_parts(o) for o in options if not _is_none(o)))
        spelled = _spelled(text, options)
        return None if any(part in spelled for part in named) else nones[0]  # 没有高企 denies one of them
    if sorted(str(r.value) for r in answers.values() if r.kind == "yesno") != ["False", "True"]:
        return None
    return next(o for o in options if answers[o.key].kind == "yesno" and answers[o.key].value == said.value)
