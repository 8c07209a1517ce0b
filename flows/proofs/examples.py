"""The examples beside a rule, in words: what a firm tells, and what the rules should give."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from policy.entries import Entry
from policy.examples import read_given
from policy.quantities import show_yuan
from policy.schemes import Edition
from policy.standing import LadderState, RungState
from policy.verdicts import Verdict

VERDICTS = {
    Verdict.ELIGIBLE: "够条件",
    Verdict.CONDITIONAL: "写明的都够，还要看主管部门",
    Verdict.UNDETERMINED: "还不能定",
    Verdict.INELIGIBLE: "够不上",
    Verdict.NOT_APPLICABLE: "不涉及",
    Verdict.CONTRADICTORY: "答复前后对不上",
    Verdict.OUT_OF_SCOPE: "不在适用范围",
    Verdict.CONCERNS: "和企业有关",
    Verdict.DOES_NOT_CONCERN: "和企业没有关系",
}
LADDER_STATES = {
    LadderState.ON_LADDER: "在阶梯上",
    LadderState.BELOW: "还没到第一级",
    LadderState.UNKNOWN: "定不下在哪一级",
    LadderState.OUT_OF_SCOPE: "不在适用范围",
}
RUNG_STATES = {
    RungState.MET: "已有",
    RungState.MISSING: "尚缺",
    RungState.UNKNOWN: "待定",
    RungState.NOT_EXPECTED: "还没要求",
    RungState.NOT_ASSESSED: "不测",
}
_Tell = Callable[[Entry], str]


@dataclass(frozen=True, slots=True)
class ExampleTold:
    """One example in words; `rungs` are the keys of the rungs it speaks of."""

    name: str
    given: tuple[str, ...]
    then: tuple[str, ...]
    rungs: frozenset[str] = frozenset()


def examples_told(edition: Edition, root: Entry) -> Iterator[ExampleTold]:
    """The examples of a file that was checked, in its order."""
    tell = _tellers(edition)
    for number, entry in enumerate(root.entries()["examples"].items(), 1):
        parts = entry.entries()
        then = parts["then"].entries()
        yield ExampleTold(
            name=parts.text("name") or f"例 {number}",
            given=tuple(_given(edition, parts)),
            then=tuple(tell[key](each) for key, each in then.items()),
            rungs=frozenset(key for name in ("rungs", "ahead") if name in then for key in _keys(then[name])),
        )


def _given(edition: Edition, parts: Mapping[str, Entry]) -> Iterator[str]:
    if "as_of" in parts:
        yield f"判断的日子：{parts['as_of'].text()}"
    values = read_given(parts["given"], edition.facts)
    for key in parts["given"].entries():
        fact = edition.facts[key]
        yield f"{fact.title}：{fact.show(values[key]) if key in values else '不知道'}"
    if not parts["given"].entries():
        yield "什么都还没答"


def _tellers(edition: Edition) -> Mapping[str, _Tell]:
    """How each thing that an example can want is told; the keys are those of expectations.py."""
    rungs = {rung.key: rung.title for rung in edition.ladder.rungs}
    facts = {key: fact.title for key, fact in edition.facts.items()}
    return {
        "verdict": lambda entry: f"判定：{VERDICTS[Verdict(entry.text())]}",
        "amount": lambda entry: f"金额：{_amount(entry, '给不出')}",
        "working": lambda entry: f"算法：{entry.text()}",
        "because": lambda entry: f"因为：{_named(entry, facts, '不必说')}",
        "missing": lambda entry: f"还要知道：{_named(entry, facts, '没有了')}",
        "short_by": lambda entry: f"差多少：{'不说' if entry.is_null else entry.text()}",
        "open": lambda entry: f"没定的：{'；'.join(entry.texts())}",
        "state": lambda entry: f"阶梯：{LADDER_STATES[LadderState(entry.text())]}",
        "rungs": lambda entry: _states(entry, rungs),
        "ahead": lambda entry: f"提前有了：{_named(entry, rungs, '没有')}",
        "reached": lambda entry: f"到了哪一级：{_amount(entry, '说不上')}",
        "next": lambda entry: f"下一级：{_amount(entry, '说不上')}",
        "gap": lambda entry: f"离下一级差：{_amount(entry, '说不上')}",
        "remarks": lambda entry: f"附的提示：{entry.whole()} 句",
    }


def _amount(entry: Entry, none: str) -> str:
    return none if entry.is_null else show_yuan(entry.yuan())


def _named(entry: Entry, titles: Mapping[str, str], none: str) -> str:
    return "、".join(titles[key] for key in entry.texts()) or none


def _states(entry: Entry, titles: Mapping[str, str]) -> str:
    told = (f"{titles[key]}{RUNG_STATES[RungState(each.text())]}" for key, each in entry.entries().items())
    return "各级：" + "，".join(told)


def _keys(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.entries()) if entry.is_mapping else entry.texts()
