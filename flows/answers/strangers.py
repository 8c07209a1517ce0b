"""What stands beside a number and is not known to say nothing: a figure of another kind is asked again, an unknown word read back.

A value is taken in silence only where every character around it belongs to the question or to small talk about amounts.
"""

from __future__ import annotations

from functools import lru_cache

from flows.answers.cues import cues
from flows.answers.patterns import Pattern
from flows.answers.reading import Ask

_PLAIN = frozenset(
    " ,.。:;!?()~-_、%+=0123456789"
    "去年全整上度我们俺咱自己家公司厂里企业的是有为做干搞弄卖挣了得就也都约近到快还这个那嘛嗯目前现在会儿大概其差不多估计应该可能至少超过"
    "将接共总一二合计达只才刚正好左右下以内吧啊呀呢哩嘞哈哦嗷咧么来约摸算数左边头多余几点字据报表显示按照财务会计说讲看查核实际准确具体万亿元块钱人民币"
    "不含税未交易难名位号口岗册员工职今每样子光景够足满你您恁姐哥他她听写径肯定勉强截底反绝从跟涨离缺越快中rmbcny“”【】[]👍的话"
)
_WHOLES = "营业销售收入额总"
_INCLUDED = Pattern("算上|含|包括|连|加上")
_REVENUE = Pattern(
    r"单(?:个|家)?店|每家|出口|[内外]销|外贸|[国海]外|国内|省[内外]|营业外|(?:补贴|房租|租金|利息|投资)收入|其[他它]业务|[销进]项|[进备囤]了?(?=_*的?货)|进货|备货|产能|中标|中了?_|签单|签约|(?<!想)想_"
    r"|老[大二三]_|老[大二三](?:那|家)|分(?:公司|厂)|融资|[abc]轮|[补上预]缴|[交缴](?:了|给)?_|[交缴](?:了|给)|(?:销售|管理|财务|研发|期间|三项)费用|账上(?:趴|还|躺|剩)|现金|存款|卖.{0,4}(?:设备|地|厂房|房|车|股份|资产)|_(?:的)?(?:设备|地|厂房)"
    r"|吹|调整前|q[1-4]|季|抵|利息|补偿|净利|刷单|退货|坏账|三年|几年|两年|五年|累计|成立以来|投产以来|历年"
)
_SPENT = Pattern(
    r"资本化|费用化|抵|立项|预算|拨款|[拨批奖补]了?_|拨了|给了|给_|工资(?=[^,加]{0,3}_)|委外|外包|光(?:材料|设备|人工)|楼|盖|建的|一个项目|每个|审计|专审|补贴|奖补|加计|三年|几年|两年|累计|历年|退税|所得税|报销"
)
_EQUIPMENT = Pattern(
    r"[要得](?:花|投|付|_)|还[要得]|想|定金|订金|首付|尾款|土建|厂房|基建|净值|折旧|评估|残值|租|补贴|补了?_|报了?_|预算|合同|报价|装修|一年|每年|流动资金|买地|地皮|土地"
)
_INVESTMENT = Pattern(
    r"已经?(?:花|投|付|完成|到)|花了|投了|付了|到位|其中|自筹|自有|贷款|追加|注册|一期|二期|每年|补助|补贴|土地|流动资金"
)
_HEADS = Pattern(
    r"临时|外包|派遣|管理|办公室|后勤|一线|退休|返聘|[走裁辞]了|[走裁]_|编制|定员|[能可](?:坐|住|容)|容纳|解决|带动|残疾|党员|大学|大专|本科|硕士|博士|男|女|股东|集团|客户|供应|代理|经销|月薪|工资|工龄|年龄|岁|食堂|宿舍|实习|学徒|小时工|兼职|高峰|最多|缴社保|业务员|销售员|电工|焊工|车工|司机|保安|门卫"
)
_PATENTS = Pattern(
    r"申请了?_|申请了|申报|受理|实审|失效|过期|到期|作废|撤|驳回|论文|标准|商标|软著|实用|外观|集团|母公司|[老总]板|个人|法人|名下|转让给|卖了|许可|代理|每年|一年_|参与|在办|版权|著作|奖|课题|项目"
)
_SPECIALISTS = Pattern("质检|全厂|全公司|生产|车间|兼职|外聘|顾问|合作|大学(?!生|本)|总人数|销售|行政|管理")
_SHARES = Pattern(
    r"剩|其[他它余]|另外|别的|副业|不是|刨|除|贸易|毛利|净利|利润率|税|合格|良品|开工|产能利用|股|客户|份额|市占|市场占有|出口|研发占|省[内外]|国[内外]|本地|利率|利息|回款|提成|退货|废品|从_"
)
_DEBTS = Pattern("利率|利息|短期|长期|收益|权益|自有|毛利|利润|税|流动比|速动|首付|行业|以前|担保|股")
_GROWTH = Pattern(
    "产量|销量|行业|出口|复合|[增涨长]到|月增|每月|环比|员工|人数|工资|成本|原料|原材料|价|利润|税|计划|目标|三年|年均|几年|投入|产能|客户"
)
_YEARS_TOLD = Pattern(
    "[俺我]?[爸爹爷妈叔哥]|工龄|年龄|岁|合同|租|以前在|打工|上班|还(?:要|能|有|剩)|再|总[公]|集团|保修|质保"
)
_BY_LABEL: tuple[tuple[str, str, Pattern], ...] = (
    ("money", "营业收入|营收|销售|收入", _REVENUE),
    ("money", "研发|准备金", _SPENT),
    ("money", "设备|软件", _EQUIPMENT),
    ("money", "总投资|投资总额", _INVESTMENT),
    ("count", "研发人|技术人|科技人|科研人", _SPECIALISTS),
    ("count", "员工|职工|从业|人数", _HEADS),
    ("count", "专利", _PATENTS),
    ("count", "年限|几年|多少年|年头|年数", _YEARS_TOLD),
    ("percent", "负债", _DEBTS),
    ("percent", "增长|增幅|涨", _GROWTH),
    ("percent", "占", _SHARES),
)
_LAST_YEAR = Pattern("[去前]年")
_WHOLE_FIRM = Pattern("全厂|总共|一共|总人|员工|职工")
_ALL_PATENTS = Pattern("专利|知识产权")


