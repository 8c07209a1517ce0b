"""Spaces between words: dropped inside a number (3 亿), a comma between clauses (voice input has no other). No meaning here."""

from __future__ import annotations

from itertools import pairwise

from flows.answers.patterns import Pattern

_N = "0-9零一二两俩三仨四五六七八九十百千万亿半几"
_WORD = Pattern("[0-9a-z.,]")
_GOES_ON = Pattern(  # words that belong to the number before them
    rf"个[多来半几]?[万亿]|[万亿元块%)\],.。;:!?、~\-]|(?:[个名位口家项件台]|人(?![家们来手都员]))(?![^,]*[{_N}])|[多余](?!里)|来[个万亿]|左右|上下|以[上下内]|之|出头"
    r"|不到$|没到$|不足$|不止|到(?!账)|至(?!少)|吧|的|前后|分之|成|点|个百|%|年(?!年)|月(?!月)"
)
_STARTS_NUMBER = Pattern(f"[{_N}.]")
_HAS_NUMBER = Pattern(f"[{_N}]")
_ENDS_OPEN = Pattern(rf"[{_N}点.,:(\-约]$")
_GROUPED = Pattern("[0-9],[0-9]{3}$|,$")
_SMALL_TALK = Pattern(
    "(?<!差)不[多少大小好中行高]$|[去今前]年差点儿?$|^(?:没|木有|无)(?!有?[到过满够破足超])..+(?<![到过满够破足有])$|[嘞哩啊呢]$"
)
_PURE = Pattern(
    rf"(?:[^{_N},]*[^{_N},到过足满])?[{_N}点.,个]+"
)  # 三亿 两千万 is one number, 没到一个亿 九千多万 two
# 3亿 2千万 is one number; 三亿 一千二百万 and 八百万 一百二十人 are two facts.
_OWN_NUMBER = Pattern(
    rf"[{_N}.]{{1,12}}[多来余]?(?:[人名位项件家%]|个人|号人|个点)|(?:[0-9]{{2,}}|[^,]千[^,]百)[0-9.]*[^,千百]*万"
)
_TYPED_APART = Pattern("(?<![0-9.])(?:[0-9] ){2,}[0-9](?= ?[万亿元人名])")  # 3 2 0 0 万
_ANSWER = Pattern("(?:没有?|木有|没得|冇|无|嗯+|对|是的?|不是?|不对|有的?|好的?|中|行)[啊呀嘞哩呢的]?")


def close_up(text: str) -> str:
    """Join what single spaces part: `百 分 之 2` is one word, `2 3` may be two numbers, `去年三个亿 研发八百万` two facts."""
    text = _TYPED_APART.sub(lambda apart: apart[0].replace(" ", ""), text)
    chunks = [chunk for chunk in text.split(" ") if chunk]
    joined = chunks[:1]
    for left, right in pairwise(chunks):
        joined += [_between(left, right), right]
    return "".join(joined)


def _between(left: str, right: str) -> str:
    left = left.rpartition(",")[2] if "," in left and not _GROUPED.search(left) else left
    if _WORD.match(left[-1]) and _WORD.match(right[0]) and right[0] not in ".,":
        return " "
    if len(left) == 1 or len(right) == 1 or _GOES_ON.match(right) or left[-1] in ",.。;:!?、(":
        return ""
    if not _STARTS_NUMBER.match(right):
        return "," if not _WORD.match(right[0]) or _HAS_NUMBER.search(left) else ""
    if not _HAS_NUMBER.search(left):
        return (
            "," if _ANSWER.fullmatch(left) or _SMALL_TALK.search(left) else ""
        )  # 营收 3亿 is one fact, 没有 一分没花 are two clauses
    together = _PURE.fullmatch(left) and _ENDS_OPEN.search(left) and not _OWN_NUMBER.match(right)
    return "" if together else ","
