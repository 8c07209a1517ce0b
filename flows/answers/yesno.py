"""Yes or no, as people in Henan type it. A yes or no that is taken back in the same breath is asked again."""

from __future__ import annotations

from flows.answers.patterns import Pattern
from flows.answers.reading import Reading, reject
from flows.answers.refusals import is_hedged, refusal

_OPENING = Pattern(
    r"(?:嗯+|额|那(?=[中不行好可有没是对])|呃|哦|噢|啊|哎|那个|我们|我司|咱们?|俺们?|公司|企业|厂里?|单位|目前|现在|暂时|今年|去年|当然|肯定|确实|其实|应该|好像|可能|大概|估计|算|也许|似乎|说实话|已经|都|也|就|真|倒|[,。!、])+"
)
_YES_FIRST = Pattern(r"不是没有?|没问题|没有问题|没啥问题|没错|没毛病|不假|错不了|那是$|必须的")
_NO = Pattern(
    r"不(?:是|对|行|中|可以|好|成|同意|符合|属于|算|具备|存在|需要|用|能|会|要|在|做|参与|参加|涉及|够|满足|愿意)?(?![^,。!的呢啊呀了吧,])"
    r"|不(?:是|对|行|中|可以|同意|符合|属于|算|具备|存在|在|涉及|满足|参与)|没有|没(?![准事关法必谱人得错问毛])|没得|木有|冇|莫得|无(?![法所论锡数])|否(?!则)|暂无|暂没有?|尚未|尚无|未(?![来知必])|还没有?|非(?!常)"
    r"|(?:还|正)?在(?:办|申请|申报|建|筹|准备|考虑|弄|跑)|申请中|办理中|筹备|准备|打算|计划|拒绝|否定|反对|算了|no(?![a-z])|nope|nah|false|[×✗✘❌👎🙅]"
)
_YES = Pattern(
    r"是(?!不是|否|啥|谁|什么|[吗嘛])|对(?![于外内不])|[已具拥设建配现]有|有(?![规限色没待望时意打计想考过申在点关益些无机误效])|行(?![业政动不])|中(?![国型小等央原间期级试部标介文学午不])"
    r"|可(?:以|中)|好(?![像几多不说])|嗯|恩|同意|符合|属于|具备|确认|确定|正确|成(?![立功本都])|能(?![不源力否])|会(?![不议计员])|管(?![理道])|要得|得劲|ok(?![a-z])|okay|yes|yeah|yep|yup|true|sure|[√✓✔✅☑👍👌🙆]"
)
_EXACT = {
    "y": True,
    "n": False,
    "是": True,
    "否": False,
    "在": True,
    "在的": True,
    "不": False,
    "x": False,
    "t": True,
    "f": False,
}
_DOUBTS = Pattern(
    r"但|不过|可是|只是|然而|以前|之前|曾|原来|过期|注销|撤销|到期|失效|吊销|一半|部分|有的|有些|不全|不完全|不一定|看情况|还是|或|可能|之一|除|名义"
)
_PENDING = Pattern(r"正在|还在|在建|筹|规划|拟|准备|打算|快|即将|申请中|办理中")  # is not there yet
_NEGATIVE, _POSITIVE = Pattern(r"[不没无未非]"), Pattern(r"(?<!没)有(?!限)|(?<!不)是的?$|也?算")
_YES_ALONE = Pattern(r"嗯+[,。!]*|当然|肯定|确实")
_NOT_AGAINST = Pattern(r"不少|不错|没问题|不含")
_LONG = 8
_ENDING = " ,.。!~;、"


def read_yesno(text: str) -> Reading:
    """Read yes or no from how the answer begins; what follows must not speak against it."""
    text = text.strip(_ENDING)
    if text in _EXACT:
        return Reading("yesno", value=_EXACT[text], rule="yesno_exact")
    if said := refusal(text):
        return said
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    if start == len(text):
        return _bare_opening(text)
    for value, pattern in ((True, _YES_FIRST), (False, _NO), (True, _YES)):
        if match := pattern.match(text, start):
            return _checked(text, match.end(), value=value)
    return reject("unclear", "not_yes_or_no")


def _bare_opening(text: str) -> Reading:
    if _YES_ALONE.fullmatch(text):
        return Reading("yesno", value=True, rule="yesno_exact")
    return reject("unclear", "not_yes_or_no")


def _checked(text: str, end: int, *, value: bool) -> Reading:
    rest = _NOT_AGAINST.sub("", text[end:])
    against = _NEGATIVE if value else _POSITIVE
    if _DOUBTS.search(rest) or against.search(rest) or (value and _PENDING.search(text)):
        return reject("unclear", "yes_and_no")
    confirm = is_hedged(text) or "大概" in text or text.startswith("算") or len(rest) > _LONG
    return Reading("yesno", value=value, confirm=confirm, rule="yesno_prefix")
