"""What people can tell the talk itself, in words or by button, at any moment: go back, skip, pause, delete."""

import unicodedata
from enum import StrEnum


class Command(StrEnum):
    """The keys double as those of the buttons; a channel's own spelling (`/start`) comes with a slash."""

    START = "start"
    BACK = "back"
    SKIP = "skip"
    UNKNOWN = "unknown"
    EXPLAIN = "explain"
    EDIT = "edit"
    RESULT = "result"
    REPORT = "report"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    UNSKIP = "unskip"
    DEEP = "deep"
    FIRMS = "firms"
    HELP = "help"
    MYDATA = "mydata"
    STOP = "stop"
    DELETE = "delete"
    ADVISOR = "advisor"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    UNASK = "unask"
    ANSWER = "answer"
    COLLEAGUE = "colleague"
    HAND = "hand"
    TAKE_BACK = "take-back"
    MOVE = "move"
    KEEP_CODE = "keep-code"
    YES = "yes"
    NO = "no"


_WORDS = {
    Command.START: ("开始", "开始测评", "你好", "您好", "hi", "hello", "在吗", "同意", "我同意", "同意,开始"),
    Command.BACK: ("上一步", "返回", "上一题", "后退", "回去", "退回", "上一个"),
    Command.SKIP: ("跳过", "先跳过", "下一题", "略过", "以后再说", "先不答", "不想答", "pass"),
    Command.EXPLAIN: (
        "?",
        "??",
        "???",
        "什么意思",
        "这是什么意思",
        "这是什么",
        "没看懂",
        "不懂",
        "啥意思",
        "解释一下",
    ),
    Command.EDIT: ("改", "修改", "改答案", "修改答案", "更正", "改一下", "答错了", "写错了", "填错了"),
    Command.RESULT: ("结果", "看结果", "测评结果", "查看结果", "我的结果", "看看结果", "出结果"),
    Command.REPORT: (
        *(
            "要报告",
            "报告",
            "导出",
            "我要报告",
            "出报告",
            "要一份报告",
            "生成报告",
            "测评报告",
            "自测报告",
            "我的报告",
        ),
        *(
            "看报告",
            "导出报告",
            "下载报告",
            "打印",
            "打印报告",
            "发报告",
            "报告发我",
            "pdf",
            "导出pdf",
            "下载",
        ),
    ),
    Command.PAUSE: ("暂停", "先到这", "先到这里", "停一下", "下次再说", "待会再说", "明天再说", "再见"),
    Command.RESUME: (
        "继续",
        "继续测评",
        "接着来",
        "接着答",
        "不改了",
        "不改了,继续",
        "不改,继续",
        "回来了",
        "我回来了",
    ),
    Command.RESTART: ("重新开始", "重来", "从头开始", "重新测评", "再测一次"),
    Command.UNSKIP: ("补答", "补上", "补上跳过的", "补答跳过的", "补答跳过的题"),
    Command.DEEP: (
        "细测",
        "再测细一点",
        "再细测",
        "细看",
        "详细测",
        "深入测",
        "细测一下",
        "看资格",
        "换个方面",
    ),
    Command.HAND: (
        *(
            "让同事来答",
            "让同事答",
            "交给同事",
            "交给同事答",
            "转给同事",
            "请同事答",
            "请同事来答",
            "让财务来答",
        ),
        *("让财务答", "让会计来答", "让会计答", "交给财务", "交给会计", "转给财务", "发给同事", "同事来答"),
        *("要个码", "给个码", "再发一个码", "换个码", "新的码"),
    ),
    Command.TAKE_BACK: (
        "收回",
        "收回码",
        "收回这个码",
        "把码收回",
        "把码收回来",
        "码作废",
        "作废",
        "不让同事答了",
    ),
    Command.MOVE: (
        *(
            "换个地方接着答",
            "换个地方",
            "换地方",
            "换个地方答",
            "换到网页",
            "换到网页上",
            "转到网页",
            "用网页测",
        ),
        *(
            "用网页答",
            "在网页上继续",
            "到网页上继续",
            "换到telegram",
            "在telegram上继续",
            "在 telegram 上继续",
        ),
        *("到telegram上继续", "换到电报", "换电脑", "换到电脑", "在电脑上继续"),
    ),
    Command.KEEP_CODE: (
        *(
            "续测码",
            "要续测码",
            "我的续测码",
            "给我续测码",
            "要个续测码",
            "新的续测码",
            "换续测码",
            "换个续测码",
        ),
        *("换手机", "换个手机", "换手机了", "要换手机", "我要换手机", "换设备"),
    ),
    Command.FIRMS: (
        "换一家企业",
        "换企业",
        "另一家企业",
        "新企业",
        "切换企业",
        "换一家",
        "换公司",
        "换一家公司",
        "另一家公司",
        "还有一家企业",
    ),
    Command.HELP: (
        *(
            "帮助",
            "菜单",
            "怎么用",
            "有什么功能",
            "help",
            "你是谁",
            "你是什么",
            "你是干什么的",
            "你是做什么的",
        ),
        *("你是干嘛的", "你是机器人吗", "你能做什么", "你会什么"),
    ),
    Command.MYDATA: ("我的数据", "查看我的数据", "你存了什么", "存了什么", "我的信息"),
    Command.STOP: ("停止", "stop", "退出", "结束"),
    Command.DELETE: ("删除我的数据", "删除数据", "删除", "注销", "撤回同意", "不同意", "删除我的信息"),
    Command.SUBSCRIBE: (
        *("订阅", "订阅管理", "看订阅", "我的订阅", "有变化告诉我", "有新政策告诉我", "推送"),
    ),
    Command.UNSUBSCRIBE: (
        *(
            "退订",
            "td",
            "取消订阅",
            "全部退订",
            "不要再发",
            "不要再发了",
            "别再发了",
            "别发了",
            "unsubscribe",
        ),
    ),
    Command.UNASK: (
        "不用复核了",
        "不用复核",
        "取消复核",
        "收回复核",
        "撤回复核",
        "不要复核了",
        "不用人工了",
        "取消人工",
    ),
    Command.ANSWER: ("答顾问", "回答顾问", "回复顾问", "答复顾问"),
    Command.ADVISOR: (
        "人工",
        "人工复核",
        "申请复核",
        "请顾问复核",
        "复核",
        "转人工",
        "找人工",
        "客服",
        "顾问",
        "找顾问",
        "联系顾问",
        "有人吗",
    ),
}
_BY_WORD = {word: command for command, words in _WORDS.items() for word in words}
_MARKS = " .。!,~"


