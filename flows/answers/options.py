"""Which of the offered options is meant: by number, key, label, or a part only one option has."""

from __future__ import annotations

from functools import lru_cache

from flows.answers.nicknames import names_of, spelled
from flows.answers.normalise import normalise
from flows.answers.patterns import Pattern
from flows.answers.positions import all_but, by_position
from flows.answers.reading import Ask, Option, Reading, reject
from flows.answers.refusals import is_hedged, refusal
from flows.answers.yesno import read_yesno

_HAN_NUMBERS = {
    han: n
    for n, han in enumerate(("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"), 1)
} | {"两": 2}
_NUMBER = Pattern(
    r"(?:应该|可能|大概)?(?:我?(?:选择?|要|是)|就是?)?第?\(?(?P<n>[0-9]{1,2}|十[一二]?|[一二两三四五六七八九])\)?(?:个|项|号|种|条|类)?[.、。)吧]?"
)
_LETTER = Pattern(r"(?:我?选择?)?(?P<letter>[a-h])")
_SPLIT = Pattern(r"[,，、;/+& ]+|以及|还有|和|跟|与|及")
_NONE = Pattern(
    r"(?:以上|这些)?(?:都|全|也|一[个样项]?[都也]|啥[都也]|哪[个样项][都也])?(?:没有|不是|没|无|不具备|没得|木有|不符合|暂无|都不)(?:呢|的|啊|过)?"
)
_ALL = Pattern(
    r"(?:以上)?(?:全部|都有|全都?有|都是|全选|都选|全都是|[都全](?:想)?要|都需要|都想了解|都感兴趣)(?:了|的|下|一下)?"
)
_NONE_LABEL = Pattern(r"以上都|都没|都不|^无$|^没有|^无[^锡]|暂无|^none$")
_NEGATIVE = Pattern(r"不是|没有|不算|除了?|不含|非(?!金属|营利|公)|[没不](?!锈|动产|限)")
_NOT_YET = Pattern(
    r"以前|曾经?是|原来是|之前|过期|到期了|已到期|失效|取消|撤销|[在正想拟]申|申请|申报|准备|打算|公示|审核|受理|复审中|明年(?!.{0,3}到期)|后年|将来|以后|想[评报拿弄搞]|[子母]公司|分公司|隔壁|朋友|亲戚|如果|要是|的话|低就|算了$|还[完清]|太远|就差|差一?个|差点|用不[着上]|过了|争取|目标|计划|希望"
)
_COMMON = frozenset({"企业", "中小", "工厂", "科技", "技术", "小企", "证书"})
_WHOLE_NAMES = {"专精特新": "专精特新中小企业"}  # 小巨人 has a name of its own
_SAYS_NO = Pattern(
    r"(?:都|也|还|就|暂时)*(?:没有?|不是|不算|未|没得|木有|无|正在|在|过期|到期|失效|取消|被?撤销|准备|打算)(?:评上|拿到|通过|认定|申请|申报|报|批|有)?中?(?:下来)?[了过的啊呢]?"
)
_SAYS_YES = Pattern(r"^(?:有|是|就)(?!限)|(?:已经?|都|也)?(?:有|是|拿到|评上|认定)了?[的啊呢]?$")
_ONLY = Pattern("^(?:就|只有?|光|就是|也就|倒是)(?:有)?(?:[一1]个)?")
_NOT_BEGUN = Pattern(
    "(?:目前|现在)?(?:还|都)?(?:没|未)(?:有)?(?:动工?|开始|开工|干|弄|做|定|落实)(?:手)?[啊呢哩嘞呀]?"
)
_NEVER = Pattern(
    r"(?:我们|俺们?|公司|还|从来?|都)*(?:没有?|未|没得|木有)(?:[参做搞办建牵申加入与头掺和合]|联合体)+[过的]?"
)
_IS_JUST = Pattern(r"(?:我们|俺们?|其实|反正)*(?:就|也就)(?:是|算)(?P<what>.+)")
_OURS = Pattern("(?:我们|俺们?|我司|咱们?)(?:是|就是|算)?(?P<what>.+)")
_THE_REST = Pattern(
    "(?:别的|其他|其它|其余|剩下)的?(?:都|全)?(?:没有?|不是|木有|无|不要|不用|不需要|算了|再说)[了的啊]?"
)
_PLAIN = frozenset(
    " ,.。!~;、:()-的了啊呢呀哦嘛吧哩嘞嗯哈噢是有就选要想需个这那我们俺咱公司厂里家企业单位目前现在只光都也还主要属于算做搞弄拿评上到过认定级类型种项第一二三四五六七八九十0123456789需求需要方面比较感兴趣了解"
)
_PART = 2


