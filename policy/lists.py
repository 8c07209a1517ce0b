"""Conditions on list facts: whether there is anything in them, and whether an entry meets a condition over its fields."""

from collections.abc import Mapping
from dataclasses import dataclass

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
        reason = Reason(self.fact.key, self.fact.show(value), "没有" if self.empty else "有")
        return settled(Truth.of(value.is_empty is self.empty), reason)


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
            tuple(dict.fromkeys(text for _, finding in found for text in finding.open_readings)),
            {truth: (Missing(self.fact.key),) if way else () for truth, way in whole.ways.items()},
        )

    def _reason(self, item: Mapping[str, Value], finding: Finding) -> Reason:
        asks = "、".join(dict.fromkeys(reason.asks for reason in finding.because))
        return Reason(self.fact.key, self.fact.show_item(item), asks)
