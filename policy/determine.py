"""Edition, facts, day -> determinations: where the firm stands, what it lacks, what it can claim, and why.

Pure: the same input gives the same output. The ladder is in standing.py, one scheme in verdicts.py, the JSON in results.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policy.facts import Value
from policy.findings import Finding, Missing
from policy.narrowing import Facts, narrow
from policy.schemes import Edition, Scheme
from policy.standing import LadderDetermination, climb, unassessed
from policy.truth import Truth
from policy.verdicts import Determination, Verdict, judge


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything an edition says about one firm on one day."""

    edition: Edition
    day: date
    facts: Facts
    in_scope: Finding
    ladder: LadderDetermination
    schemes: tuple[Determination, ...]

    def total(self, verdict: Verdict) -> int:
        """Whole yuan of all schemes with that verdict."""
        return sum(each.amount or 0 for each in self.schemes if each.verdict is verdict)

    @property
    def must_ask(self) -> tuple[str, ...]:
        """The facts that can still change the ladder or a scheme, in the order of the catalogue."""
        wanted = {missing.fact for missing in self.missing()}
        return tuple(key for key in self.edition.facts if key in wanted)

    def missing(self) -> Iterable[Missing]:
        """What is missing anywhere; the same fact may come more than once."""
        yield from self.in_scope.missing
        for rung in self.ladder.rungs:
            yield from rung.missing
        for scheme in self.schemes:
            yield from scheme.missing


def determine(edition: Edition, given: Mapping[str, Value], day: date) -> Outcome:
    """Judge a firm by an edition. `given` holds what is known; an absent fact is unknown, never no."""
    facts = narrow(edition.facts, given)
    in_scope = edition.scope.evaluate(facts.known)
    if in_scope.truth is Truth.NO:
        ladder = unassessed(edition.ladder)
        schemes = tuple(_outside(scheme, in_scope) for scheme in edition.schemes)
    else:
        ladder = climb(edition.ladder, facts.known)
        schemes = tuple(judge(scheme, facts, day) for scheme in edition.schemes)
    return Outcome(edition, day, facts, in_scope, ladder, schemes)


def _outside(scheme: Scheme, in_scope: Finding) -> Determination:
    return Determination(scheme, Verdict.OUT_OF_SCOPE, None, because=in_scope.because)
