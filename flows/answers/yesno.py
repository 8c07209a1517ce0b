"""Yes or no, as people in Henan type it. A yes or no that is taken back in the same breath is asked again."""

from __future__ import annotations

from flows.answers.patterns import Pattern
from flows.answers.reading import Ask, Reading, reject
from flows.answers.refusals import is_hedged, refusal

_OPENING = Pattern(
    r"(?:嗯+[呢呐哪]?|额|那(?=[中不行好可有没是对必肯当])|勉强|基本上?|[0-9零一二三四五六七八九]{2,4}年(?:[0-9]+月)?|(?:批文|证书?|牌子?|资格)(?=[下没还拿过都挂])|呃|哦|噢|啊|哎|那个|我们|我司|咱们?|俺们?|公司|企业|厂里?|单位|目前|现在|暂时|今年|去年|前年|按理(?:说|讲)?|照理(?:说|讲)?|一般来说|老?早就?(?!着)|刚刚?|这个|那?必须(?=[有是])|从来|自己|本身|(?:会计|财务)(?:那边)?说|小(?=厂|公司|企业)|压根儿?|根本|当然|肯定|确实|其实|应该|好像|可能|大概|估计|算|也许|似乎|说实话|已经|都|也|就|真|倒|[,。!、])+"
)
_YES_FIRST = Pattern(
    r"已(?:认定|评定?|通过|获批|批复?|备案|挂牌|复审|取证|领证|拿证|办好?|办结)(?=$|[,。了])|(?:已经?|都|刚|去年|今年|早就?)*(?:[升入进上纳达]规|入统|规上|纳统|挂墙上|批(?:了|下来|复了?)|通过[了的](?![初预])|[领发拿]证了|评上|认定(?:了|过了?|上)|拿[到下](?:了|证)?|办下来|下来了|取得|获[得批]|有了|建[了好成]|参[加与]了|加入了|成立了|入[库选规]了?)(?!一半|过)|没[断停]过|年年都?有|(?:那)?可不(?:是|咋的?)?[嘛吗么]?$|不能说(?:没有?|不是)|那还用说|废话|挂(?:了?牌|上)了|办[好成]?了|(?:认定|评|批|拿|办|建)(?:的|$)|拿了|够(?:格|条件|得着|了|$)|达标|不是没有?|没问题|没有问题|没啥问题|没错|没毛病|不假|错不了|那是$|必须[的滴嘞]|算(?=[吧是有的啊])"
)
_NO = Pattern(
    r"[退掉降脱]规|还?差(?:点|得远|一截|远|那么点|一点|些)(?!没)|早着|够呛|[我俺]?哪(?:够得?[着上]|能|行|成)|[想问见]都没[想问见]过|有(?:这个?|点)?(?:打算|计划|想法|意向)|规下|退库|小微|掉下来|被?刷下来|被(?:拒|退|毙|否|刷)|没戏|黄了|泡汤|哪有|卡在|不(?:够格?|够条件|达标|沾边|适用|搭界)|[谈说算排轮够]不[上着]|哪里?有(?=$|[那这啊嘞呀啥,])|想[建办申弄搞报做]|正筹|(?:明年|后年|下半年|年底)(?:准备|打算|再|才|[建办申弄报])|不(?:是|对|行|中|可以|好|成|同意|符合|属于|算|具备|存在|需要|用|能|会|要|在|做|参与|参加|涉及|够|满足|愿意)?(?![^,。!的呢啊呀了吧,])"
    r"|不(?:是|对|行|中|可以|同意|符合|属于|算|具备|存在|在|涉及|满足|参与)|没有|没(?![准事关法必谱人得错问毛])|没得|木有|冇|莫得|无(?![法所论锡数])|否(?!则)|暂无|暂没有?|尚未|尚无|未(?![来知必])|还没有?|非(?!常)"
    r"|(?:还|正)?在(?:办|批|申请|申报|建|筹|准备|考虑|弄|跑|走|等|排|审|搞|报|做)|申请中|[办受审]理中|审[核批]中?|公示|筹[备建]|准备|打算|计划|快|马上|即将|等(?:着|待|结果|通知|批|验收)|排队|拒绝|否定|反对|算了|no(?![a-z])|nope|nah|false|[×✗✘❌👎🙅]"
)
_YES = Pattern(
    r"是(?!不是|否|啥|谁|什么|[吗嘛])|对(?![于外内不])|[已具拥设建配现]有|有(?![规限色没待望时意打计想考过申在点关益些无机误效希难戏人])|行(?![业政动不])|中(?![国型小等央原间期级试部标介文学午不])"
    r"|可(?:以|中)|好(?![像几多不说])|嗯|恩|同意|符合|属于|具备|确认|确定|正确|成(?![立功本都])|能(?![不源力否])|会(?![不议计员])|管(?![理道])|要得|得劲|ok(?![a-z])|okay|yes|yeah|yep|yup|true|sure|[√✓✔✅☑👍👌🙆]"
)
_EXACT = {
    "y": True,
    "n": False,
    "是": True,
    "否": False,
    "昂": True,
    "在": True,
    "在的": True,
    "不": False,
    "x": False,
    "t": True,
    "f": False,
    **dict.fromkeys(
        ("you", "youde", "shi", "shide", "dui", "duide", "zhong", "haode", "you de", "shi de"), True
    ),
    **dict.fromkeys(
        ("meiyou", "mei you", "mei", "zanwu", "wu", "bushi", "bu shi", "meide", "fou", "buzhong"), False
    ),
}
_DOUBTS = Pattern(
    r"(?P<said>[\u4e00-\u9fff])是(?P=said)|初审|预审|但|不过|可是|只是|然而|以前|之前|曾|原来|过期|注销|撤销|到期|失效|吊销|一半|部分|有的|有些|不全|不完全|不一定|看情况|还是|或|可能|之一|除|名义|形式|才怪|就好|屁|钱就|图纸|等于没|没有一样|有钱|如果|要是|图纸|空壳|空的"
)
# Under way is not there yet; it is a no only once the owner has agreed that it is one.
_PENDING = Pattern(
    r"有(?:这个?|点)?(?:打算|计划|想法|意向)|想[建办申弄搞报做]|明年|后年|下半年|年底|正在(?=[申办报批审筹建准走弄搞评认考谈])|还在|在[办建批申弄搞走等排跑审报做]|筹|规划|拟|准备|打算|计划|快|马上|即将|申请中|[办受审]理中|审[核批]|公示|排队|等(?:着|待|结果|通知|批|验收)|流程|还没[批办下过通评]|没(?:有)?批|没下来"
)
_NEGATIVE, _POSITIVE = (
    Pattern(r"[不没无未非]"),
    Pattern(r"(?<!没)有(?!限)|(?<!不)是的?$|(?<![打计预结核清])也?算"),
)
_YES_ALONE = Pattern(r"嗯+呢?[,。!]*|当然|那?肯定|确实")
_RATHER_YES = Pattern("(?:应该|勉强|也|大概|基本)*算[是的]?吧?")
_NOT_AGAINST = Pattern(r"不少|不错|没问题|不含")
_COMMA = Pattern("[,;。]")
_NOT_AT_ALL = Pattern(r"(?P<said>[\u4e00-\u9fff])啥(?P=said)")  # 中啥中: not at all
_TWICE = Pattern(r"^(?P<said>[\u4e00-\u9fff]{1,3})(?P=said)+(?=$|[,。啊呢哩!])")
_RHETORICAL = Pattern(
    r"(?:咋|怎么|谁说|哪里?|岂|难道)(?:能|会|可能|就)?(?:没有?|不是?)(?=$|[啊呀呢哩嘞,。!的]|[俺我墙前去今早都年])|(?:咋|怎么|哪|岂)(?:能|会|可能)(?:没有?|不是?)"
)  # 咋能没有: of course there is
_NO_LONGER = Pattern(
    r"(?:拿|评|有|是|办|认定)过?了?,?(?:后来|后面|去年|今年)[^,]*(?:没续|没了|取消|撤|过期|掉了|没复审|没过复审)|(?:以前|原来|之前|曾经?|前几年|前年|去年)(?:是|有).*(?:取消|没了|没有|没续|撤|过期|到期|注销|失效|不是)"
    r"|^(?:都|已经?|早就?|后来|去年|今年|被|证书?|刚刚?)*(?:[停撤黄关散]|过期|到期|失效|取消|撤销|注销|吊销)(?:资格)?(?:(?=$|[,。])|.{0,4}了|.{0,6}没(?:续|办|换))"
)
_ASKED_DOING = Pattern("正在|在做|在建|技术改造|技改|设备更新")
_WORK = "(?:做|弄|搞|干|上|改|换|建|装|投|更新|改造|实施|进行|施工|推进|购置|买|调试|安装)"
_DOING = Pattern(
    rf"(?:我们|俺们?|咱|公司|厂里|目前|现在|眼下|确实|有|也|都|是的?|嗯|对|,)*(?:正在?|在|有在|一直在){_WORK}(?!的?打算|计划)|(?:我们|俺们?|目前|现在)*{_WORK}着[呢哩嘞]"
)
_NOW_YES = Pattern(
    r"(?:以前|原来|之前|去年|前年|往年)(?:都|还)?(?:不是|没有?|不够),?(?:今年|现在|目前|去年|这回|刚刚?|后来)(?:刚刚?|才|就|已经)?(?:进|入|上|批|拿|评上|办|有|够|是|升|建)[^没不]*"
)
_RANK = Pattern("国家级|省级|市级")
_PURE_DOING = Pattern(rf"(?:正在?|在|有在|一直在){_WORK}(?:着|中)?[的呢哩嘞了啊]?")
_SET_BACK = Pattern("停了|黄了|没钱|算了|不搞|不弄|想|打算|计划|申报|审批|报批")
_NO_AND_WHY = Pattern(
    r"(?:(?:没有?|木有|冇|无|没得|不是|不中)[的啊呀呢哩嘞,。]*)+,?(?:[俺我们]*(?:听?[都也]?没听(?:说)?过|[都也]?不(?:懂|知道|清楚)(?:是啥|啥是|是什么|这个|那个)?|没听(?:说)?过).*)"
)
_YES_TILL = Pattern(
    r"(?:有|是)[的啊,]*(?:不过|但是?|就是|可是)?(?:也|都)?(?:快|马上|就?要|年底|明年|下个?月|今年)[^,没不]*(?:到期|过期|换证|复审|复评)[了的]?"
)
_STILL_THERE = Pattern(
    r"(?:证书?|资格|现在|目前|还|也|都|,)*(?:[没未](?:撤|停|关|取消|过期|到期|失效|注销|作废|过有效期)(?:了|掉|呢|的|啊)*|在有效期内?|有效期内)(?=$|[,。])[^没不]*$"
)
_NOT_NONE = Pattern(
    r"不是没有,?(?:就是|只是|不过是?|但是?|可是|就)(?:还|暂时)?[没未]有?(?:挂牌|认定|正式|登记|备案|评级)(?:上|过)?[的了]?"
)
_TURN = Pattern(r"[,;。]|(?<=[有没是])(?=俺|咱|我|就俺|就我)")
_THEIRS = Pattern(r"隔壁|同行|人家|别人|旁人|别家|母公司|总公司|集团|总部|兄弟|对门|他们|老[王李张刘]家")
_HANDED_IN = Pattern(
    r"(?:报|交|递|申请|提交|送)(?:了|上去了?|过了?|完了?)[^没等审]*(?:还?没(?:批|下|信|动静|结果|通过|回)|等|在审|审着|石沉大海)"
)
_HENAN = Pattern(
    "本省|省内|本地|当地|河南|郑州|开封|洛阳|平顶山|安阳|鹤壁|新乡|焦作|濮阳|许昌|漯河|三门峡|南阳|商丘|信阳|周口|驻马店|济源"
)
_ELSEWHERE = Pattern(
    "北京|天津|上海|重庆|河北|山西|内蒙|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|深圳|外省|外地|香港"
)
_DID = Pattern(r"(?:参[加与]|牵头|加入|做|搞|拿|申请|办|评|认定|获|得|建|弄)过")
_NOD = Pattern(r"(?:昂|好(?:的|吧|嘞|滴)?|行|中|可以|嗯+|ok|没|不|👌|👍|🙆)[,.。!~]*")
_LONG = 8
_PLAIN = frozenset(
    " ,.。!~;、:()-的了啊呢呀哦嘛吧哩嘞嗯哈噢滴是有没不无个这那我们俺咱公司厂里家企业单位目前现在已经就都也还过任何什么啥一办建立设成评上拿到下来得到获批通认定证书资格质牌取年月初底0123456789去今省市国级"
    "真正当然肯定确实以前前后从早参加与做搞弄说对好行中老入库规挂符合条件属于涉及勒着头弄里"
)
_ENDING = " ,.。!~;、"


