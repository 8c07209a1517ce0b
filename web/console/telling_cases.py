"""How the work list and the case say their words: states, verdicts, flags, refusals; Chinese here, English in locale/."""

from web.console.wording import Phrase

STATES = {
    "new": Phrase("新答完"),
    "asked": Phrase("申请复核"),
    "reviewing": Phrase("复核中"),
    "waiting": Phrase("等企业回答"),
    "reviewed": Phrase("已复核"),
    "open": Phrase("在答题"),
}
VERDICTS = {
    "eligible": Phrase("按所答符合"),
    "conditional": Phrase("要看认定"),
    "undetermined": Phrase("还不能定"),
    "ineligible": Phrase("目前够不上"),
    "not_applicable": Phrase("不涉及"),
    "contradictory": Phrase("答复前后对不上"),
    "out_of_scope": Phrase("不在适用范围"),
    "on_ladder": Phrase("在阶梯上"),
    "below": Phrase("还没到第一级"),
    "unknown": Phrase("还定不下"),
    "concerns": Phrase("与企业有关"),
    "does_not_concern": Phrase("与企业无关"),
}
RUNG_STATES = {
    "met": Phrase("已有"),
    "missing": Phrase("尚缺"),
    "unknown": Phrase("待定"),
    "not_expected": Phrase("还不期望"),
    "not_assessed": Phrase("不测"),
}
FLAGS = {
    "confirmed": Phrase("读数是企业确认过才记的"),
    "changed": Phrase("改过多次"),
    "contradiction": Phrase("两个答复对不上"),
    "near": Phrase("离门槛很近"),
    "ratio": Phrase("研发投入占营收偏高"),
    "approx": Phrase("说的是大约数"),
    "colleague": Phrase("同事代答"),
}
CERTAINTY = {
    "exact": Phrase("准数"),
    "approx": Phrase("大约"),
    "range": Phrase("范围"),
    "unknown": Phrase("不确定"),
    "declined": Phrase("不方便说"),
    "skipped": Phrase("跳过"),
}
ROLES = {
    "owner": Phrase("企业"),
    "advisor": Phrase("顾问"),
    "colleague": Phrase("企业同事"),
    "machine": Phrase("系统"),
}
CONDITIONS = {
    "applies_when": Phrase("什么情况算"),
    "eligible_when": Phrase("要符合"),
    "authority_decides": Phrase("由主管部门定"),
}
QUESTION_STATES = {
    "asked": Phrase("等回答"),
    "later": Phrase("说以后再答"),
    "answered": Phrase("答了"),
    "withdrawn": Phrase("不问了"),
}
NOT_DONE = {
    "changed": Phrase("这件测评刚才有变动，您的操作没有做。请看过新的内容再做一次。"),
    "others": Phrase("这件测评在别的顾问手里。"),
    "free": Phrase("这件测评没有人在办。"),
    "nobody": Phrase("没有这位顾问，或者账户停用了。"),
    "not_theirs": Phrase("这位顾问看不到这家企业，不能转给他。"),
    "unknown": Phrase("没有这一项。"),
    "none": Phrase("已经没有了。"),
    "unreachable": Phrase("现在联系不上企业：没有可用的聊天账号。"),
    "open": Phrase("企业还没答完，不能结束复核。"),
    "empty": Phrase("请写上内容。"),
    "too_long": Phrase("太长了，请写短一些（2000 字以内）。"),
    "unreadable": Phrase("没有读懂，请照企业会说的那样写，比如“8000万”。"),
    "amount": Phrase("金额没有读懂：请写万元为单位的数，比如 700 或 700.5，也可以不填。"),
    "same": Phrase("和现在记的一样，没有改。"),
}
RUNGS = {
    "-1": Phrase("不在河南"),
    "0": Phrase("第一级以下"),
    "1": Phrase("第 1 级"),
    "2": Phrase("第 2 级"),
    "3": Phrase("第 3 级"),
    "4": Phrase("第 4 级"),
}
SORTS = {
    "newest": Phrase("最近有变动的在前"),
    "oldest": Phrase("最早的在前"),
    "amount": Phrase("金额大的在前"),
}
INDUSTRIES = {
    "manufacturing": Phrase("制造业"),
    "mining_utilities": Phrase("采矿、水电气"),
    "software_it": Phrase("软件和信息服务"),
    "construction": Phrase("建筑业"),
    "trade": Phrase("批发零售"),
    "transport": Phrase("交通运输"),
    "agriculture": Phrase("农业"),
    "other_service": Phrase("其他服务业"),
}
