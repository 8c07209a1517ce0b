"""Conditions put together: all, any, not, and the reading that the text leaves open.

The comparisons with single facts are in comparisons.py and lists.py, what comes out of them in findings.py.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.facts import Value
from policy.findings import NO_WAY, Finding, Reason, gather
from policy.truth import Truth


class Condition(ABC):
    """A question about a firm's facts with three answers (条件)."""

    @abstractmethod
    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        """Never raises on a missing fact: that is UNKNOWN, and `missing` names it."""

    @abstractmethod
    def parts(self) -> Iterable["Condition"]:
        """The conditions directly inside this one."""

    def facts(self) -> frozenset[str]:
        """The keys of all facts it looks at."""
        return frozenset[str]().union(*(part.facts() for part in self.parts()))


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Yes when every part is; one no settles it."""

    conditions: tuple[Condition, ...]

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        return gather([condition.evaluate(facts) for condition in self.conditions], settled_by=Truth.NO)

    def parts(self) -> Iterable[Condition]:
        return self.conditions


@dataclass(frozen=True, slots=True)
class Any(Condition):
    """Yes when one part is; no only when every part is."""

    conditions: tuple[Condition, ...]

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        return gather([condition.evaluate(facts) for condition in self.conditions], settled_by=Truth.YES)

    def parts(self) -> Iterable[Condition]:
        return self.conditions


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The opposite of a condition; unknown stays unknown."""

    condition: Condition

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        inner = self.condition.evaluate(facts)
        because = tuple(Reason(reason.fact, reason.given, f"不是：{reason.asks}") for reason in inner.because)
        ways = {~truth: way for truth, way in inner.ways.items()}
        return Finding(~inner.truth, because, inner.open_readings, ways)

    def parts(self) -> Iterable[Condition]:
        return (self.condition,)


@dataclass(frozen=True, slots=True)
class OpenReading(Condition):
    """A case the text does not decide: where `when` holds the answer is UNKNOWN and `reading` says what is open."""

    when: Condition
    reading: str

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        inner = self.when.evaluate(facts)
        if inner.truth is Truth.YES:
            return Finding(Truth.UNKNOWN, inner.because, (self.reading,), NO_WAY)
        return inner._replace(ways={truth: way for truth, way in inner.ways.items() if truth is Truth.NO})

    def parts(self) -> Iterable[Condition]:
        return (self.when,)