def read_yesno(text: str, ask: Ask) -> Reading:
    """Read yes or no from how the answer, or one clause of it, begins; what else is said must not speak against it.

    A nod (好的) or a 没 that may be cut off is an answer to "is that right?", but read back where a fact is asked.
    """
    text = _TWICE.sub(r"\g<said>", text)
    text = _RHETORICAL.sub("有", _NOT_AT_ALL.sub("不", text))
    if early := _plainly(text, ask.label or ""):
        return early
    reading = _read(_ours(text), ask.label or "")
    if reading.kind == "yesno" and (ask.field or ask.label) and _NOD.fullmatch(text):
        return reading._replace(confirm=True)
    if reading.kind == "yesno" and _ours(text) != text:
        return reading._replace(confirm=True)
    if reading.kind == "reject" and reading.hint == "unclear":
        return _of_clauses(text, ask.label or "") or _told_otherwise(text, ask.label or "") or reading
    return reading


def _plainly(text: str, label: str) -> Reading | None:
    """Under way, asked for what is being done; a plain no whose rest only says why: 木有,听都没听过."""
    if _ASKED_DOING.search(label) and _DOING.match(text) and not _SET_BACK.search(text):
        return Reading(
            "yesno", value=True, confirm=not _PURE_DOING.fullmatch(text), rule="under_way_as_asked"
        )
    if _STILL_THERE.match(text) or _NOT_NONE.fullmatch(text):
        return Reading("yesno", value=True, confirm=True, rule="still_there")
    if _NO_AND_WHY.fullmatch(text):
        return Reading("yesno", value=False, confirm=True, rule="no_and_why")
    if _NOW_YES.fullmatch(text):
        return Reading("yesno", value=True, confirm=True, rule="now_it_is")
    if level := _of_level(text, label):
        return level
    if _YES_TILL.fullmatch(text):
        return Reading("yesno", value=True, confirm=True, rule="yes_still")
    return None