def plain(text: str) -> str:
    """A short message as words are looked up: full width folded, small letters, no marks around it."""
    return unicodedata.normalize("NFKC", text).strip().strip(_MARKS).casefold()


def is_slashed(text: str) -> bool:
    """Whether it is meant for a command in a channel's spelling, be there such a one or not."""
    return plain(text).startswith("/")


def command_of(text: str) -> Command | None:
    """The command that a whole message is, None where it is something else (an answer, most often)."""
    said = plain(text)
    if said.startswith("/"):
        word = said[1:].split("@", 1)[0].split(" ", 1)[0]
        return Command(word) if word in _SLASH else None
    return _BY_WORD.get(said.rstrip("?") or said)


_SLASH = {
    *(
        Command.START,
        Command.RESULT,
        Command.REPORT,
        Command.EDIT,
        Command.PAUSE,
        Command.RESUME,
        Command.HELP,
    ),
    *(
        Command.MYDATA,
        Command.STOP,
        Command.DELETE,
        Command.RESTART,
        Command.BACK,
        Command.SKIP,
        Command.FIRMS,
        Command.SUBSCRIBE,
        Command.UNSUBSCRIBE,
    ),
}


def edit_target(text: str) -> str | None:
    """What somebody wants to change: `改营业收入`, `修改 营业收入` -> `营业收入`; None for anything else."""
    said = plain(text).removeprefix("我").removeprefix("想").removeprefix("要")
    for word in ("修改", "更正", "改"):
        if said.startswith(word) and len(said) > len(word):
            return said.removeprefix(word).removeprefix("一下").strip(f"{_MARKS}:") or None
    return None
