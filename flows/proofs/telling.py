"""What a measure says, in words: whom it is for, what it gives, its conditions and criteria, whom to ask."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import singledispatch

from flows.proofs.citing import CERTAINTIES
from flows.proofs.pages import CriterionTold, Group
from policy.benefits import Each, Rate
from policy.guides import UNSEEN, Guide
from policy.logic import Condition
from policy.measures import Measure
from policy.phrases import Phrase, phrase
from policy.quantities import show_number, show_yuan
from policy.recognitions import Criterion, Recognition
from policy.schemes import Scheme


def whom_told(measure: Measure) -> str:
    """Whom it is for, in one line."""
    if isinstance(measure, Guide):
        return measure.audience
    applies = measure.applies_when if isinstance(measure, Scheme | Recognition) else None
    if applies is None:
        return "范围内的企业都可以对照"
    told = phrase(applies)
    return "看下面“什么情况才涉及”" if told.inner else told.text


@singledispatch
def says(measure: Measure) -> Iterable[tuple[str, str]]:
    """What it gives and who decides, each with its name."""
    raise TypeError(f"no page for {type(measure).__name__}")


@says.register
def _(measure: Scheme) -> Iterable[tuple[str, str]]:
    return [("给什么", benefit_told(measure.benefit) + "；一次性")]


@says.register
def _(measure: Recognition) -> Iterable[tuple[str, str]]:
    deduction = f"{benefit_told(measure.benefit)}；少缴税的扣除额，不是发到手的钱" if measure.benefit else ""
    return [
        ("有了它", measure.gives),
        ("怎么算", deduction),
        ("由谁决定", measure.authority or "照数字就能定，不用谁来认定"),
    ]


@says.register
def _(measure: Guide) -> Iterable[tuple[str, str]]:
    return [("计划怎么说", measure.offers)]


@singledispatch
def benefit_told(benefit: Rate | Each) -> str:
    """A benefit in words: the rate, of what, up to which cap."""
    raise TypeError(f"no words for {type(benefit).__name__}")


@benefit_told.register
def _(benefit: Rate) -> str:
    percent = show_number(Decimal(benefit.rate.numerator * 100) / benefit.rate.denominator)
    cap = "没有上限" if benefit.cap is None else f"最多 {show_yuan(benefit.cap)}"
    return f"{benefit.base.title}的 {percent}%，{cap}"


@benefit_told.register
def _(benefit: Each) -> str:
    return f"每个 {show_yuan(benefit.yuan)}，{benefit.fact.title}里符合条件的有几个算几个"


def groups(measure: Measure) -> Iterator[Group]:
    """The conditions, each under what it decides."""
    found: list[tuple[str, Condition | None]] = []
    if isinstance(measure, Scheme):
        found = [
            ("什么情况才涉及", measure.applies_when),
            ("计划写明的条件", measure.eligible_when),
            ("要主管部门定的", measure.authority_decides),
        ]
    elif isinstance(measure, Recognition):
        found = [("什么情况才涉及", measure.applies_when), ("这样就是已经有了", measure.held_when)]
    elif isinstance(measure, Guide):
        found = [("和哪些企业有关", measure.concerns_when)]
        if measure.concerns_when is None:
            yield Group("和哪些企业有关", Phrase("范围内的企业都有关，不设条件"))
    yield from (Group(heading, phrase(condition)) for heading, condition in found if condition is not None)


def criterion_told(criterion: Criterion) -> CriterionTold:
    """One criterion, and what its answer is good for."""
    role = "按答复判断" if criterion.decides else "只作提示，不据此下结论"
    if criterion.when is None:
        role = "没有问，企业自己核对"
    return CriterionTold(
        title=criterion.title,
        asks=criterion.asks,
        place=criterion.place or "条号未见",
        certainty=CERTAINTIES[criterion.certainty],
        role=role,
        phrase=None if criterion.when is None else phrase(criterion.when),
    )


def asking(measure: Measure) -> Iterator[tuple[str, str]]:
    """Whom to ask and until when; what is not known is shown as such."""
    guide = measure if isinstance(measure, Guide) else None
    yield "时限", guide.time_limit if guide else UNSEEN
    yield "经办部门", guide.office.name if guide else UNSEEN
    yield "电话", guide.office.phone if guide else UNSEEN