def _of_level(text: str, label: str) -> Reading | None:
    """只有市级的, asked for one of the province: the clause about the asked level decides."""
    asked = _RANK.search(label)
    if asked is None or asked[0] not in ("省级", "国家级"):
        return None
    named = {rank for rank in ("国家级", "省级", "市级", "县级", "区级") if rank in text}
    if not named or named & {"国家级", "省级"} & {"国家级", asked[0]}:
        clause = next((c for c in _COMMA.split(text) if asked[0] in c), "")
        denied = clause and len(named) > 1 and _NEGATIVE.search(clause)
        return Reading("yesno", value=False, confirm=True, rule="of_lower_rank") if denied else None
    return Reading("yesno", value=False, confirm=True, rule="of_lower_rank")


def _ours(text: str) -> str:
    """Give what is said of the firm itself where others stand beside it: 隔壁厂有,俺没."""
    if not _THEIRS.search(text):
        return text
    clauses = [clause for clause in _TURN.split(text) if clause]
    own = [clause for clause in clauses if not _THEIRS.search(clause)]
    return ",".join(own) if own and len(own) < len(clauses) else text


def _of_clauses(text: str, label: str) -> Reading | None:
    """Take 木有那东西 out of 俺这小厂,木有那东西 where the other clauses say neither yes nor no."""
    clauses = [clause for clause in _COMMA.split(text) if clause]
    readings = [_read(clause, label) for clause in clauses]
    said = {reading.value for reading in readings if reading.kind == "yesno"}
    if len(clauses) == 1 or len(said) != 1:
        return None
    (value,) = said
    against = _NEGATIVE if value else _POSITIVE
    rest = [c for c, reading in zip(clauses, readings, strict=True) if reading.kind != "yesno"]
    if any(_DOUBTS.search(clause) or against.search(clause) or _PENDING.search(clause) for clause in rest):
        return None
    return Reading("yesno", value=value, confirm=True, rule="yesno_clause")


