"""What is worth a second look in a case (留意): never a verdict, only where an advisor should look first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from flows.contact import title_at
from flows.slots import Sheet
from models.answer import Answer
from policy.comparisons import Compare
from policy.determine import Outcome
from policy.facts import Kind
from policy.intervals import Interval
from policy.logic import Condition
from policy.quantities import Number

FlagKind: TypeAlias = Literal["confirmed", "changed", "contradiction", "near", "ratio", "approx", "colleague"]

NEAR_PERCENT = 5
"""So near a threshold, in per cent of it, that a slip of the pen decides."""
UNUSUAL_RD_PERCENT = 30
_OFTEN = 2


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to look at: its kind, which answers, and the figures in words."""

    kind: FlagKind
    slot: str
    title: str
    words: str = ""


def flags_of(outcome: Outcome, sheet: Sheet, history: Sequence[Answer]) -> list[Flag]:
    """All of them, the graver ones first."""
    return [
        *_contradictions(outcome),
        *_ratios(outcome),
        *_near(outcome),
        *_told(outcome, sheet, history),
    ]


def _contradictions(outcome: Outcome) -> Iterator[Flag]:
    for each in outcome.facts.conflicts:
        facts = outcome.facts
        words = f"{each.part.show(facts[each.part.key])} ＞ {each.whole.title} {each.whole.show(facts[each.whole.key])}"
        yield Flag("contradiction", each.part.key, each.part.title, words)


def _ratios(outcome: Outcome) -> Iterator[Flag]:
    """Research spending that is unusually high for the revenue; most often a unit was misread."""
    spent, revenue = (outcome.facts.known.get(key) for key in ("rd_spend", outcome.ladder.ladder.measure.key))
    if not isinstance(spent, Interval) or not isinstance(revenue, Interval):
        return
    least, most = spent.least, revenue.most
    if least is None or most is None:
        return
    if int(least) * 100 > int(most) * UNUSUAL_RD_PERCENT:
        facts = outcome.edition.facts
        share = f"{int(least) * 100 // int(most)}%" if most else "∞"
        yield Flag("ratio", "rd_spend", facts["rd_spend"].title, share)


def _near(outcome: Outcome) -> Iterator[Flag]:
    """Figures of money that lie within a few per cent of a threshold that decides something."""
    seen = set()
    for fact_key, bound in _bounds(outcome):
        value = outcome.facts.known.get(fact_key)
        fact = outcome.edition.facts.get(fact_key)
        exact = value.value if isinstance(value, Interval) else None
        if fact is None or fact.kind is not Kind.MONEY or exact is None or (fact_key, bound) in seen:
            continue
        seen.add((fact_key, bound))
        if abs(int(exact) - int(bound)) * 100 <= int(bound) * NEAR_PERCENT:
            yield Flag("near", fact_key, fact.title, f"{fact.show_number(exact)} / {fact.show_number(bound)}")


def _bounds(outcome: Outcome) -> Iterator[tuple[str, Number]]:
    ladder = outcome.edition.ladder
    yield from ((ladder.measure.key, rung.threshold) for rung in ladder.rungs)
    for scheme in outcome.edition.schemes:
        yield from _compared((scheme.eligible_when, scheme.applies_when))


def _compared(conditions: Iterable[Condition]) -> Iterator[tuple[str, Number]]:
    for each in conditions:
        if isinstance(each, Compare):
            yield each.fact.key, each.bound
        yield from _compared(each.parts())


def _told(outcome: Outcome, sheet: Sheet, history: Sequence[Answer]) -> Iterator[Flag]:
    """How the answers came: read back before they counted, changed again and again, told roughly, told by a colleague."""
    by_slot: dict[str, list[Answer]] = {}
    for each in history:
        if each.slot in sheet.entries:
            by_slot.setdefault(each.slot, []).append(each)
    for slot, given in by_slot.items():
        title, last = title_at(outcome.edition, sheet, slot), given[-1]
        if (last.rule or "").endswith(", confirmed"):
            yield Flag("confirmed", slot, title, last.as_typed or "")
        values = [each.as_read for each in given if each.kind == "value"]
        if len(values) > _OFTEN:
            yield Flag("changed", slot, title, str(len(values)))
        if isinstance(last.as_read, dict) and last.as_read.get("approx"):
            yield Flag("approx", slot, title, last.as_typed or "")
        if last.by_role == "colleague":
            yield Flag("colleague", slot, title)
