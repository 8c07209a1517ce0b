"""The words by which people say yes, no, nothing or "leave it", list by list. What a list is used for stands with its user."""

import re

# Courtesies are no answers: "好的" to "有没有……？" is read back, after the last question it is just polite.
POLITE = {
    *("好", "好的", "好吧", "好嘞", "行", "可以", "ok", "okay", "收到", "知道了", "明白", "明白了"),
    *("谢谢", "谢谢您", "谢谢你", "多谢", "辛苦了", "麻烦了"),
}

# A no without anything beside it; whatever else holds a no is looked at twice.
PLAIN_NO = re.compile(
    "(我们|我司|公司|企业|厂里|目前|现在|暂时|还|都|也|就|真|的确|确实)*"
    "(没有?|没得|木有|冇|无|暂无|尚无|不是|不|否|不中|不对|没有过|no|n|nope)(的|呢|啊|呀|哦|了)?"
)
# What is under way is not there yet, but neither is it a no.
UNDER_WAY = re.compile("在|申请|申报|准备|打算|筹|计划|还没|尚未|即将|快|等")

# "得问财务", "不清楚，要问一下会计才知道": put aside for a colleague. Who adds a figure has answered.
ASK_ANOTHER = re.compile(
    "(?:(?:我|我也)?(?:不知道|不清楚|不太清楚|不确定|不了解|说不准|说不好|记不清|没数)[,，。 ]*)?"
    "(?:这个|这|那个|具体|这题|这一题)?(?:我|我们)?(?:得|要|需要|需|去|先|回头|还得|还要|必须)*(?:去|再)*"
    "(?:问|找)(?:一?下|问|一问)?(?:我们|咱们|公司|厂里|单位)?的?"
    "(?:财务|会计|出纳|同事|别人|人事|老板|技术|研发|车间|办公室|行政|总工)(?:部门|部|科|室|总监|总|那边|那里|他们|们)?"
    "(?:一?下|一问|才(?:知道|清楚|行))?(?:吧|了|呢)?"
)

# "到没到 1亿元？": these mean nothing outside that question (`1` and `2` are its two buttons).
REACHED = {"1", "到了", "到", "够", "够了", "达到", "达到了", "过了", "超过了", "有的"}
SHORT = {"2", "没到", "不到", "没有到", "不够", "没够", "没达到", "还没到", "差一点", "差点", "没过"}

# Instead of a name or a code: there will be none.
NOTHING = {"无", "没", "没有", "不留", "不想留", "不留了", "不用", "不用了", "不给", "算了", "不填", "免了"}

# "……，对吗？": the words of its two buttons, and what the reader of yes and no does not know.
RIGHT = {"1", "对", "没错", "确认"}
WRONG = {
    *("2", "改", "修改", "要改", "错了", "错", "不删", "取消", "别"),
    *("不要", "不用", "不用了", "算了", "不,回到原来的地方"),
}
# "要修改吗？": here `改` is a yes.
CHANGE_IT = {"要", "改", "修改", "要改", "要修改", "1"}
# "不对，是3.5亿": what stands before the right figure, the longest first.
NOT_SO = ("不对", "不是", "错了", "不")

# Two figures that do not fit: which one, or neither.
THE_PART = {"1", "前一个", "第一个", "前者", "前面的"}
THE_WHOLE = {"2", "后一个", "第二个", "后者", "后面的"}
BOTH_RIGHT = {"都没错", "没错", "都对", "都没错,先这样", "先这样", "不改", "都不改", "就这样", "3", "第三个"}

# An answer to the question that stood before (有, 在, 嗯) must never be taken for one of these.
DELETE_FOR_SURE = {"确认删除"}
RESTART_FOR_SURE = {"确认重来", "确认", "是", "是的", "对", "对的"}
# Most likely a yes to "要删除吗？", but too little for what cannot be taken back: asked for once more.
DELETE_PERHAPS = {
    *("是", "是的", "对", "对的", "确认", "确定", "要", "要的", "要删", "删", "删吧", "删掉", "全删"),
    *("好", "好的", "嗯", "可以", "行", "同意", "yes", "y", "ok"),
}

# Two persons become one: it cannot be taken back either.
JOIN_FOR_SURE = {*("合到一起", "合", "合并", "合起来", "确认合并", "确认", "是", "是的", "对", "对的"), "1"}

# Only these agree to the notice: "好" or "开始" may mean something else.
AGREE = {"同意", "我同意", "同意并开始", "同意,开始", "同意开始", "我改主意了,同意"}
REFUSE = {"不同意", "我不同意", "拒绝", "算了", "不用了"}


def is_bare_sign(said: str) -> bool:
    """A thumb, a tick, a cross and nothing else: easily tapped by mistake, and meant in more than one way."""
    return bool(said) and not any(letter.isalnum() for letter in said)
