"""What an edition is made of: its support measures, the rungs of its ladder, and the facts and documents they name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from policy.benefits import Benefit
from policy.citations import Certainty, Citation, Document, Validity
from policy.facts import Fact
from policy.guides import Article, Guide, Target
from policy.logic import Condition
from policy.measures import Measure, MeasureKind
from policy.money import MoneyItem
from policy.recognitions import Recognition


@dataclass(frozen=True, kw_only=True)
class Scheme(Measure):
    """One support measure (支持措施).

    It concerns a firm where `applies_when` holds; the text's own conditions are `eligible_when`; what only an
    authority decides is `authority_decides`. `left_open` lists what the text does not say.
    """

    valid: Validity
    applies_when: Condition
    eligible_when: Condition
    authority_decides: Condition | None
    benefit: Benefit

    @property
    def kind(self) -> MeasureKind:
        return MeasureKind.ASSESSED

    def facts(self) -> frozenset[str]:
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
class Supplement:
    """An edition of its own that comes with the plan's (配套版本): the recognitions of another document, and its days."""

    name: str
    title: str
    valid: Validity


@dataclass(frozen=True)
class Edition:
    """One edition of the rules (政策版本): its documents, facts, ladder and schemes. `scope` says whose case it is.

    `documents` are also those of its supplements; `articles` account for everything that the plan says.
    """

    name: str
    title: str
    valid: Validity
    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    scope: Condition
    ladder: Ladder
    schemes: tuple[Scheme, ...]
    guides: tuple[Guide, ...] = ()
    recognitions: tuple[Recognition, ...] = ()
    articles: tuple[Article, ...] = ()
    targets: tuple[Target, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    money: tuple[MoneyItem, ...] = ()

    def measures(self) -> Iterable[Measure]:
        """All that it judges or explains."""
        return chain(self.schemes, self.recognitions, self.guides)

    @cached_property
    def judged_by(self) -> frozenset[str]:
        """The keys of the facts that some measure looks at."""
        return frozenset[str]().union(*(each.facts() for each in self.measures()))
