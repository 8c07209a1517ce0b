"""What evaluating a condition finds: its truth, what decided, what is missing, what the text itself leaves open.

The conditions are in logic.py, comparisons.py and lists.py. Named tuples, because a judgement makes dozens of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from policy.quantities import Number
from policy.truth import Truth


class Reason(NamedTuple):
    """One comparison that decided: the fact, what was given and what is asked, in words; short by how much (in the
    fact's own unit, None where no figure can be given)."""

    fact: str
    given: str
    asks: str
    short_by: Number | None = None


class Missing(NamedTuple):
    """A fact that could still settle the matter. `bound` is the threshold in doubt where the fact is known, but not
    precisely enough."""

    fact: str
    bound: Number | None = None


Ways = Mapping[Truth, tuple[Missing, ...]]
NO_WAY: Ways = MappingProxyType({})
_SETTLED: Mapping[Truth, Ways] = {truth: MappingProxyType({truth: ()}) for truth in (Truth.YES, Truth.NO)}


class Finding(NamedTuple):
    """What evaluating a condition found.

    `because` holds only what decided: for a NO the parts that are no, for a YES the parts that are yes.
    `open_readings` are the places where the text itself leaves the case open; nobody's answer can settle those.
    `ways` lead to the settled truths that can still come out: to each, the facts whose answers can bring it about.
    """

    truth: Truth
    because: tuple[Reason, ...] = ()
    open_readings: tuple[str, ...] = ()
    ways: Ways = NO_WAY

    @property
    def could(self) -> frozenset[Truth]:
        """The settled truths that further answers can still bring."""
        return frozenset(self.ways)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The facts whose answers can still settle it; a YES or a NO misses nothing."""
        if self.truth is not Truth.UNKNOWN:
            return ()
        return distinct(each for way in self.ways.values() for each in way)


def settled(truth: Truth, *because: Reason) -> Finding:
    """A YES or a NO: nothing can change it any more."""
    return Finding(truth, because, (), _SETTLED[truth])


@lru_cache(1024)  # there are few: a fact, or a fact and one of the rules' bounds
def unknown(fact: str, bound: Number | None = None) -> Finding:
    """A comparison whose fact is not known, or not precisely enough to hold it against the bound."""
    missing = (Missing(fact, bound),)
    return Finding(Truth.UNKNOWN, (), (), {Truth.YES: missing, Truth.NO: missing})


def gather(findings: Sequence[Finding], settled_by: Truth) -> Finding:
    """Put the findings of parts together, where one that is `settled_by` settles the whole, and otherwise all must be
    the opposite. The parts that came out as the whole did are the ones that decided it."""
    truths = [finding.truth for finding in findings]
    opposite = ~settled_by
    if settled_by in truths:
        return settled(settled_by, *_because(findings, settled_by))
    if Truth.UNKNOWN not in truths:
        return settled(opposite, *_because(findings, opposite))
    ways = {}
    if any(settled_by in each.ways for each in findings):
        ways[settled_by] = _way(findings, settled_by)
    if all(opposite in each.ways for each in findings):
        ways[opposite] = _way(findings, opposite)
    readings = dict.fromkeys(text for finding in findings for text in finding.open_readings)
    return Finding(Truth.UNKNOWN, tuple(_because(findings, Truth.UNKNOWN)), tuple(readings), ways)


def _because(findings: Sequence[Finding], truth: Truth) -> list[Reason]:
    return [reason for finding in findings if finding.truth is truth for reason in finding.because]


def _way(findings: Sequence[Finding], truth: Truth) -> tuple[Missing, ...]:
    return distinct(missing for each in findings for missing in each.ways.get(truth, ()))


def distinct(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(missing))
