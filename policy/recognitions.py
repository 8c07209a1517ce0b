"""Recognitions (资格): criteria of another document, each with its own certainty; and how a firm stands to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from policy.benefits import Rate
from policy.citations import Certainty, Validity
from policy.facts import Value
from policy.findings import Finding, Missing, Reason, distinct, settled
from policy.logic import Condition
from policy.measures import Measure, MeasureKind
from policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing asked. Without `when` no fact of ours tells: the firm checks it itself (自查). `applies_when` says of whom
    it is asked; `when` holds of everybody else."""

    title: str
    certainty: Certainty
    asks: str = ""
    place: str = ""
    when: Condition | None = None
    applies_when: Condition | None = None

    @property
    def decides(self) -> bool:
        """Whether it can decide at all: what is not confirmed, or nobody asked, never does."""
        return self.when is not None and self.certainty is not Certainty.UNCONFIRMED


@dataclass(frozen=True, kw_only=True)
class Recognition(Measure):
    """A recognition. `held_when` says that the firm has it, `applies_when` whose case it is at all; `authority` who
    decides in the end (empty: the figures do); `short` what a firm that does not meet it is, where that is no lack;
    `renew` what one that has it has to look after; `renew_by` the day of each year ("03-31") until which that is to be done."""

    valid: Validity
    criteria: tuple[Criterion, ...]
    gives: str = ""
    held_when: Condition | None = None
    applies_when: Condition | None = None
    authority: str = ""
    short: str = ""
    renew: str = ""
    renew_by: str = ""
    benefit: Rate | None = None

    @property
    def kind(self) -> MeasureKind:
        return MeasureKind.RECOGNITION

    def facts(self) -> frozenset[str]:
        return self.deciding_facts().union(*(each.when.facts() for each in self.criteria if each.when))

    def deciding_facts(self) -> frozenset[str]:
        """All but those that only what is not confirmed looks at."""
        criteria = (each.when.facts() for each in self.criteria if each.when and each.decides)
        base = frozenset({self.benefit.fact.key}) if self.benefit else frozenset[str]()
        return base.union(self.facts_first(), *criteria)

    def facts_first(self) -> frozenset[str]:
        """Those that tell whether the firm has it and whether it is its case at all."""
        conditions = (self.held_when, self.applies_when)
        return frozenset[str]().union(*(each.facts() for each in conditions if each is not None))


@dataclass(frozen=True, slots=True)
class Checked:
    """One criterion for one firm."""

    criterion: Criterion
    truth: Truth
    because: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()
    open_readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a firm stands to a recognition: it has it, whether it is its case, and every criterion."""

    held: Finding
    applies: Finding
    checked: tuple[Checked, ...]

    @property
    def failed(self) -> tuple[Checked, ...]:
        """The criteria surely not met, of those that decide."""
        return tuple(each for each in self.checked if each.criterion.decides and each.truth is Truth.NO)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What could still settle it: first whether the firm has it, then what the deciding criteria lack."""
        # Once one is surely not met the others decide nothing.
        own = () if self.failed else (each.missing for each in self.checked if each.criterion.decides)
        return distinct(chain(self.held.missing, self.applies.missing, *own))


_YES, _NO = settled(Truth.YES), settled(Truth.NO)


def stand(recognition: Recognition, facts: Mapping[str, Value]) -> Standing:
    """Hold a firm against every criterion."""
    held, applies = recognition.held_when, recognition.applies_when
    return Standing(
        _NO if held is None else held.evaluate(facts),
        _YES if applies is None else applies.evaluate(facts),
        tuple(_check(each, facts) for each in recognition.criteria if _is_asked(each, facts)),
    )


def _is_asked(criterion: Criterion, facts: Mapping[str, Value]) -> bool:
    whose = criterion.applies_when
    return whose is None or whose.evaluate(facts).truth is not Truth.NO


def _check(criterion: Criterion, facts: Mapping[str, Value]) -> Checked:
    if criterion.when is None:
        return Checked(criterion, Truth.UNKNOWN)
    found = criterion.when.evaluate(facts)
    whose = frozenset[str]() if criterion.applies_when is None else criterion.applies_when.facts()
    because = tuple(each for each in found.because if each.fact not in whose)
    return Checked(criterion, found.truth, because, found.missing, found.open_readings)
