"""What an edition is made of: its support measures, the rungs of its ladder, and the facts and documents they name."""

from collections.abc import Mapping
from dataclasses import dataclass

from policy.benefits import Benefit
from policy.citations import Certainty, Citation, Document, Validity
from policy.facts import Fact
from policy.logic import Condition


@dataclass(frozen=True, slots=True)
class Scheme:
    """One support measure (支持措施).

    It concerns a firm where `applies_when` holds; the text's own conditions are `eligible_when`; what only an
    authority decides is `authority_decides`. `left_open` lists what the text does not say.
    """

    key: str
    title: str
    citations: tuple[Citation, ...]
    certainty: Certainty
    valid: Validity
    applies_when: Condition
    eligible_when: Condition
    authority_decides: Condition | None
    benefit: Benefit
    left_open: tuple[str, ...]
    next_steps: tuple[str, ...]

    def facts(self) -> frozenset[str]:
        """The keys of all facts it looks at."""
        authority = self.authority_decides.facts() if self.authority_decides else frozenset[str]()
        return self.applies_when.facts() | self.eligible_when.facts() | authority | {self.benefit.fact.key}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder (梯次): from which revenue (whole yuan), what a firm there is expected to have. A goal, not
    a duty."""

    key: str
    title: str
    threshold: int
    has: Condition
    left_open: tuple[str, ...]
    next_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence told unless a condition surely holds: also while it is not known whether it does."""

    unless: Condition
    say: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in rising order of revenue, measured by one money fact."""

    measure: Fact
    citations: tuple[Citation, ...]
    certainty: Certainty
    rungs: tuple[Rung, ...]
    remarks: tuple[Remark, ...]

    def facts(self) -> frozenset[str]:
        """The keys of all facts it looks at."""
        conditions = [*(rung.has for rung in self.rungs), *(remark.unless for remark in self.remarks)]
        return frozenset({self.measure.key}).union(*(condition.facts() for condition in conditions))


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the rules (政策版本): its documents, facts, ladder and schemes. `scope` says whose case it is."""

    name: str
    title: str
    valid: Validity
    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    scope: Condition
    ladder: Ladder
    schemes: tuple[Scheme, ...]