def read_choice(text: str, ask: Ask) -> Reading:
    """Read one option, or several where several may be chosen."""
    text = text.strip(" ,.。!~;")
    found = _exact(text, ask.options)
    if found:
        return _chosen(
            (found,), ask, rule="option_exact", confirm=is_hedged(text) and text not in names_of(found)
        )
    if ask.multi and _NONE.fullmatch(text):
        return _chosen(tuple(o for o in ask.options if _is_none(o)), ask, rule="option_none")
    if ask.multi and _ALL.fullmatch(text):
        every = tuple(o for o in ask.options if not _is_none(o))
        return _chosen(every, ask, rule="option_all", confirm=True)
    if placed := _placed(text, ask):
        return placed
    if said := refusal(text):
        return _meant(text, ask) or said
    if ask.multi and (several := _digits(text, ask)):
        return several
    pieces = [piece for piece in _SPLIT.split(text) if piece and not _THE_REST.fullmatch(piece)]
    if len(pieces) < text.count(",") + 1 and pieces:
        text = ",".join(pieces)
    if len(pieces) > 1 and _denies(text, ask.options):
        return _denied(pieces, ask) or _one(text, ask)
    if len(pieces) > 1 and ask.multi:
        return _several(text, pieces, ask)
    return _one(text, ask)


def _placed(text: str, ask: Ask) -> Reading | None:
    """Read 前两个, 最后一个, 除了瞪羚都有."""
    options = ask.options
    if (picked := by_position(text, options)) and (ask.multi or len(picked) == 1):
        return _chosen(picked, ask, rule="option_position", confirm=True)
    if not ask.multi:
        return None
    nones = frozenset(o.key for o in options if _is_none(o))
    kept = all_but(text, options, nones, lambda name: _exact(name, options) or _named(name, options))
    return _chosen(kept, ask, rule="options_but", confirm=True) if kept else None


def _several(text: str, pieces: list[str], ask: Ask) -> Reading:
    places = [by_position(piece, ask.options) for piece in pieces]
    each = [
        place[0] if place and len(place) == 1 else _exact(piece, ask.options) or _named(piece, ask.options)
        for place, piece in zip(places, pieces, strict=True)
    ]
    if None not in each:
        return _chosen(
            tuple(o for o in each if o), ask, rule="options_listed", confirm=is_hedged(text) or "有了" in text
        )
    whole = _one(text, ask)
    return whole if whole.kind == "reject" else reject("unclear", "option_unread")


def _one(text: str, ask: Ask) -> Reading:
    if found := _named(text, ask.options):
        if ask.multi and (more := _run_together(text, found, ask.options)):
            return more
        return _chosen((found,), ask, rule="option_part", confirm=_says_more(text, found, ask.options))
    if letter := _LETTER.fullmatch(text):
        position = ord(letter["letter"]) - ord("a") + 1
        if picked := [o for o in ask.options if o.n == position]:
            return _chosen((picked[0],), ask, rule="option_letter", confirm=True)
    if answered := _as_yes_or_no(text, ask):
        return _chosen((answered,), ask, rule="option_yesno")
    if (none := _never(text, ask)) or (none := _meant(text, ask)):
        return none
    return reject("unclear", "no_option")


def _says_more(text: str, found: Option, options: tuple[Option, ...]) -> bool:
    """Tell whether more is said than the option's own words: 贷款已经有了 may speak against it."""
    names = names_of(found)
    if text in names:
        return False
    return is_hedged(text) or "有了" in text or not _PLAIN.union(*names).issuperset(spelled(text, options))


def _run_together(text: str, found: Option, options: tuple[Option, ...]) -> Reading | None:
    """高企专精特新: what else is named besides the one option found is not dropped in silence."""
    rest = spelled(text, options)
    name = max((n for n in names_of(found) if n in rest), key=len, default="")
    rest = rest.replace(name, "") if name else ""
    others = tuple(o for o in options if o != found)
    named = rest and any(part in rest for o in others for part in _parts(o) - _COMMON)
    return reject("unclear", "options_run_together") if named else None


def _denies(text: str, options: tuple[Option, ...]) -> bool:
    """Say whether a text denies what it names, or says that it is not there yet; 打算 may be an option itself."""
    for name in (name for o in options for name in names_of(o) if _NEGATIVE.search(name)):
        for part in name.split(","):
            text = text.replace(part, "") if len(part) > _PART else text  # 没有认定 may be an option itself
    if _NEGATIVE.search(text):
        return True
    pending = _NOT_YET.search(text)
    return pending is not None and not any(pending[0] in name for o in options for name in names_of(o))


def _denied(pieces: list[str], ask: Ask) -> Reading | None:
    """Take 高企 alone out of 高企有,小巨人没评上: every piece must name an option and say yes or no to it."""
    kept: list[Option] = []
    for piece in pieces:
        denied = _denies(piece, ask.options)
        name = _SAYS_NO.sub("", piece) if denied else _SAYS_YES.sub("", _ONLY.sub("", piece))
        found = _exact(name, ask.options) or _named(name, ask.options)
        if found is None and _NOT_BEGUN.fullmatch(piece):
            continue
        if found is None:
            return None
        kept += [] if denied else [found]
    if not kept or (len({o.key for o in kept}) > 1 and not ask.multi):
        return None
    return _chosen(tuple(kept), ask, rule="option_denied", confirm=True)


