"""How the parts of an edition are compared (their form) and said (in words), for diff.py."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from policy.benefits import Each, Rate
from policy.citations import Citation, Validity
from policy.facts import Fact
from policy.logic import Condition
from policy.phrases import phrase
from policy.quantities import show_number, show_yuan

LABELS = {
    "name": "名称",
    "title": "标题",
    "valid": "施行期",
    "scope": "适用范围",
    "documents": "依据文件",
    "articles": "条文对照",
    "targets": "目标",
    "supplements": "配套版本",
    "money": "文件写到的钱",
    "citations": "依据",
    "certainty": "可信程度",
    "topics": "细测话题",
    "left_open": "没有写明的",
    "next_steps": "下一步",
    "applies_when": "适用条件",
    "eligible_when": "条件",
    "authority_decides": "由主管部门认定的",
    "benefit": "补助",
    "held_when": "算已经有了的",
    "concerns_when": "与谁有关",
    "rate": "比例",
    "base": "基数",
    "cap": "上限",
    "yuan": "每个",
    "fact": "按什么计",
    "threshold": "营业收入门槛",
    "has": "要有的",
    "measure": "按什么分级",
    "remarks": "提示",
    "when": "条件",
    "kind": "类型",
    "ask": "问法",
    "help": "说明",
    "example": "例子",
    "unit": "单位",
    "least": "最小值",
    "most": "最大值",
    "typical": "常见范围",
    "called": "别的叫法",
    "part_of": "属于",
    "next_year": "到下一年",
    "background": "为什么收下",
    "authority": "由谁认定",
    "gives": "有什么用",
    "short": "达不到时算什么",
    "renew": "要留意的",
    "renew_by": "每年办到哪一天",
    "asks": "要求",
    "place": "出处",
    "audience": "对象",
    "offers": "内容",
    "time_limit": "期限",
    "office": "主管部门",
    "label": "名称",
    "aliases": "别的说法",
}
_WORDING = frozenset({"reading", "title", "note", "help", "ask", "asks", "label", "aliases", "place"})
_LONGEST = 300


def form(value: Any, *, inside: bool = True, wording: bool = True) -> Any:  # noqa: ANN401  any part of an edition
    """A value as plain tuples that can be compared. A fact stands for itself by its key: how facts differ is told of
    the facts. Without `inside` the conditions within are left out, without `wording` what is only said."""
    if isinstance(value, Fact):
        return value.key
    if isinstance(value, Condition) and not inside:
        own = (f for f in fields(value) if f.name not in {"conditions", "condition", "when", "scored"})  # type: ignore[arg-type]  # they all are
        return type(value).__name__, *(form(getattr(value, f.name)) for f in own)
    if isinstance(value, tuple | list):
        return tuple(form(each, wording=wording) for each in value)
    if isinstance(value, dict):
        return tuple((key, form(each, wording=wording)) for key, each in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        told = (f.name for f in fields(value) if wording or f.name not in _WORDING)
        return type(value).__name__, *(form(getattr(value, name), wording=wording) for name in told)
    return value


def bare(value: Any) -> Any:  # noqa: ANN401  any part of an edition
    """The same without what is only said."""
    return form(value, wording=False)


def shown(value: Any, name: str = "") -> str:  # noqa: ANN401, PLR0912, C901  one case a type
    """A value in words."""
    if value is None or (value != 0 and value is not False and not value):
        return "没有"
    if isinstance(value, Condition):
        return "；".join(line.strip(" -") for line in phrase(value).lines())
    if isinstance(value, Fact):
        return value.title
    if isinstance(value, Fraction):
        return f"{show_number(Decimal(value.numerator * 100) / value.denominator)}%"
    if isinstance(value, Rate):
        cap = "" if value.cap is None else f"，上限 {show_yuan(value.cap)}"
        return f"{value.base.title}的 {shown(value.rate)}{cap}"
    if isinstance(value, Each):
        return f"{value.fact.title}每个 {show_yuan(value.yuan)}"
    if isinstance(value, Validity):
        return f"{shown(value.since)} 至 {shown(value.until) if value.until else '另行通知'}"
    if isinstance(value, Citation):
        return f"{value.document} {value.place}{f'（{value.note}）' if value.note else ''}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, int) and not isinstance(value, bool) and name in {"cap", "yuan", "threshold"}:
        return show_yuan(value)
    if isinstance(value, tuple | list):
        return _short("、".join(shown(each) for each in value))
    if isinstance(value, dict):
        return _short("、".join(f"{key}：{shown(each)}" for key, each in value.items()))
    if is_dataclass(value) and not isinstance(value, type):
        told = (shown(getattr(value, each.name)) for each in fields(value))
        return _short("，".join(each for each in told if each != "没有"))
    return str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"
