"""How the bulletins' pages say their words: states, faults, refusals; Chinese here, English in locale/."""

from web.console.wording import Phrase

STATES = {
    "draft": Phrase("草稿"),
    "scheduled": Phrase("已定时"),
    "preparing": Phrase("正在列名单"),
    "sending": Phrase("正在发"),
    "paused": Phrase("已暂停"),
    "cancelled": Phrase("已取消"),
    "done": Phrase("发完了"),
}
DELIVERED = {
    "sent": Phrase("已送出"),
    "waiting": Phrase("等着发"),
    "sending": Phrase("正在送"),
    "held": Phrase("等每周汇总"),
    "merged": Phrase("并入每周汇总"),
    "failed": Phrase("没有送到"),
    "blocked": Phrase("对方已屏蔽或停用"),
    "unknown": Phrase("不知送到没有"),
    "cancelled": Phrase("取消，没有发"),
}
TOPICS = {
    "result": Phrase("我的结果有变化"),
    "policy": Phrase("和企业有关的新政策"),
}
CHANNELS = {
    "telegram": Phrase("Telegram"),
    "web": Phrase("网页"),
    "terminal": Phrase("终端"),
    "email": Phrase("电子邮件"),
}
FAULTS = {
    "empty": Phrase("请写上内容。"),
    "long": Phrase("太长了：{told} 字。"),
    "letters": Phrase("有一个显示不出来的字符（{told}），请删掉。"),
    "stress": Phrase("强调的 ** 要成对，前后在同一行；标题里不能用星号。"),
    "link": Phrase("只能写本站和 gov.cn 的 https 网址，这个不行：{told}"),
    "unknown": Phrase("没有“{told}”这一项。"),
    "needs_measure": Phrase("请先选是哪项措施的判定。"),
    "unpublished": Phrase("没有这次重新判定：政策版本发布以后，才知道谁的结果变了。"),
    "running": Phrase("这个版本还在重新判定，算完才知道谁的结果变了。"),
}
HELD_BACK = {
    "nobody": Phrase("现在没有人会收到，请看一下发给谁。"),
    "second": Phrase("超过 100 人，要由写稿人以外的管理员来发。"),
    "past": Phrase("定的时间已经过了，请定一个以后的时间。"),
    "none": Phrase("没有可以重发的：没有失败的，或者失败的都已退订、联系不上，或者满 30 天已清空。"),
}
CHANGED = Phrase("这条通报刚才有变动，您的操作没有做。请看过新的内容再做一次。")
COUNTED_ANEW = Phrase("收件人刚才有变动，现在是 {count} 人。请再看一遍，再按一次。")
UNREADABLE_TIME = Phrase("没有读懂这个时间，请写成 2026-12-01 09:00（北京时间）。")
FAULTY = Phrase("有几处要改，请看下面标出来的地方。")
NOT_LINKED = Phrase("您还没有连接聊天账号，先到“新工作怎么告诉我”连接一个。")
TRIED_OUT = Phrase("已经发到您连接的聊天里，标着“试发”。")
ACTS = {
    "pause": Phrase("暂停"),
    "resume": Phrase("继续发"),
    "cancel": Phrase("取消这条通报"),
    "retry": Phrase("只重发失败的"),
}
BY_ITSELF = Phrase("系统")
