"""The one clause of a story that answers: not the neighbour's figure, not another year's, not the plan's. Reading it is elsewhere."""

from __future__ import annotations

from flows.answers.cues import told_as_another
from flows.answers.nothing import says_nothing
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask

_NUMERAL = Pattern(r"[0-9零一二两俩三仨四五六七八九十百千万亿半几]")
_NO_NUMERAL = Pattern(
    r"一(?:年(?![前多半])|般|样|直|下|块儿?|起|共|些|点|切|定|会儿?|辈子|道|边|家人|个(?:劲|样|人扛))|千万[别不要]|万一|[这那前后头]几年|[这那前后头近]?[两几][年天]|几乎|第[一二三四五]|三天两头|七上八下|乱七八糟"
)
_PARTS = Pattern(r"[,;。!]|(?<![0-9])\(|\)")
# 隔壁五个亿俺八千万: the speaker comes back to himself, or to what was really done.
_TURN = Pattern(
    r"(?<=[万亿元个件项人名口号家%成多了呢哩嘞吧下右头])(?=(?:但|可|不过|但是|可是)?(?:俺|咱|我[们家这司就]|实际|结果|其实|现在|如今|目前|眼下|眼前|去年|前年|今年|到现在|已经|到手))"
)
_OURS = Pattern("俺|咱|我|自己|本公司|单独|光这")
_THEIRS = Pattern(
    r"隔壁|同行|人家|别人|旁人|他们?(?![妈])|老[王李张刘赵陈杨](?:家|那|他)?|对门|邻居|对手|兄弟(?:厂|公司|单位)|[我俺](?:弟|哥|爸|爹|叔|舅|姐|妹|表|亲戚|朋友)|亲戚|朋友|集团|总部|母公司|总公司|大厂|龙头|行业(?:平均|里|老大)|全行业|全县|全市|另一[家个]|另外[一那][家个]|别家|上市公司"
)
_BEFORE = Pattern(
    r"之前(?:说|报|填|写)|以前|从前|原来|原先|原本(?!打|计)|早先|早前|早些年|早年|那会儿?|那时候?|那阵|那些年|前些年|前几年|头几年|往年|曾经?|当年|当初|起初|最早|刚(?:开始|起步|成立|办)|最?好的时候|最?高的时候|最多的时候|高峰|鼎盛|巅峰|旺的?时候|疫情|头一?年|大前年|刚开始"
)
_LATER = Pattern(r"明年|后年|将来|以后|下一?步|未来|往后|下半年|年底(?:前|能)|五年后")
_PART_OF_A_YEAR = Pattern(
    r"[上下]半年|[一二三四前]+个?季度?|[0-9一二三四五六七八九十]+月(?:份|底)?|每|平均|一个月|[个单]月|一天|日均"
)
_PLANNED = Pattern(
    r"目标|计划|打算|原定|预定|本来(?:想|要|打|说|指)|原(?:想|本打)|预算|想着|想(?=[做干投花弄搞])|争取|指望|盼|准备(?!金)|订单|合同|签了|立项|批复|备案(?:是|金额)?|承诺|任务|吹|号称|对外说"
)
_DONE = Pattern(r"实际|已经?|到现在|眼下|目前|现在|才(?=[花付投])|真正|落地|到手")
_WANTED = Pattern("计划|打算|目标|总投|想|需|要|预计")
_UNDER_WAY = Pattern(r"申请了?|申报|报了|交了|递了|在审|受理|公示|在申|没下来|实质审查|实审")
_CAME = Pattern(r"[招走来进辞裁退离新添]了|辞职|退休|新招")
_CHANGE = Pattern(
    r"同比|环比|比(?:前年|去年|上年|往年)[^,]*(?:增|涨|降|跌|多|少|翻)|(?:增长?|增加|涨|降|跌|[多少]|下滑)了"
)
_OTHER_PATENTS = Pattern("实用新型|外观|软著|商标")
_NOW = Pattern("现在|如今|目前|眼下|今年|这会儿|现有|到现在|剩")
# What has no number and yet speaks about one: such a text is asked again.
_SPEAKS_BACK = Pattern(
    r"^(?:这|那|都|可|其实|不过|但|也)*(?:不?是|算)(?!骂|吹|啥|秘密|个|老|靠|干|做|搞|试|这|俺|实用|外观)|[去前今明后]年的?(?:$|数|账|了)|半年|季度|每[个年月天]|一个?月|目标|计划|打算|争取|合同|订单|预计|到账|回款|开玩笑|逗你|瞎|随口|胡[说编]|骗|[说看算打]错|错了|不对|不准|[没未](?:那么|有|到|达|完成|做到|收|入账|开票|交|给|结|敢|弄清)"
    r"|不到|不止|不够|[还都也](?:没|未)(?!细|算|统计|看)|除|扣|减|刨|去掉|还要|另外|加上|以外|如果|要是|假如|可能|也许|或者?|还是|吗|\?|增|降|涨|跌|翻|[多少]了|一半|对半|含|美[元金]|外币|的话|就好了|该多好|才怪|平均|合计|加起来|总共"
)
_OPINION = Pattern("以为|都说|笑|看[着见]|瞧|羡|嫌|欺负|不[容好]|难|竞争|抢|压|干不过|厉害")
_LEVEL = Pattern(
    r"(?:一下子?|直接|慢慢|又)?(?:[掉降跌落滑缩减裁涨升长增退]|下滑|下降|回升|回落|恢复|提高|精简|收缩)(?:低|长|加|少|落)?了?[到至成](?=[^,]*[0-9一二两俩三四五六七八九十百千万几])"
)
_THESE_YEARS = Pattern("[这近][两几]年来?|这些年")