def _digits(text: str, ask: Ask) -> Reading | None:
    """Take 一三五 for 1, 3 and 5 where no option has such a number."""
    numbers = [_HAN_NUMBERS.get(char, 0) for char in text]
    picked = [o for o in ask.options if o.n in numbers]
    if len(text) < _PART or 0 in numbers or sorted(set(numbers)) != numbers or len(picked) != len(numbers):
        return None
    return _chosen(tuple(picked), ask, rule="option_digits", confirm=True)


def _never(text: str, ask: Ask) -> Reading | None:
    """没有参加过, asked which part one took: none."""
    none = [o for o in ask.options if _is_none(o)]
    if ask.multi or len(none) != 1 or not (_NONE.fullmatch(text) or _NEVER.fullmatch(text)):
        return None
    return _chosen((none[0],), ask, rule="option_never", confirm=True)


def _meant(text: str, ask: Ask) -> Reading | None:
    """Take the one clause that says 就是 ...: 啥公司不公司嘞,就是个体户."""
    for clause in _SPLIT.split(text):
        if (ours := _OURS.match(clause)) and (found := _named(ours["what"], ask.options)) and clause != text:
            return _chosen((found,), ask, rule="option_ours", confirm=True)
        if (said := _IS_JUST.match(clause)) and (found := _named(said["what"], ask.options)):
            return _chosen((found,), ask, rule="option_clause", confirm=True)
    return None


def _chosen(options: tuple[Option, ...], ask: Ask, *, rule: str, confirm: bool = False) -> Reading:
    keys = tuple(dict.fromkeys(o.key for o in options))
    if not ask.multi:
        return Reading("choice", value=keys[0], confirm=confirm, rule=rule)
    if len(keys) > 1 and any(_is_none(o) for o in options):
        return reject("unclear", "none_and_some")
    return Reading("choice", value=keys, confirm=confirm, rule=rule)


def _is_none(option: Option) -> bool:
    return option.key == "none" or _says_none(option.label)


@lru_cache(maxsize=512)
def _says_none(label: str) -> bool:
    return _NONE_LABEL.search(normalise(label)) is not None


def _exact(text: str, options: tuple[Option, ...]) -> Option | None:
    """Match a whole name, else a number; a label that is itself a number goes first."""
    text = _WHOLE_NAMES.get(text, text)
    named = [o for o in options if text in names_of(o)]
    if named:
        return named[0] if len(named) == 1 else None
    if number := _NUMBER.fullmatch(text):
        n = _HAN_NUMBERS.get(number["n"]) or int(number["n"])
        return next((o for o in options if o.n == n), None)
    return None


def _named(text: str, options: tuple[Option, ...]) -> Option | None:
    """Find the one option a text names: its whole name inside the text, or a part no other option has."""
    text = spelled(text, options)
    if _denies(text, options) and not any(text in name for o in options for name in names_of(o)):
        return None
    whole = [(name, o) for o in options for name in names_of(o) if len(name) >= _PART and name in text]
    longest = [o for name, o in whole if not any(name != other and name in other for other, _ in whole)]
    if longest:
        return longest[0] if len({o.key for o in longest}) == 1 else None
    return _by_part(text, options)


def _by_part(text: str, options: tuple[Option, ...]) -> Option | None:
    inside = [o for o in options if len(text) >= _PART and any(text in name for name in names_of(o))]
    if inside:
        return inside[0] if len(inside) == 1 else None
    parts = {text[i : i + _PART] for i in range(len(text) - 1)}
    hit = [o for o in options if parts & _own_parts(o, options)]
    return hit[0] if len(hit) == 1 else None


@lru_cache(maxsize=512)  # the options of an edition, asked again with every answer
def _own_parts(option: Option, options: tuple[Option, ...]) -> frozenset[str]:
    others = set().union(*(_parts(o) for o in options if o.key != option.key))
    return frozenset(part for part in _parts(option) - others if not part.isascii())


@lru_cache(maxsize=512)
def _parts(option: Option) -> frozenset[str]:
    return frozenset(name[i : i + _PART] for name in names_of(option) for i in range(len(name) - 1))


def _as_yes_or_no(text: str, ask: Ask) -> Option | None:
    """Take 有的 for the one option that begins with yes, where there is exactly one yes and one no."""
    options = ask.options
    said = read_yesno(text, ask)
    if said.kind != "yesno" or said.confirm:
        return None
    answers = {o.key: read_yesno(normalise(o.label), ask) for o in options}
    nones = [o for o in options if _is_none(o)]
    if said.value is False and len(nones) == 1:
        named = set().union(*(_parts(o) for o in options if not _is_none(o)))
        said_so = spelled(text, options)
        return None if any(part in said_so for part in named) else nones[0]  # 没有高企 denies one of them
    if sorted(str(r.value) for r in answers.values() if r.kind == "yesno") != ["False", "True"]:
        return None
    return next(o for o in options if answers[o.key].kind == "yesno" and answers[o.key].value == said.value)
