"""Edition, facts, day -> determinations: where the firm stands, what it lacks, what it can claim, and why.

Pure: the same input gives the same output. The ladder is in standing.py, one scheme in verdicts.py, the JSON in results.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from policy.concern import concern
from policy.facts import Value
from policy.findings import Finding, Missing
from policy.guides import Guide
from policy.measures import Measure
from policy.narrowing import Facts, dated, narrow
from policy.reach import MoneyInReach, in_reach
from policy.recognise import recognise
from policy.recognitions import Recognition
from policy.schemes import Edition
from policy.standing import LadderDetermination, climb, unassessed
from policy.truth import Truth
from policy.verdicts import Determination, Verdict, clash, judge


@dataclass(frozen=True)
class Outcome:
    """Everything an edition says about one firm on one day. `recognitions` and `guides` are judged once looked at:
    most turns of a talk never do."""

    edition: Edition
    day: date
    facts: Facts
    in_scope: Finding
    ladder: LadderDetermination
    schemes: tuple[Determination, ...]

    @cached_property
    def recognitions(self) -> tuple[Determination, ...]:
        """How the firm stands to each recognition in force that day."""
        return tuple(map(self.stand_to, recognitions_on(self.edition, self.day)))

    def stand_to(self, recognition: Recognition) -> Determination:
        """How the firm stands to one recognition."""
        if self.in_scope.truth is Truth.NO:
            return _outside(recognition, self.in_scope)
        if because := clash(recognition, self.facts):
            return Determination(recognition, Verdict.CONTRADICTORY, None, because=because)
        return recognise(recognition, self._dated, self.day)

    @cached_property
    def guides(self) -> tuple[Determination, ...]:
        """Which of the guided measures concern the firm."""
        return tuple(map(self._guided, self.edition.guides))

    @cached_property
    def money(self) -> tuple[MoneyInReach, ...]:
        """The sums on the ladder, each told once."""
        return tuple(in_reach(self.edition.money, {each.scheme.key: each for each in self.everything()}))

    def everything(self) -> Iterable[Determination]:
        """All determinations, in the order of schemes, recognitions and guided measures."""
        return chain(self.schemes, self.recognitions, self.guides)

    def of(self, key: str) -> Determination | None:
        """One measure's determination by its id, None where there is none; nothing else is judged for it."""
        own = next((each for each in self.schemes if each.scheme.key == key), None)
        asked = next((each for each in recognitions_on(self.edition, self.day) if each.key == key), None)
        guide = next((each for each in self.edition.guides if each.key == key), None)
        if own is None and asked is not None:
            return self.stand_to(asked)
        return self._guided(guide) if own is None and guide is not None else own

    def _guided(self, guide: Guide) -> Determination:
        outside = self.in_scope.truth is Truth.NO
        return _outside(guide, self.in_scope) if outside else concern(guide, self._dated)

    @cached_property
    def _dated(self) -> Mapping[str, Value]:
        return dated(self.edition.facts, self.facts.known, self.day)

    def total(self, verdict: Verdict) -> int:
        """Whole yuan of all schemes with that verdict."""
        return sum(each.amount or 0 for each in self.schemes if each.verdict is verdict)

    @property
    def must_ask(self) -> tuple[str, ...]:
        """The facts that can still change the ladder or an amount, in the order of the catalogue."""
        wanted = {missing.fact for missing in self.missing()}
        return tuple(key for key in self.edition.facts if key in wanted)

    def missing(self) -> Iterable[Missing]:
        """What is missing anywhere; the same fact may come more than once."""
        yield from self.in_scope.missing
        for rung in self.ladder.rungs:
            yield from rung.missing
        for scheme in self.schemes:
            yield from scheme.missing


def recognitions_on(edition: Edition, day: date) -> tuple[Recognition, ...]:
    """Of two editions of one recognition the one of the day; where neither is, the last."""
    chosen: dict[str, Recognition] = {}
    for each in edition.recognitions:
        if each.key not in chosen or not chosen[each.key].valid.covers(day):
            chosen[each.key] = each
    return tuple(chosen.values())


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


def _outside(scheme: Measure, in_scope: Finding) -> Determination:
    return Determination(scheme, Verdict.OUT_OF_SCOPE, None, because=in_scope.because)