def told(text: str, ask: Ask) -> str | None:
    """Give the clause that tells the asked figure, where all others tell of something else or of nothing."""
    text = _THESE_YEARS.sub("", level_told(text))
    clauses = _clauses(text)
    if len(clauses) <= 1:
        return clauses[0] if clauses else None
    waiting = ""
    answers: list[str] = []
    for clause in clauses:
        if not _numbered(clause, ask):
            if _marks_aside(clause, ask) and not _OPINION.search(clause):
                waiting = clause
            elif _SPEAKS_BACK.search(clause):
                return None
            continue
        if not (
            _is_aside(clause, ask) or (waiting and not _OURS.search(clause) and not _DONE.search(clause))
        ):
            answers.append(clause)
        waiting = ""
    if (
        waiting
        or not answers
        or (len(clauses) > 1 and says_nothing(answers[-1], ask) and "收入" in (ask.label or ""))
    ):
        return None
    if len(answers) > 1:
        answers = _closest(answers, ask)
    return answers[0] if len(answers) == 1 else None


def level_told(text: str) -> str:
    """Write 掉到七千万 as 是七千万: a change to a level tells the level."""
    return _LEVEL.sub("是", text)


def is_of_others(clause: str) -> bool:
    """Tell a clause about another firm or about times long gone: 那会儿才二十人."""
    other = _THEIRS.search(clause) or _BEFORE.search(clause)
    return other is not None and _OURS.search(clause) is None and _NOW.search(clause) is None


def _clauses(text: str) -> list[str]:
    parts = [part for part in _PARTS.split(text) if part and part.strip(" 。!~")]
    return [piece for part in parts for piece in _TURN.split(part) if piece]


def _numbered(clause: str, ask: Ask) -> bool:
    return _NUMERAL.search(_NO_NUMERAL.sub("", clause)) is not None or says_nothing(clause, ask)


def _marks_aside(clause: str, ask: Ask) -> bool:
    """Tell a clause that only announces whose or which figure comes next: 隔壁那家,三个亿."""
    return not _OURS.search(clause) and not _OTHER_PATENTS.search(clause) and _is_aside(clause, ask)


def _is_aside(clause: str, ask: Ask) -> bool:
    """Tell a figure of somebody else, of another time, of a plan or of another kind than the asked one."""
    label = ask.label or ""
    if _another_time(clause, ask) or told_as_another(clause, ask):
        return True
    theirs = _THEIRS.search(clause)
    if theirs and theirs[0] not in label:
        ours = _OURS.search(clause, theirs.end())
        return ours is None
    if _WANTED.search(label):
        return _DONE.search(clause) is not None and _PLANNED.search(clause) is None
    if _PLANNED.search(clause) and not _DONE.search(clause):
        return True
    if ask.kind == "money" and _CHANGE.search(clause):
        return True
    if ask.kind == "count":
        return _of_other_things(clause, label)
    return False


def _of_other_things(clause: str, label: str) -> bool:
    """A patent applied for is not granted; who came and went is not who is there."""
    if _UNDER_WAY.search(clause) and not _UNDER_WAY.search(label):
        return True
    if _CAME.search(clause) and not _NOW.search(clause):
        return True
    other = _OTHER_PATENTS.search(clause)
    return other is not None and other[0] not in label


def _another_time(clause: str, ask: Ask) -> bool:
    label = ask.label or ""
    if ask.kind == "year":
        return False
    past = _BEFORE.search(clause)
    if past and past[0] not in label and not _NOW.search(clause) and "去年" not in clause:
        return True
    if ("前年" in clause or "上上年" in clause) and "前年" not in label:
        return True
    if (later := _LATER.search(clause)) and later[0] not in label:
        return True
    if ask.kind == "money" and "今年" in clause and "去年" not in clause and "今年" not in label:
        return True
    part = _PART_OF_A_YEAR.search(clause)
    return ask.kind == "money" and part is not None and part[0] not in label


def _closest(answers: list[str], ask: Ask) -> list[str]:
    """Of several take the one that says now, or really, or names the asked year, where only one does."""
    marked = "去年" if ask.kind == "money" and not _WANTED.search(ask.label or "") else None
    for mark in (_DONE, _NOW):
        if len(told_so := [a for a in answers if mark.search(a)]) == 1 and ask.kind != "money":
            return told_so
    if marked:
        named = [a for a in answers if marked in a]
        return named if len(named) == 1 else answers
    return answers
