"""Conditions on list facts: whether there is anything in them, and whether an entry meets a condition over its fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policy.comparisons import Comparison
from policy.facts import Fact, Records, Value
from policy.findings import Finding, Missing, Reason, gather, settled, unknown
from policy.logic import Condition
from policy.truth import Truth


@dataclass(frozen=True)
class Empty(Comparison):
    """A list has nothing in it (or, with `empty` false, something)."""

    fact: Fact
    empty: bool

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        value = facts.get(self.fact.key)
        if not isinstance(value, Records):
            return unknown(self.fact.key)
        given, asks = ("没有" if empty else "有" for empty in (value.is_empty, self.empty))
        return settled(Truth.of(value.is_empty is self.empty), Reason(self.fact.key, given, asks))


@dataclass(frozen=True)
class Some(Comparison):
    """At least one entry of a list meets a condition over its fields."""

    fact: Fact
    condition: Condition

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        """One reason for each entry that decided. The open readings of all entries are told, also beside a sure one."""
        value = facts.get(self.fact.key)
        if not isinstance(value, Records):
            return unknown(self.fact.key)
        if value.is_empty:
            return settled(Truth.NO, Reason(self.fact.key, self.fact.show(value), "有"))
        found = [(item, self.condition.evaluate(item)) for item in value.items]
        # An entry not told yet is one more of which nothing is known.
        untold = () if value.complete else (unknown(self.fact.key),)
        whole = gather([*(finding for _, finding in found), *untold], settled_by=Truth.YES)
        deciding = [each for each in found if each[1].truth is whole.truth and each[1].because]
        return Finding(
            whole.truth,
            tuple(self._reason(item, finding) for item, finding in deciding),
            tuple(dict.fromkeys((*self._not_counted(found, whole.truth), *_readings(found)))),
            {truth: (Missing(self.fact.key),) if way else () for truth, way in whole.ways.items()},
        )

    def _not_counted(
        self, found: Sequence[tuple[Mapping[str, Value], Finding]], whole: Truth
    ) -> Iterator[str]:
        """Beside a sure entry, one of which too little is known is told; it decides nothing and is not counted."""
        for item, finding in found:
            if whole is Truth.YES and finding.truth is Truth.UNKNOWN and not finding.open_readings:
                yield f"{self.fact.show_item(item)}：还有没答上的，定不了，没有算进去"

    def _reason(self, item: Mapping[str, Value], finding: Finding) -> Reason:
        asks = "、".join(dict.fromkeys(reason.asks for reason in finding.because))
        return Reason(self.fact.key, self.fact.show_item(item), asks)


def _readings(found: Sequence[tuple[Mapping[str, Value], Finding]]) -> Iterator[str]:
    return (text for _, finding in found for text in finding.open_readings)


@dataclass(frozen=True)
class Has(Comparison):
    """Among the options chosen of a list that is told by choosing is one of the values named."""

    fact: Fact
    values: tuple[str, ...]

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        value = facts.get(self.fact.key)
        if not isinstance(value, Records):
            return unknown(self.fact.key)
        chosen = [item.get(str(self.fact.key_field)) for item in value.items]
        fitting = tuple(each for each in chosen if each in self.values)
        if not fitting and (not value.complete or None in chosen):
            return unknown(self.fact.key)
        given = self._named(fitting) if fitting else self.fact.show(value)
        return settled(Truth.of(bool(fitting)), Reason(self.fact.key, given, self.asks))

    @cached_property
    def asks(self) -> str:
        return "或".join(self._labels[each] for each in self.values)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {option.key: option.label for option in self.fact.several}

    def _named(self, keys: Sequence[Value | None]) -> str:
        return "、".join(self._labels[str(each)] for each in keys)
