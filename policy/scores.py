"""A score: parts that give points, added up and held against a bound. Steps whose source was not seen only estimate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.facts import Value
from policy.findings import Finding, Missing, Reason, distinct, settled
from policy.logic import Condition
from policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Step:
    """So many points where a condition holds."""

    when: Condition
    give: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score. Of the steps seen in the source the first that holds counts; where none surely holds, its
    points lie anywhere in `between`."""

    title: str
    points: tuple[Step, ...]
    between: tuple[int, int]
    estimate: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Points:
    """What one part gives: between `low` and `high`, and once everything is answered surely `best` at the most and
    surely no more than `worst` at the least."""

    low: int
    high: int
    best: int
    worst: int
    findings: tuple[Finding, ...]

    @property
    def because(self) -> tuple[Reason, ...]:
        """The step that holds, or every one that does not."""
        last = self.findings[-1:] if self.low == self.high else self.findings
        return tuple(reason for finding in last for reason in finding.because)

    @property
    def missing(self) -> Iterable[Missing]:
        open_ones = self.findings if self.low != self.high else ()
        return (missing for finding in open_ones for missing in finding.missing)


@dataclass(frozen=True)
class Score(Condition):
    """The parts' points together reach a bound."""

    scored: tuple[Part, ...]
    at_least: int

    def evaluate(self, facts: Mapping[str, Value]) -> Finding:
        found = [_points(part, facts) for part in self.scored]
        low, high = sum(each.low for each in found), sum(each.high for each in found)
        because = tuple(reason for each in found for reason in each.because)
        if low >= self.at_least:
            return settled(Truth.YES, *because)
        if high < self.at_least:
            return settled(Truth.NO, *because)
        guesses = [_guess(part, each, facts) for part, each in zip(self.scored, found, strict=True)]
        ways = dict(self._ways(found))
        return Finding(Truth.UNKNOWN, because, (self._told(guesses, low, high),), ways)

    def _ways(self, found: list[_Points]) -> Iterable[tuple[Truth, tuple[Missing, ...]]]:
        """What answers can still settle: a part between the steps that were seen stays open whatever is answered."""
        missing = distinct(missing for each in found for missing in each.missing)
        if sum(each.best for each in found) >= self.at_least:
            yield Truth.YES, missing
        if sum(each.worst for each in found) < self.at_least:
            yield Truth.NO, missing

    def _told(self, guesses: list[int | None], low: int, high: int) -> str:
        if None in guesses:
            return f"按见到的分档得 {low} 到 {high} 分，要 {self.at_least} 分"
        guess = sum(each for each in guesses if each is not None)
        return (
            f"按见到的分档得 {low} 到 {high} 分，要 {self.at_least} 分；中间各档的分值待核实，估计 {guess} 分"
        )

    def parts(self) -> Iterable[Condition]:
        return (step.when for part in self.scored for step in (*part.points, *part.estimate))


def _points(part: Part, facts: Mapping[str, Value]) -> _Points:
    """The first step that holds counts; so while an earlier one is open, that one or the first that surely holds."""
    findings: list[Finding] = []
    possible: list[int] = []
    for step in part.points:
        finding = step.when.evaluate(facts)
        findings.append(finding)
        if finding.truth is not Truth.NO:
            possible.append(step.give)
        if finding.truth is Truth.YES:
            low, high = min(possible), max(possible)
            return _Points(low, high, high, low, tuple(findings))
    low, high = part.between
    best, worst = max((low, *possible)), min((high, *possible))
    return _Points(low, high, best, worst, tuple(findings))


def _guess(part: Part, found: _Points, facts: Mapping[str, Value]) -> int | None:
    """The points by the steps that only estimate; None where an answer is missing for that, too."""
    if found.low == found.high:
        return found.low
    if found.findings and found.findings[-1].truth is Truth.YES:
        return None
    given = (step.give for step in part.estimate if step.when.evaluate(facts).truth is Truth.YES)
    return next(given, None)
