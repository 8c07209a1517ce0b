"""What people say instead of an answer: do not know, rather not, what does that mean, a lot. No numbers here."""

from __future__ import annotations

from flows.answers.patterns import Match, Pattern
from flows.answers.reading import Reading, reject

_DECLINED = Pattern(
    r"不方便|不便(?:说|透露|公开|回答)|保密|机密|隐私|秘密|无可奉告|不(?:想|愿意?|肯|能(?!说[没有不是])|可以|可|便|准备|打算|必|要|给)(?:再)?(?:说|讲|透露|告诉|回答|公开|提供|填|答)"
    r"|不告诉|不(?:好|太好|敢)(?:透露|公开|讲)|不对外|不让[说讲透]|涉密|免谈|你管得着|关你(?:啥|屁)|问这(?:个|些)?干[啥嘛吗什]|下一[题个道]|不透露|不回答|不填|拒绝(?:回答|透露|提供)|关你什么事|凭什么|跳过|略过|^(?:pass|skip)$"
)
_UNKNOWN = Pattern(
    r"不(?:太|大|老|咋老|是很|是太|怎么|咋|很|一定|够|咋个)?(?:知道|清楚|清(?=$|[,。])|晓得|了解|确定|确切|记得|掌握|好说|详|明(?!白)|敢说|懂行)"
    r"|不知(?!名|识)|[说讲吃拿估摸算闹搞弄整记想查][也都]?不(?:太)?(?:准|好|上来|清楚?|得|起来?|出来?|到|明白)|无法(?:确定|统计|提供)"
    r"|没(?:有)?(?:定(?=$|[,。])|确定|最后定|算|统计|核算|单独|分开|分摊|列出来|数(?:$|[,。])|查|记|底|细算|概念|印象|了解|关注|留意|算过|统计过|准(?:$|[,。数]))|账[^,]{0,4}没(?:有)?单列|未(?:统计|核算|知|单独)"
    r"|(?:没|未)(?:有)?听(?:说过?|过)|暂(?:时)?(?:未知|不详)|忘(?:了|记)|(?:得|要|需要?|去|我|先|等|帮你?|回头|回去)(?:我|去|再|回去)*(?:问|查|核实|核对|确认|看|翻|算)(?:问|查|看|算|一下|下|财务|会计|老板|账|报表)"
    r"|问(?:一?下|问)?(?:[我俺咱]们?|公司|厂里)*的?(?:财务|会计|老板|人事|同事|总)|(?:财务|会计|老板|人事)(?:才|那边|那里)?(?:知道|清楚|管|负责)|等.{0,8}(?:审计|报表|出来)|(?:还|暂)没出来"
    r"|谁知道|布吉岛|不造(?=$|[,。啊呀])|(?<![a-z])bu ?(?:zhi ?dao|qing ?chu)(?![a-z])|哪里?(?:能|会)?(?:知道|晓得|清楚|记得|懂)|(?:明儿|明天|回头|下午|晚上)个?[俺我]?(?:再)?问知不道|不道(?=$|[,。啊呀])|拿不准|没个准|没谱|没数(?=$|[,。])|[没无](?:有)?数据|回头(?:再|给|发|告诉|补|报)|[晚早]点(?:再|给|发)|稍后|待会儿?(?:再|给)|改天|我(?:刚来|新来)|先空着|鬼知道|^(?:不晓|不详|未知|不明)$|(?<![a-z])(?:idk|unknown|not ?sure|don'?t ?know|no ?idea|dunno)(?![a-z])"
)
_QUESTION = Pattern(
    r"什么|啥|怎么|咋|哪[个些种里一儿]|如何|为何|是指|指的是|几个意思|(?<![点好思小])意思|解释|说明一下|举个?例|算不算|(?<!不)是不是|(?<![没木])有[没木]有|(?<!不)[中行]不[中行]|(?<!不)对不对|要不要|能不能|可不可以|包不包|包括.*吗|含不含|还是不含|多少(?:算|才)|是多少|吗(?:[?!。]|$)|[没看听]不?(?:太)?(?:懂|明白)|不(?:太)?(?:理解|懂|明白)"
)
_QUESTION_END = Pattern(r"(?:\?|[^嗯有没是对中行在的着远早了多少大小好差]呢)$")
_VAGUE = Pattern(
    r"很多|好多|不少|挺多|许多|蛮多|超多|老多|老鼻子|海了去|不老少|多了去|可多|多着|不多|很少|挺少|极少|较少|没多少|若干|一般(?!纳税)|还行|还可以|凑合|马马虎虎|有一些|一些|有点|有几|好几|几[个人家项件台名位]|一大半|大头|大半|大头|大部分|大多|小部分|少量|少数|多数|多半|差不多吧|比较[多少大小高低]|巨大|不小|不大|可观|看情况|[千百十]?[万亿]级|位数|[很较挺偏好][高低大小]|一大把|不固定|不一定|随时变|浮动|变动"
)
_GUESS = Pattern(r"大概|大约|约|估计|应该|可能|差不多|好像|左右|上下|印象|也就|吧")
_DIGIT = Pattern(r"[0-9零一二两三四五六七八九十百千万亿]")
_NUMBER_AFTER = Pattern(
    r"[,。;啊吧呢]*[^,]{0,6}?[0-9零一二两三四五六七八九十百千几](?:[^,]*)[万亿元%人个成点年]"
)
_PAPER = Pattern("出来$|审计|报表")
_EXACTLY = Pattern(r"(?:具体|准确|精确|确切|详细|细)(?:的|数字|数据|数|是?多少)*(?:我|也|就|真|还|可)*$")
_COMMAS = (",", ";", "。", " ", "(")
_HEDGE = Pattern(
    r"忙的时候|旺季|怕是|恐怕|(?<!不)能[有到]|应该|好像|可能|也许|或许|似乎|估计|估摸|印象|记得|我猜|没记错|如果没|[吧?]$|预计|预估|暂估|不(?:太)?(?:确定|清楚)"
)


