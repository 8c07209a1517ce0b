"""What is said around an answer: apologies, laughter, sighs, trade in general, emoji, slips of the finger. No answer is read here."""

from __future__ import annotations

from flows.answers.patterns import Match, Pattern

_DIGIT = Pattern(r"[0-9零一二两俩仨三四五六七八九十百千万亿]")
_FILLED = Pattern(r"[有是没无中对]")
# Said while thinking: their 啥 and 咋 ask nothing, wherever in the clause they stand.
_LEAD_IN = Pattern(
    r"(?:^|(?<=[,。]))(?:(?:(?:咋|怎么)说[嘞呢哩啊吧]|那个啥?(?![厂月])|你看啊?(?![中行对])|这么说吧|跟你说(?:实话)?|给你说(?:实话)?|[说讲]?(?:实话|真的)(?:说|讲)?|老实说|实不相瞒"
    r"|往[多少大小]了?里?说|满打满算|说(?:出来|起来)?不怕(?:你|恁)?(?:笑话|丢人)|嗨+|害(?=[,。])|唉+|哎[呀哟]*|诶|嗯+|呃|额(?=[,。])|哈{2,}|嘿+|呵+|哦+(?=[,。])"
    r"|不好意思[啊哈了]?|抱歉[啊哈]?|对不起|您好|你好|老师好?|领导好?|亲(?=[,。])|谢谢|收到|辛苦了?|麻烦了|打扰了)[,。!~]*)+"
)
_ENDING = Pattern(
    r"(?:[,。!~ ]*(?:哈{2,}|嘿{2,}|呵{2,}|嘻{2,}|唉+|谢谢(?:啊|了|您|你)?|多谢|辛苦了?|哎|(?<=[,。])(?:亲|老师|领导)))+[,。!~]*$"
)
_ANYONE = "(?:你|恁|您|俺|我|咱|他)?们?"
# Whole clauses that say nothing of the figure: each asks for sympathy, excuses the speaker or talks of the times.
_CLAUSE = Pattern(
    rf"(?:{_ANYONE}(?:给|帮|再|就)?(?:看看?|瞧瞧?|说说?|觉得|想想?|算算?|听听?)(?:[是这]?(?:中不中|行不行|好不好|对不对|是不是|可不可以|咋办|咋弄|咋整|怎么办|多不多|少不少|咋样|怎么样|多难|还)|[啊吧呗])?"
    rf"|{_ANYONE}(?:也|又|都|真|可|确实)?(?:不(?:太|大)?(?:懂|明白|会算|识字|认字)|没(?:看|听|弄|搞)(?:太)?(?:懂|明白)|没文化)(?:这个?|这些|这东西|会计|财务)?[啊的哩嘞呢]?"
    rf"|{_ANYONE}?(?:可|千万)?(?:别|甭|不要)(?:笑话?|往外|嫌|说出去|外传|告诉|当真|见笑|生气|急).*"
    r"|(?:让|叫)[你您恁]们?见笑了?|见笑了?|不怕[你您恁]们?笑话|丢人|惭愧|不是骂人|不是吹的?|不吹牛?|没吹牛?|不骗[你您恁]"
    r"|(?!.*[错对]).{0,3}(?:刚看[到见]|才看[到见]|刚在|刚才|在开会|在忙|忙着?|在车间|在外头|开车|回晚了|回复晚了|稍等|等[下会]|等我|让我|容我|我看[看下]|俺?算算|我算算).{0,6}"
    rf"|(?:{_ANYONE})?(?:恭喜发财|六六大顺|你猜|你看吧?|你说|是不是|对吧|对不对|懂吧|知道吧|就这样|就这|没错|先这样|这样吧?|大概就这样|差不多就这样|有点|有一点|有一些|也?不瞒[着你您恁]?|不藏着掖着|凑合吧?|还行|还可以|马马虎虎|就这么多|不多|不算多|不算少|不少|不高|不大|没多少|没细算|没算)[了啊吧呢的]*)"
)
_NOT_COUNTED = Pattern("六六大顺|一[下会看]|第一|一直|不[三四]")
_TRADE = "(?:行情|生意|效益|市场|形势|大环境|经济|日子|钱|活儿?|买卖|行业|年景|订单)"
_TIMES = Pattern(
    rf"{_TRADE}(?:也|都|是|可|真|又|还|确实)*(?:(?:不|难)(?:太|咋|大|怎么)?(?:好?[做挣赚干弄过]|好|行|中|景气|咋样|怎么样|稳定?|理想)|还?(?:行|中|可以|不错|凑合|一般)|差|很?难|淡|下滑|萧条)(?:得很|的很|多了)?[啊呀了吧呢嘞哩,。]*(?!时)"
)
_PICTURE = Pattern(
    "[\u2600-\u2604\u2607-\u2653\u2669-\u2704\u2707-\u2712\u2728-\u273f\u2764\u2b00-\u2bff\u200d\U0001f000-\U0001f2ff\U0001f300-\U0001f44b"
    "\U0001f44f-\U0001f644\U0001f648-\U0001f64a\U0001f64c-\U0001f6ff\U0001f900-\U0001faff]"
)
_SAYS_YES_OR_NO = frozenset("✅☑❌👍👌👎🙅🙆✔✖✗✘√×")
_NAMED_PICTURE = Pattern(r"\[(?P<name>[\u4e00-\u9fff]{1,4}|ok|emm+)\]")
_NAMED = {"ok": "ok,", "强": "👍,", "赞": "👍,", "弱": "👎,"}
_LEADS = frozenset("咋怎那你跟给实老往满说讲嗨害唉哎诶嗯呃额哈嘿呵哦不抱对您领亲谢收辛麻打真这")
_ENDS = frozenset("哈嘿呵嘻唉谢您你了啊苦哎亲师导")
_TRADES = frozenset("情意益场势境济子钱活卖业景单")


def without_pictures(text: str) -> str:
    """Drop emoji and WeChat's [捂脸], but not those that say yes or no."""
    if text.isascii() and "[" not in text:
        return text
    text = _NAMED_PICTURE.sub(lambda m: _NAMED.get(m["name"], ","), text) if "[" in text else text
    if not _PICTURE.search(text):
        return text
    bare = _PICTURE.sub(_picture, text)
    return bare if bare.strip(" ,") else text


def _picture(match: Match) -> str:
    return match[0] if match[0] in _SAYS_YES_OR_NO else ""


def without_filler(text: str) -> str:
    """Drop what people say while they think or to be polite, as long as something is left that may be an answer."""
    shorter = text
    several = "," in text
    if text[:1] in _LEADS or several:
        shorter = _LEAD_IN.sub("", shorter)
    if not _ENDS.isdisjoint(shorter[-4:]):
        shorter = _ENDING.sub("", shorter)
    if not _TRADES.isdisjoint(shorter):
        shorter = _TIMES.sub("", shorter)
    if not several and shorter == text:
        return text
    if "," in shorter:
        kept = [clause for clause in shorter.split(",") if not _says_little(clause.strip(" 。!~"))]
        shorter = ",".join(kept) or shorter
    return shorter if _DIGIT.search(shorter) or _FILLED.search(shorter) else text


def _says_little(clause: str) -> bool:
    return _CLAUSE.fullmatch(clause) is not None and not _DIGIT.search(_NOT_COUNTED.sub("", clause))