def _told_otherwise(text: str, label: str) -> Reading | None:
    """No longer; in a city of Henan, asked for Henan; doing it right now, asked for what is being done."""
    if _NO_LONGER.search(text):
        return Reading("yesno", value=False, confirm=True, rule="no_longer")
    if _HANDED_IN.search(text):
        return Reading("yesno", value=False, confirm=True, rule="handed_in")
    if "河南" in label and not _NEGATIVE.search(text):
        return _in_henan(text)
    if "过" in label and _DID.search(text) and not _NEGATIVE.search(text):
        return Reading("yesno", value=True, confirm=True, rule="did_as_asked")
    if "正在" in label and text.startswith("正在") and not _NEGATIVE.search(text):
        return Reading("yesno", value=True, confirm=True, rule="under_way_as_asked")
    return None


def _in_henan(text: str) -> Reading | None:
    """Where it is registered decides: 注册在山东,厂子在河南."""
    place = next((clause for clause in _COMMA.split(text) if "注册" in clause), text)
    here, elsewhere = _HENAN.search(place) is not None, _ELSEWHERE.search(place) is not None
    return None if here == elsewhere else Reading("yesno", value=here, confirm=True, rule="place_named")


def _read(text: str, label: str) -> Reading:
    text = text.strip(_ENDING)
    if text in _EXACT:
        return Reading("yesno", value=_EXACT[text], rule="yesno_exact")
    if _RATHER_YES.fullmatch(text):
        return Reading("yesno", value=True, confirm=True, rule="rather_yes")
    if said := refusal(text):
        return said
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    if start == len(text):
        return _bare_opening(text)
    for value, pattern in ((True, _YES_FIRST), (False, _NO), (True, _YES)):
        if match := pattern.match(text, start):
            return _checked(text, match.end(), label, value=value)
    return reject("unclear", "not_yes_or_no")


def _bare_opening(text: str) -> Reading:
    if _YES_ALONE.fullmatch(text):
        return Reading("yesno", value=True, rule="yesno_exact")
    return reject("unclear", "not_yes_or_no")


def _checked(text: str, end: int, label: str, *, value: bool) -> Reading:
    rest = _NOT_AGAINST.sub("", text[end:])
    against = _NEGATIVE if value else _POSITIVE
    if _DOUBTS.search(rest) or against.search(rest) or (value and _PENDING.search(text)):
        return reject("unclear", "yes_and_no")
    confirm = (
        is_hedged(text)
        or "大概" in text
        or text.startswith(("算", "勉强", "基本"))
        or "不适用" in text
        or len(rest) > _LONG
        or (value and label != "" and not _PLAIN.union(label).issuperset(_COMMA.split(rest)[0]))
    )
    confirm = confirm or text[0].isdigit() or (not value and _PENDING.search(text) is not None)
    return Reading("yesno", value=value, confirm=confirm, rule="yesno_prefix")
