"""Which event a year is told of: founded, rebuilt, moved; issued, expires. Reading the year is in dates.py."""

from __future__ import annotations

from flows.answers.patterns import Pattern

_PLAIN = frozenset(
    " ,.。:;!?()~-_/、0123456789年月日号初底末春夏秋冬天前后以上下半去今明大本当左右大概约差不多估计应该可能好像记得吧啊呀呢哩嘞哈嗯哦的是了就那这个我们俺咱公司厂里家企业正式"
    "有限在开始干做弄搞至到起来早快最晚于满周头整零一二三四五六七八九十几多两老执照上拿办领建创成立注册业工商登记营才都也已经从自己千禧非典奥运那会儿时候疫情刚"
)
_FOUNDED = Pattern("成立|注册|创办|开办")
_NOT_FOUNDED = Pattern(
    r"股改|改名|更名|变更|搬|迁|投产|接手|接的|接班|收购|上市|挂牌|评|认定|进[的了]?厂|生的|生人|出生|出来打工|上学|毕业|结婚|[拿买]的?地|隔壁|母公司|总公司|集团|同行|前身|扩建|新厂|参加|入职"
)
_EXPIRES = Pattern("到期|有效期|届满")
_ISSUED = Pattern(
    r"发的?证|评|[办拿取]的|拿到|取得|认定|续|起算|开始|的证|颁|批|领|过期了|重新|还有|还剩|剩|年的$"
)


def is_of_another_event(text: str, label: str) -> bool:
    """Tell the year of another event than the one asked: 2005年改制, asked when it was founded."""
    if _EXPIRES.search(label):
        return _ISSUED.search(text) is not None
    return _FOUNDED.search(label) is not None and _NOT_FOUNDED.search(text) is not None


def says_more(text: str, label: str) -> bool:
    """Tell whether more is said than a year and the words of the question: such a year is read back."""
    return not _PLAIN.issuperset(text) and not _PLAIN.union(label).issuperset(text)
