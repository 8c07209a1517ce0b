"""Options meant by where they stand or by exception: 前两个, 最后一个, 1到3, 除了瞪羚都有. Names are read in options.py."""

from __future__ import annotations

from collections.abc import Callable

from flows.answers.patterns import Pattern
from flows.answers.reading import Option

_HAN = {han: n for n, han in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2, "仨": 3}
_N = "(?:[0-9]{1,2}|[一二两三四五六七八九十俩仨])"
_ENDING = r"(?:[都也]|全部|全)?(?:有|要|选|是|符合|需要|想要|想了解|感兴趣|行|可以)?(?:一?下)?[的了吧呢啊哈]*"
_FIRST = Pattern(
    rf"(?:就|只有|只要|选|要|我选|有)?(?:最?前|头|上)(?:面|边)?(?:的)?(?P<n>{_N})(?:个|项|种|条|样)?{_ENDING}"
)
_LAST = Pattern(
    rf"(?:就|只有|只要|选|要|我选|有)?(?:最?后|末尾?|下)(?:面|边)?(?:的)?(?P<n>{_N})(?:个|项|种|条|样)?{_ENDING}"
)
_FROM_END = Pattern(rf"(?:就|只有|选|要|我选)?(?:倒数|倒着数)第?(?P<n>{_N})(?:个|项|种|条)?{_ENDING}")
_SPAN = Pattern(
    rf"(?:从|就|选|要)?第?(?P<low>{_N})(?:个|项|号)?(?:到|至|-|~)第?(?P<high>{_N})(?:个|项|号)?{_ENDING}"
)
_NTH = Pattern(rf"(?:就|只有|只要|选|要|我选|有)?第(?P<n>{_N})(?:个|项|种|条|样)?{_ENDING}")
_TOP = Pattern(rf"(?:就|只有|选|要|我选)?(?:第一|头一|最上面那?|最前面那?|打头那?)(?:个|项|种|条){_ENDING}")
_EXCEPT = Pattern(
    r"(?:除了?|去掉|刨去|刨掉|排除|不算)(?P<what>.+?)(?:之外|以外|外|没有|没|不要|不用)?,?(?:(?:别的|其他|其它|其余|剩下|剩余)(?:的)?)?(?:几个|几项)?(?:我们|俺)?(?P<rest>(?:全部?|都|也都)(?:有|要|选|是|行|可以|想|需要|符合|想要|想了解|感兴趣|评上了?|拿到了?|有了)?(?:看看|一?下|了解)*[的了吧呢啊]*)?"
)
_ONLY_NOT = Pattern(
    r"(?:就|只有|就是|单单|就差|只差|光)(?P<what>.+?)(?:还)?(?:没有|没|不要|没评上|没拿到|木有|不用)(?:,?(?:别的|其他|其它|其余|剩下)的?(?:都|全)?(?:有|要))?[了的啊呢]*"
)
_OTHERS_ALL = Pattern(
    r"(?:别的|其他|其它|其余|剩下)的?(?:都|全)(?:有|要|是|行)[了的啊]*,?(?:就|只|只有)?(?P<what>.+?)(?:没有|没|不要|没评上)[了的啊]*"
)
_NOTHING_BUT = Pattern(
    r"(?:除了?|除去|去掉)?(?P<what>.+?)(?:之外|以外|外)?,?(?:我们|俺)?(?:啥|什么|哪个|别的|其他|其它|其余|剩下|剩余|都|也|均|全|没别的)(?:的)?(?:都|也|均|全)*"
    r"(?:不要|不需要|不想要?|不考虑|不用|不是|不感兴趣|没兴趣|没有?|木有|无|没评上|没拿到|没需求|没)?[了的吧呢啊]*"
)
_SAYS_EXCEPT = Pattern("^除|以外|之外")
_SAYS_NONE = Pattern(
    "(?:[都也均全的]|啥|什么|别的|其他|其它|其余)(?:暂时|都|也|均)*(?:不(?!错)|没|木有|无)|没别的|没其他的?"
)
_JUST_A_NUMBER = Pattern(rf"(?:那|这)?{_N}(?:个|项|种|样)")
_PIECES = Pattern(r"[,、;/+& ]+|以及|还有|和|跟|与|及")
Find = Callable[[str], Option | None]


def by_position(text: str, options: tuple[Option, ...]) -> tuple[Option, ...] | None:
    """Give the options that a position or a span of positions names."""
    count = len(options)
    if (said := _FROM_END.fullmatch(text)) and 0 < (n := _number(said["n"])) <= count:
        return (options[count - n],)
    if _TOP.fullmatch(text) and options:
        return (options[0],)
    if (said := _SPAN.fullmatch(text)) and (low := _number(said["low"])) < (high := _number(said["high"])):
        picked = tuple(option for option in options if low <= option.n <= high)
        return picked if len(picked) == high - low + 1 else None
    if said := _FIRST.fullmatch(text):
        n = _number(said["n"])
        return options[:n] if 0 < n < count else None
    if said := _LAST.fullmatch(text):
        n = _number(said["n"])
        return options[count - n :] if 0 < n < count else None
    if said := _NTH.fullmatch(text):
        n = _number(said["n"])
        return tuple(option for option in options if option.n == n) or None
    return None


def all_but(
    text: str, options: tuple[Option, ...], nones: frozenset[str], find: Find
) -> tuple[Option, ...] | None:
    """Give all options but those excepted: 除了最后一个都有, 就瞪羚没有. None where one excepted cannot be told."""
    if _SAYS_EXCEPT.search(text) and _SAYS_NONE.search(text):
        return _nothing_but(text, options, find)
    said = _EXCEPT.fullmatch(text) or _ONLY_NOT.fullmatch(text) or _OTHERS_ALL.fullmatch(text)
    if said is None:
        return None
    left_out: list[Option] = []
    for piece in _PIECES.split(said["what"].strip(" ,的")):
        if _JUST_A_NUMBER.fullmatch(piece):
            return None  # 除了两个都有: which two?
        stripped = piece.strip("第的那个项 ,")
        found = by_position(piece, options) or (find(piece) or find(stripped),)
        if found[0] is None:
            return None
        left_out += [option for option in found if option is not None]
    kept = tuple(o for o in options if o not in left_out and o.key not in nones)
    return kept if left_out and kept else None


def _nothing_but(text: str, options: tuple[Option, ...], find: Find) -> tuple[Option, ...] | None:
    """Give the excepted ones themselves where all others are denied: 除了贷款都不要."""
    said = _NOTHING_BUT.fullmatch(text)
    if said is None:
        return None
    found: list[Option | None] = []
    for piece in _PIECES.split(said["what"].strip(" ,的")):
        found += by_position(piece, options) or (find(piece) or find(piece.strip("第的那个项 ,")),)
    kept = {o.key for o in found if o is not None}
    return None if None in found else tuple(o for o in options if o.key in kept)


def _number(said: str) -> int:
    return _HAN[said] if said in _HAN else int(said)
