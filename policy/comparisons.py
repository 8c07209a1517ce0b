"""Comparisons with single facts: a number with a bound, a yes/no or a choice with the values asked for.

Each carries the Fact it looks at, so that it can say in words what was given and what is asked. Lists are in lists.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from policy.facts import Fact, Kind, Value
from policy.findings import Finding, Reason, settled, unknown
from policy.intervals import Interval
from policy.logic import Condition
from policy.quantities import Number
from policy.truth import Truth


class Operator(Enum):
    """How a number is held against a bound. 以上 includes the number itself."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"


TESTS: Mapping[Operator, Callable[[Interval, Number], Truth]] = {
    Operator.AT_LEAST: lambda value, bound: value.at_least(bound),
    Operator.AT_MOST: lambda value, bound: value.at_most(bound),
    Operator.MORE_THAN: lambda value, bound: ~value.at_most(bound),
    Operator.LESS_THAN: lambda value, bound: ~value.at_least(bound),
}
WORDS = {
    Operator.AT_LEAST: "{}以上（含）",
    Operator.AT_MOST: "不超过 {}",
    Operator.MORE_THAN: "超过 {}",
    Operator.LESS_THAN: "{}以下（不含）",
}
_WORDS_OF_TIME = {
    Operator.AT_LEAST: "{}及以后",
    Operator.AT_MOST: "不晚于 {}",
    Operator.MORE_THAN: "晚于 {}",
    Operator.LESS_THAN: "早于 {}",
}


class Comparison(Condition):
    """A condition on one fact."""

    fact: Fact

    def parts(self) -> Iterable[Condition]:
        return ()

    def facts(self) -> frozenset[str]:
        return frozenset({self.fact.key})


@dataclass(frozen=True)
class Compare(Comparison):
    """A number against a bound, both in the fact's unit."""

    fact: Fact
    operator: Operator
    bound: Number

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        value = facts.get(self.fact.key)
        if not isinstance(value, Interval):
            return unknown(self.fact.key)
        truth = TESTS[self.operator](value, self.bound)
        if truth is Truth.UNKNOWN:
            return unknown(self.fact.key, self.bound)
        short_by = self._short_by(value) if truth is Truth.NO else None
        return settled(truth, Reason(self.fact.key, self.fact.show(value), self.asks, short_by))

    @cached_property
    def asks(self) -> str:
        words = _WORDS_OF_TIME if self.fact.kind in {Kind.MONTH, Kind.YEAR} else WORDS
        return words[self.operator].format(self.fact.show_number(self.bound))

    def _short_by(self, value: Interval) -> Number | None:
        """A gap is told only from an exact figure: from a bound it would be a guess."""
        if value.value is None or self.operator is not Operator.AT_LEAST:
            return None
        return self.bound - value.value


@dataclass(frozen=True)
class OneOf(Comparison):
    """A yes/no or a choice is one of the values named."""

    fact: Fact
    values: tuple[bool | str, ...]

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        value = facts.get(self.fact.key)
        found = self._findings.get(value) if isinstance(value, (bool, str)) else None
        return found or unknown(self.fact.key)

    @cached_property
    def _findings(self) -> Mapping[bool | str, Finding]:
        """What each value comes to, worked out once: there are few."""
        fact, asks = self.fact, "或".join(self.fact.show(value) for value in self.values)
        return {
            value: settled(Truth.of(value in self.values), Reason(fact.key, fact.show(value), asks))
            for value in fact.choices
        }