def is_another_figure(residue: str, ask: Ask) -> bool:
    """Tell a word beside the number that makes it a figure of another kind: 出口三千万, 编制120人, 剩下20%.

    A word that the question itself uses does not.
    """
    label = ask.label or ""
    others = _others(label, ask.kind)
    if ask.kind == "count" and _INCLUDED.search(residue):
        return False
    return others is not None and any(found[0].strip("_") not in label for found in others.finditer(residue))


@lru_cache(maxsize=512)
def _others(label: str, kind: str) -> Pattern | None:
    return next(
        (other for of, named, other in _BY_LABEL if of == kind and Pattern(named).search(label)), None
    )


def is_strange(residue: str, text: str, ask: Ask) -> bool:
    """Tell whether anything stands beside the number that neither the question nor small talk accounts for."""
    label = ask.label or ""
    if not label or _known(label, ask.kind).issuperset(residue):
        return ask.kind == "count" and _of_a_whole(text, label)
    return True


def _of_a_whole(text: str, label: str) -> bool:
    """总共十个专利, asked for 发明专利; 去年一百二, asked for the people of today."""
    if "年" in text and "年" not in label and _LAST_YEAR.search(text):
        return True
    if "发明" in label:
        return "发明" not in text and _ALL_PATENTS.search(text) is not None
    return "研发" in label and "研发" not in text and _WHOLE_FIRM.search(text) is not None


@lru_cache(maxsize=512)
def _known(label: str, kind: str) -> frozenset[str]:
    own = cues(Ask(kind, label=label)) if kind in {"money", "count", "percent"} else ()  # type: ignore[arg-type]  # one of the words just tested
    return _PLAIN.union(label, _WHOLES if kind == "percent" else "", *own)
