"""None at all, told in words: 没有, 一分没花, 从来没搞过研发. A none that has a number beside it is not read here."""

from __future__ import annotations

from flows.answers.patterns import Pattern
from flows.answers.reading import Ask

_NOTHING = Pattern(
    r"(?:我们|俺们?|咱们?|我司|刚刚?(?:成立|注册|起步)的?|新公司|小厂|小作坊|公司|企业|厂里|目前|现在|今年|去年|暂时|这个|这方面|这块|还|暂|都|真|真的|是|,)*"
    r"(?:没有|没得|没|木有|冇|莫得|无|未(?=计提|提取|发生|投入|开展|产生|列支)|零|暂无|不存在|一[个件项人]?(?:都|也)?(?:没有?|没得|木有|冇)|一[分毛][钱]?(?:都|也)?(?:没有?|木有|没得)|啥(?:都|也)没有?)"
    r"(?:任何|什么|啥|专门的?|专职的?|(?:投入|申请|[花投招做搞买弄])?[过了]?)?(?P<what>\w{0,8}?)(?:呢|的|啊|呀|哦|了|哩|嘞|咧|吧|[。.!,])*"
)
_NOT_A_BIT = Pattern(r"一[分个件项毛]钱?[都也]?(?:没|木|冇|未)(?:有|得)?[花投申请搞弄做过了的钱]*[哩嘞呢啊]?")
_NOT_DONE = Pattern(
    r"(?:从来|一直|根本|压根儿?|还|都|也|真|就|俺们?|我们?|咱们?|公司|厂里|去年|目前|现在|暂时|研发)*(?:没有?|木有|未)(?:投入?|花|搞|弄|做|买|付|开始|动|欠|借|贷)(?:过|钱|啥|这个?|那个?|研发|创新|钱|设备|东西|人家|款|账|外债|的|了|啊|呢|哩|嘞|吧)*"
)
_WILL_NOT = Pattern(
    r"(?:俺们?|我们?|咱们?|公司|暂时|目前|现在|也|都|真)*(?:不(?:搞|弄|做|贷|借|需要|差钱|缺钱|想贷|打算贷|用贷?)|没(?:打算|想)(?:贷|借)?)(?:研发|这个?|那个?|贷款|款|钱|东西|些|了|的|啊|呢|哩|嘞|吧)*"
)
_SAYS = frozenset("没木冇莫无零暂不未")
_NOUNS = Pattern(
    r"(?:研发|投入|计提|提取|发生|产生|列支|开展|安排|设立|费用|支出|经费|收入|营收|销售|利润|专利|发明|人员|员工|职工|人|项目|设备|软件|投资|技改|平台|机构|成果|钱|这个|这块|这项|这方面|[的和费])*"
)
_DEBTS = Pattern(
    r"(?:没有?|零|无|不|木有)(?:任何)?(?P<what>负债|欠债|外债|债务?|贷款|欠款|欠账|借款|银行贷款|欠(?:人家|别人|外面|银行)?钱?)(?:率?是?零?)?[的了啊呢哩嘞吧]*"
)
_DEBT = Pattern("负债|债")
_TOPIC = Pattern(
    r"(?:研发|投入|费用?|经费|专利|发明|人员|设备|软件|技改|贷款|这个|这块|那个|这方面|搞|的)+(?:啊|嘛|呢|呀|吧|么)?"
)
_ASIDE = Pattern(
    r"[0-9零一二两三四五六七八九十百千万亿半几]|有|但|不过|可是|以前|之前|去年|前年|今年|花了|投了|还是|或|也许|可能"
)
_NEW = Pattern(
    r".{0,4}(?:刚刚?|才|新)(?:成立|注册|起步|开张|投产|建好|开业|办)(?:的|起来)?(?:公司|厂)?(?:没多久|不久)?[的了]?|新公司|还没(?:开张|投产|营业|开业|开工)[的呢哩]?"
)
_TO_DO = Pattern(
    r"还?在申请|申请着|审着|还没|没到|没买|没开始|刚立项|刚开始|都是|就是|全是|不搞|不弄|靠|加工|小厂|小作坊"
)


def says_nothing(text: str, ask: Ask) -> bool:
    """Tell a plain none: 没有; 还没有收入; 没有,一分没花; 没得,机器还没买."""
    if _SAYS.isdisjoint(text):
        return False
    parts = [
        p
        for p in text.strip(" ,。").split(",")
        if not (_NOT_A_BIT.fullmatch(p) or _TOPIC.fullmatch(p) or _NEW.fullmatch(p))
    ]
    if not parts:
        return _NOT_A_BIT.search(text) is not None and _NEW.search(text) is None
    if ask.kind == "percent":
        return _no_debts(parts, ask) or all(_is_none(part, ask) for part in parts)
    if all(_is_none(part, ask) for part in parts):
        return True
    rest = [part for part in parts if not _is_none(part, ask)]
    plain = len(rest) < len(parts) or "," in text
    return (
        plain
        and bool(rest)
        and all(_TO_DO.search(p) and not _ASIDE.search(p.replace("没有", "")) for p in rest)
    )


def only_nothing(text: str, ask: Ask) -> bool:
    """Tell a none that every clause says, with no reason beside it."""
    return all(_is_none(p, ask) or _NOT_A_BIT.fullmatch(p) for p in text.strip(" ,。").split(","))


def _is_none(part: str, ask: Ask) -> bool:
    nothing = _NOTHING.fullmatch(part)
    if nothing and _is_asked(nothing["what"], ask):
        return True
    if ask.kind != "money":
        return False
    if _NOT_DONE.fullmatch(part):
        return "收入" not in (ask.label or "") or "贷" not in part
    return "收入" not in (ask.label or "") and _WILL_NOT.fullmatch(part) is not None


def _no_debts(parts: list[str], ask: Ask) -> bool:
    """零负债, asked for the share of debts; no loans alone are not no debts."""
    if "负债" not in (ask.label or ""):
        return False
    told = [_DEBTS.fullmatch(part) for part in parts]
    return all(told) and any(match and _DEBT.search(match["what"]) for match in told)


def _is_asked(what: str, ask: Ask) -> bool:
    return not what or what in (ask.label or "") or _NOUNS.fullmatch(what) is not None
