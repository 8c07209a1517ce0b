"""Slips of the finger and shop talk put into plain figures: 5oo万, 2.8e, 一个小目标. Whatever is mended is read back."""

from __future__ import annotations

from flows.answers.patterns import Pattern

_D = "0-9零一二两三四五六七八九十百半几"
_LETTER_O = Pattern(
    r"(?<=[0-9])o+(?=[o0-9]*(?:[万亿千百元块年人个名%,]|$|[0-9]))|(?<=[0-9]o)o|(?<=[0-9])o(?=[0-9])"
)
_LETTER_L = Pattern(r"(?<![a-z0-9])[li](?=[0-9]+(?:\.[0-9]+)?[万亿千百元年人个%])|(?<=[0-9])l(?=[0-9万亿])")
_YI_IN_LETTERS = Pattern(r"(?<=[0-9])(?:e|yi|y)(?=$|[元多左以,;。吧上])")
_WAN_IN_LETTERS = Pattern(r"(?<=[0-9])(?:wan|万w|w万)(?=$|[元多左以,;。吧上])")
_TARGET = Pattern(rf"(?<=[{_D}多来])个?小目标")  # 一个小目标: a hundred million, as the saying goes
_LEFT_OUT = Pattern(
    rf"^[^0-9,]{{2,10}}(?:不算|除外|刨开|不包括|不含|抛开|去掉)(?:在内|的话|以外)?,?(?:[俺我咱]们?(?:这边)?)?(?:就|是|有|还|也)*(?=[{_D}])"
)
_NOT_COUNTING = Pattern(
    rf"^(?:不算|不含|不包括|除了|刨去|抛开|去掉)(?!税)[^0-9,一二两三四五六七八九十百]{{2,8}}?(?:,|的话|以外|外)*(?:就|还|也|大概|有|是)*(?=[{_D}])"
)
_LETTERS = frozenset("oliewy")
_EXCEPTS = frozenset("算含括除刨抛掉")
_EXCEPTING = Pattern("不算|不含|不包括|除外|除了|刨|抛开|去掉")


def mended(text: str) -> str:
    """Give the text with such slips mended; the same text where there are none."""
    if not _LETTERS.isdisjoint(text):
        text = _LETTER_L.sub("1", _LETTER_O.sub(lambda m: "0" * len(m[0]), text))
        text = _WAN_IN_LETTERS.sub("万", _YI_IN_LETTERS.sub("亿", text))
    if not _EXCEPTS.isdisjoint(text) and "税" not in text and _EXCEPTING.search(text):
        text = _NOT_COUNTING.sub("", _LEFT_OUT.sub("", text))
    return _TARGET.sub("个亿", text) if "小目" in text else text