# One of these characters is in whatever the patterns above find: most answers have none, and skip the search.
_DECLINED_SAYS = frozenset("不密私奉谈管关问下拒凭跳略ps")
_UNKNOWN_SAYS = frozenset("不无没未忘问查核确看翻算知清管负等详头晚早稍待改刚新空鬼岛哪inb")
_BARE = frozenset(
    "0123456789.零〇一壹二两贰叁肆五伍六七柒八捌九玖十拾百佰千仟万亿元块圆整人个约多左右以上下内到-%w¥"
)


def is_bare(text: str) -> bool:
    """Tell a number with little around it (约三千万元左右): no word that only looks like a number, no refusal, no doubt."""
    return _BARE.issuperset(text) and "万一" not in text and ".." not in text and "百十" not in text


def refusal(text: str) -> Reading | None:
    """Recognise an answer that holds none. A guess after 不太清楚 (大概三千万) is an answer."""
    if not _DECLINED_SAYS.isdisjoint(text) and _DECLINED.search(text):
        return reject("declined", "declined")
    if not _UNKNOWN_SAYS.isdisjoint(text) and (unknown := _UNKNOWN.search(text)):
        return None if _has_guess(text, unknown) else Reading("unknown", rule="does_not_know")
    if _QUESTION.search(text):
        return reject("explain", "question_back")
    if _QUESTION_END.search(text) and not _DIGIT.search(text):
        return reject("explain", "question_back")
    return None


def _has_guess(text: str, unknown: Match) -> bool:
    after = text[unknown.end() :]
    before = text[: unknown.start()]
    if _DIGIT.search(before) and (before.endswith(_COMMAS) or _EXACTLY.search(before)):
        return True
    if _PAPER.search(unknown[0]) and _DIGIT.search(before.rpartition(",")[0]):
        return True  # 预计1.2亿,审计报告还没出来
    if _NUMBER_AFTER.match(after):
        return True
    guessed = _GUESS.search(after) is not None and _DIGIT.search(after) is not None
    return guessed or (_DIGIT.search(before) is not None and _GUESS.search(before) is not None)


def is_open(text: str) -> bool:
    """Tell a part of an answer that only says: not known, not told."""
    return (
        not _DIGIT.search(text.replace("一年", ""))
        and (_DECLINED.search(text) or _UNKNOWN.search(text)) is not None
    )


def without_doubt(text: str) -> str:
    """Write 不太清楚 before or after a guess as 可能, so that only the guess is left to read."""
    return text if _UNKNOWN_SAYS.isdisjoint(text) else _UNKNOWN.sub("可能", text)


def is_vague(text: str) -> bool:
    """很多, 不少, 几个: a size without a number."""
    return _VAGUE.search(text) is not None


def is_hedged(text: str) -> bool:
    """应该是, 好像, ...吧: the owner is not sure, so the value is read back."""
    return _HEDGE.search(text) is not None
