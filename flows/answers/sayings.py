"""Ways of saying a bound that the grammar need not know: 咋着也得, 挂零, 没有两个亿也有一亿五. Each becomes its plain form."""

from __future__ import annotations

from flows.answers.patterns import Match, Pattern

_N = "0-9零一二两俩三仨四五六七八九十百千万亿半几.个多来"
_START = f"(?=[{_N}])"
_AT_LEAST = Pattern(
    r"(?:(?:怎么|咋|再咋|再怎么|咋个)(?:着|样|说|的|算)|无论如何|好歹|高低|最(?:少|起码)|起码|少说着?|至少|保守(?:估计|说|点)?|往少了?里?说)(?:,|吧)?(?:我|俺|咱)?们?(?:也|都|还)?(?:(?:得|要|该|能|是|有|上|过|不低于)){0,3}(?:个)?"
    + _START
)
_AT_MOST = Pattern(
    r"(?:顶破天|顶到天|撑破天|撑到[顶天死]|撑死|顶死|封死|打死|最[多高大]|顶多|满共|往多了?里?说|再多)(?:了|了吧)?(?:,)?(?:我|俺|咱)?们?(?:也|都)?(?:就|不过|超不过|不超过)?(?:是|有|个)?"
    + _START
)
_ALMOST = Pattern(
    r"(?:就|还|也就|只)?差(?:那么|这么)?一?(?:丁|些|丢|星)?(?:点儿?|丢丢|丝丝|点点)(?:就|就到|就够|就是|没到|不到|到|够)?"
    + _START
)
_NEARLY = Pattern(r"(?:^|(?<=[,年有就是]))(?:毛(?!利|收|估)|眼看就?|快到|眼瞅着)" + _START)
_OVER = Pattern(r"挂(?:点儿?|个)?零(?:头)?|(?:带|拐|冒)(?:点儿?|个)?(?:零头|弯儿?|尖儿?|头儿?)(?!部)")
_ONE_OR_SO = Pattern(r"个把(?=[亿千百万人号台项])")
_SEVERAL = Pattern(r"好几(?=[十百千万亿])|(?<=[十百千万])好几(?=[个人台名号件])")
_MORE_OR_LESS = Pattern(
    r"(?<=[成点%])来(?:的|往|地|个)?(?=$|[,吧的])|(?<=[万亿人个成点%])(?:来往|里外|浮动|打转|晃荡|多少吧|不差啥|差不了多少|差不多少|差不了|大差不差|左近)"
)
_ROUGHLY = Pattern(r"大概齐|大概其|大差不差|大约莫|约摸着|划拉|归置|估摸着|毛估估|粗算|粗略")
_EITHER = Pattern(
    rf"(?:没有?|不到|没到|不够)(?P<high>[{_N}]+[万亿元人成%个]),?(?:总|起码|至少|那)?(?:也|都|怕)?(?:总|得|能|差不多|快|该)*有(?:个)?(?P<low>[{_N}]+[万亿元人成%个]?[{_N}]*)"
)
_RATHER = Pattern(
    rf"^(?P<high>[{_N}]+[万亿元人成%个])(?:没有?|不到|没到|不够|够不着|说不上)[,]?(?P<low>[{_N}]+[万亿元人成%个][{_N}]*)(?:总|还|肯定|绝对|那|倒)*(?:是|得)?有"
)
_EXCHANGED = Pattern(
    r"^.*(?:美[元金刀]|欧元?|日元|英镑|港[币元]|刀|usd|外汇).*?(?:,|(?=[合折换]))(?:大概|差不多)?(?:合|折|换)(?:合|算|成|下来)?(?:成)?(?:人民币)?(?:是|大概|差不多|有|约)*(?=[0-9一二两三四五六七八九十近约])"
)
_SHORT_OF = Pattern(
    rf"(?:还|就)?(?:差|缺)[{_N}]+[万亿人]?(?:就|到|不到|才)[能够是有到]*[{_N}]+[万亿人个]?(?:人)?了?$"
)
_WITH_ME = Pattern(
    r"(?:加上|算上|带上|连上?|包括)(?:我|俺|老板|自己|我自己|俺自己)(?:在内|自己)?(?:一共|总共)?(?=[0-9一二两三四五六七八九十]+[多来]?[个人口名号])"
)
_HARDLY = Pattern(
    r"(?:怎么|咋)(?:也|都)(?:是)?(?=过不了|超不过|到不了|不会|够不上)|加计扣除(?:的?时候?)?报了?"
)
_NOT_OVER = Pattern("超不过|过不[了去](?!年)|高不过|突破不了")
_NOT_UP_TO = Pattern("(?:到不了|够不上|够不着)" + _START)
_ABOUT_IN_ENGLISH = Pattern(r"(?:about|around|approx\.?|roughly) ?(?=[0-9])")
_NOT_EVEN = Pattern(rf"(?:连)?(?P<n>[{_N}]+[万亿人])都没(?:有)?(?=$|[,。啊呢哩])")
_HEADING_FOR = Pattern(rf"(?:奔|冲|照)着(?P<n>[{_N}]+)(?:去|走|使劲)(?:了|的)?")
# Each way of saying with a character that every use of it holds: most answers have none of them.
_PLAINER: tuple[tuple[frozenset[str], Pattern, str], ...] = (
    (frozenset("加算带连包"), _WITH_ME, "总共"),
    (frozenset("怎咋论歹低码少至守"), _AT_LEAST, "至少"),
    (frozenset("顶撑死最共往再"), _AT_MOST, "最多"),
    (frozenset("怎咋扣"), _HARDLY, ""),
    (frozenset("不"), _NOT_OVER, "不超过"),
    (frozenset("不"), _NOT_UP_TO, "不到"),
    (frozenset("bpdg"), _ABOUT_IN_ENGLISH, "约"),
    (frozenset("没"), _NOT_EVEN, r"不到\g<n>"),
    (frozenset("着"), _HEADING_FOR, r"接近\g<n>"),
    (frozenset("差"), _ALMOST, "接近"),
    (frozenset("毛眼快"), _NEARLY, "接近"),
    (frozenset("挂带拐冒"), _OVER, "出头"),
    (frozenset("把"), _ONE_OR_SO, "一来"),
    (frozenset("好"), _SEVERAL, "几"),
    (frozenset("来外浮晃打差多近"), _MORE_OR_LESS, "左右"),
    (frozenset("齐其差莫摸划归粗估"), _ROUGHLY, "大概"),
    (frozenset("合折换"), _EXCHANGED, ""),
)
_BY_CHARACTER = {
    char: frozenset(n for n, (holds, _, _) in enumerate(_PLAINER) if char in holds)
    for char in frozenset().union(*(holds for holds, _, _ in _PLAINER))
}
_TRIGGERS = frozenset("有").union(_BY_CHARACTER)


def reworded(text: str) -> str:
    """Give the text with such sayings in plain words."""
    if _TRIGGERS.isdisjoint(text):
        return text
    if "有" in text and ("没" in text or "不" in text):
        text = _RATHER.sub(_range, _EITHER.sub(_range, text))
    for position in sorted(set().union(*(_BY_CHARACTER[char] for char in text if char in _BY_CHARACTER))):
        _, saying, plain = _PLAINER[position]
        text = saying.sub(plain, text)
    if "差" in text or "缺" in text:
        shorter = _SHORT_OF.sub("", text)
        text = shorter if shorter.strip(" ,") else text
    return text


def _range(match: Match) -> str:
    return f"{match['low']}到{match['high']}"
