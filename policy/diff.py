"""Two editions compared in words: article by article, scheme by scheme; what can change a result told apart from wording.

Nothing can differ unseen: every field of every part is held against its other; how values are said is in diff_words.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from policy.benefits import Each, Rate
from policy.comparisons import Compare
from policy.diff_words import LABELS, bare, form, shown
from policy.logic import Condition
from policy.measures import Measure
from policy.phrases import phrase
from policy.schemes import Edition, Ladder

_DECIDES = frozenset(
    {
        *("scope", "valid", "applies_when", "eligible_when", "authority_decides", "benefit", "held_when"),
        *("concerns_when", "when", "certainty", "threshold", "has", "measure", "authority"),
        *("kind", "least", "most", "part_of", "key_field", "until_field", "year_field"),
    }
)
_APART = frozenset(
    {
        "facts",
        "ladder",
        "schemes",
        "guides",
        "recognitions",
        "rungs",
        "criteria",
        "fields",
        "options",
        "edition",
    }
)


@dataclass(frozen=True, slots=True)
class EditionChange:
    """One difference: where it stands (articles and highlights), of what, and old → new in words. `decides`: it can
    change what a firm is told, not only how."""

    places: tuple[str, ...]
    subject: str
    title: str
    text: str
    decides: bool

    @property
    def line(self) -> str:
        """As a civil servant reads it: `【第18条】重大技术改造示范项目补助：……`."""
        where = f"【{'、'.join(self.places)}】" if self.places else ""
        return f"{where}{self.title}：{self.text}{'' if self.decides else '（只是文字）'}"


def diff(before: Edition, after: Edition) -> tuple[EditionChange, ...]:
    """Everything that differs, in the order of the plan: head, ladder, schemes, recognitions, guided measures, facts."""
    return tuple(_changes(before, after))


def _changes(before: Edition, after: Edition) -> Iterator[EditionChange]:
    yield from _of("plan", "版本", before, after)
    yield from _ladder(before.ladder, after.ladder)
    for part, label in (("schemes", "支持措施"), ("recognitions", "资格"), ("guides", "服务措施")):
        one, other = (_by_key(getattr(each, part)) for each in (before, after))
        for key in dict.fromkeys((*one, *other)):
            known = other.get(key) or one[key]
            yield from _measure(key, label, known, (one.get(key), other.get(key)))
    yield from _facts(before.facts, after.facts)


def _by_key(measures: Iterable[Measure]) -> dict[str, Measure]:
    """By id; of a recognition there may be two, of different documents."""
    found: dict[str, Measure] = {}
    for each in measures:
        found[f"{each.key} {each.edition}" if each.key in found else each.key] = each
    return found


def _measure(
    key: str, label: str, known: Measure, sides: tuple[Measure | None, Measure | None]
) -> Iterator[EditionChange]:
    one, other = sides
    places = tuple(dict.fromkeys(each.place for each in known.citations))
    if one is None or other is None:
        text = f"新增{label}" if one is None else f"{label}取消"
        yield EditionChange(places, key, known.title, text, decides=True)
        return
    yield from _of(key, known.title, one, other, places)
    criteria = (_listed(getattr(each, "criteria", ()), "title") for each in (one, other))
    yield from _parts(key, known.title, places, criteria, what="条件")
    if type(one) is not type(other) or one.edition != other.edition:
        yield EditionChange(
            places, key, known.title, f"出处版本 {one.edition} → {other.edition}", decides=False
        )


def _ladder(one: Ladder, other: Ladder) -> Iterator[EditionChange]:
    places = tuple(each.place for each in other.citations)
    yield from _of("ladder", "阶梯", one, other, places)
    rungs = (_listed(each.rungs, "key") for each in (one, other))
    yield from _parts("ladder", "阶梯", places, rungs, what="")


def _facts(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[EditionChange]:
    for key in dict.fromkeys((*one, *other)):
        fact = other.get(key) or one[key]
        if key not in one or key not in other:
            text = "新增事实项" if key not in one else "事实项取消"
            yield EditionChange((), key, fact.title, text, decides=True)
            continue
        yield from _of(key, fact.title, one[key], other[key])
        options = (_listed(each[key].options, "key") for each in (one, other))
        yield from _parts(key, fact.title, (), options, what="选项")
        inner = ((each[key].fields) for each in (one, other))
        yield from _parts(key, fact.title, (), inner, what="")
    if list(one) != list(other) and {*one} == {*other}:
        yield EditionChange((), "facts", "事实项", "次序变了", decides=False)


def _listed(items: Iterable[Any], name: str) -> dict[str, Any]:
    return {getattr(each, name): each for each in items}


def _parts(
    subject: str,
    title: str,
    places: tuple[str, ...],
    sides: Iterable[Mapping[str, Any]],
    *,
    what: str,
) -> Iterator[EditionChange]:
    """Parts that have a name: those that came, those that went, and what differs within the others."""
    one, other = sides
    for key in dict.fromkeys((*one, *other)):
        known = other.get(key) or one[key]
        name = getattr(known, "title", "") or getattr(known, "label", "") or key
        if key not in one or key not in other:
            text = f"{'新增' if key not in one else '取消'}{what}“{name}”"
            yield EditionChange(places, subject, title, text, decides=True)
        else:
            yield from _of(subject, f"{title}·{name}", one[key], other[key], places)
            inner = ({o.key: o for o in getattr(each[key], "options", ())} for each in (one, other))
            yield from _parts(subject, f"{title}·{name}", places, inner, what="选项")
    if list(one) != list(other) and {*one} == {*other}:
        # Of a choice the first option counts as much as the last; of a score's or a ladder's parts the order tells.
        yield EditionChange(places, subject, title, f"{what}次序变了", decides=what != "选项")


def _of(
    subject: str, title: str, one: object, other: object, places: tuple[str, ...] = ()
) -> Iterator[EditionChange]:
    """The fields of two things of one kind, but those that are told part by part."""
    if type(one) is not type(other):
        yield EditionChange(
            places, subject, title, f"{type(one).__name__} → {type(other).__name__}", decides=True
        )
        return
    for field in fields(one):  # type: ignore[arg-type]  # all parts of an edition are dataclasses
        was, now = getattr(one, field.name), getattr(other, field.name)
        if field.name in _APART or form(was) == form(now):
            continue
        decides = field.name in _DECIDES and bare(was) != bare(now)
        for text in _texts(field.name, was, now):
            yield EditionChange(places, subject, title, text, decides=decides)


def _texts(name: str, was: Any, now: Any) -> Iterator[str]:  # noqa: ANN401  any field of any part
    label = LABELS.get(name, name)
    if isinstance(was, Rate | Each) and isinstance(now, Rate | Each):
        yield from _benefit(was, now)
    elif isinstance(was, Condition) and isinstance(now, Condition):
        yield from _condition(label, was, now)
    else:
        yield f"{label} {shown(was, name)} → {shown(now, name)}"


def _benefit(was: Rate | Each, now: Rate | Each) -> Iterator[str]:
    if type(was) is not type(now):
        yield f"补助 {shown(was)} → {shown(now)}"
        return
    for field in fields(was):
        one, other = getattr(was, field.name), getattr(now, field.name)
        if form(one) != form(other):
            yield f"{LABELS[field.name]} {shown(one, field.name)} → {shown(other, field.name)}"


def _condition(label: str, was: Condition, now: Condition) -> Iterator[str]:
    """A bound that moved is told as such; anything else by the lines that went and those that came."""
    moved = list(_moved(was, now))
    if moved and None not in moved:
        yield from (text for text in moved if text)
        return
    one, other = (list(phrase(each).lines()) for each in (was, now))
    gone = "；".join(line.strip(" -") for line in one if line not in other)
    came = "；".join(line.strip(" -") for line in other if line not in one)
    if not gone and not came:
        gone, came = ("；".join(line.strip(" -") for line in each) for each in (one, other))
    yield f"{label} 原来：{gone or '（没有别的）'} → 现在：{came or '（没有别的）'}"


def _moved(was: Condition, now: Condition) -> Iterator[str | None]:
    """The bounds that moved between two conditions of one build; None where something else differs."""
    if form(was) == form(now):
        return
    if isinstance(was, Compare) and isinstance(now, Compare):
        if (was.fact.key, was.operator) != (now.fact.key, now.operator):
            yield None
            return
        old, new = was.fact.show_number(was.bound), now.fact.show_number(now.bound)
        yield f"{now.fact.title} 门槛 {old} → {new}"
        return
    one, other = list(was.parts()), list(now.parts())
    if type(was) is not type(now) or len(one) != len(other) or not one:
        yield None
        return
    if form(was, inside=False) != form(now, inside=False):
        yield None
    for each, another in zip(one, other, strict=True):
        yield from _moved(each, another)
