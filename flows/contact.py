"""What describes the firm, for the advisor: city, and optionally name and credit code. No rule looks at these."""

import re
import unicodedata
from collections.abc import Mapping

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from flows.deep import TOPICS, TOPICS_FACT
from flows.slots import ABOUT, Sheet, fact_of
from flows.wording import title_of
from models.firm import About
from policy.facts import Fact, Kind, Option
from policy.schemes import Edition

_CITIES = (
    *("郑州", "开封", "洛阳", "平顶山", "安阳", "鹤壁", "新乡", "焦作", "濮阳"),
    *("许昌", "漯河", "三门峡", "南阳", "商丘", "信阳", "周口", "驻马店", "济源"),
)
# "我们公司叫……", "公司名称是……", "名称：……": what is said before the name.
_INTRODUCED = re.compile(
    "^(?:(?:我们|咱们|俺们|我|咱)?的?(?:公司|企业|单位|厂子?|厂里)?的?(?:全称|全名|名称|名字|名)?(?:就是|就叫|是|叫做?|[:：])"
    "|(?:我们|咱们|我)?(?:公司|企业)?(?:全称|全名|名称|名字)(?:为| ))+ *"
)
_SHORTEST_NAME, _LONGEST_NAME = 4, 60

CITY = Fact(
    key=f"{ABOUT}city",
    kind=Kind.CHOICE,
    title="所在城市",
    ask="企业在哪个省辖市？（给顾问看，可以跳过）",
    help="说省辖市或济源，例如：许昌。县（市）里的企业说它所属的市。",
    example="许昌",
    options=tuple(Option(city, f"{city}市", (city, f"在{city}", f"河南{city}")) for city in _CITIES),
)
NAME = Fact(
    key=f"{ABOUT}name",
    kind=Kind.TEXT,
    title="企业名称",
    ask="企业全称是什么？（给顾问看，可以跳过）",
    help="照营业执照写。不想留就答“跳过”。",
    example="某某机械有限公司",
)
CREDIT_CODE = Fact(
    key=f"{ABOUT}credit_code",
    kind=Kind.TEXT,
    title="统一社会信用代码",
    ask="统一社会信用代码是多少？（18 位，给顾问核对，可以跳过）",
    help="在营业执照上方，18 位数字和大写字母，没有 I、O、Z、S、V。不想留就答“跳过”。",
    example="营业执照上那一串 18 位的号码",
)
CONTACT: Mapping[str, Fact] = {fact.key: fact for fact in (CITY, NAME, CREDIT_CODE)}
_OF_THE_TALK = {**CONTACT, TOPICS: TOPICS_FACT}


def fact_at(edition: Edition, slot: str) -> Fact:
    """What a slot takes, be it a fact of the rules or what describes the firm."""
    return _OF_THE_TALK[slot] if slot in _OF_THE_TALK else fact_of(edition, slot)


def title_at(edition: Edition, sheet: Sheet, slot: str) -> str:
    """How a slot is called to its owner."""
    return _OF_THE_TALK[slot].title if slot in _OF_THE_TALK else title_of(edition, sheet, slot)


def clean_text(fact: Fact, text: str) -> str | None:
    """The text as it is stored, or None where it cannot be what was asked for."""
    visible = "".join(each for each in text if unicodedata.category(each)[0] != "C")
    shown = _INTRODUCED.sub("", " ".join(visible.split())).rstrip("。！")
    if fact.key == CREDIT_CODE.key:
        return _credit_code(shown)
    return shown if _SHORTEST_NAME <= len(shown) <= _LONGEST_NAME else None


def _credit_code(text: str) -> str | None:
    """Full-width signs and spaces are folded; the check digit must be right."""
    try:
        return str(uscc.validate(unicodedata.normalize("NFKC", text).upper()))
    except ValidationError:
        return None


def about(sheet: Sheet) -> About:
    return About(
        name=sheet.value(NAME.key), credit_code=sheet.value(CREDIT_CODE.key), city=sheet.value(CITY.key)
    )
