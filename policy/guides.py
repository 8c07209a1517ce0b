"""Guided measures: what the plan offers to whom, and what one does next. Nothing is decided but whom it concerns."""

from dataclasses import dataclass
from typing import NamedTuple

from policy.logic import Condition
from policy.measures import Measure, MeasureKind

UNSEEN = "未见"


@dataclass(frozen=True, slots=True)
class Office:
    """Who is in charge, as far as known; 未见 where it is not."""

    name: str = UNSEEN
    phone: str = UNSEEN


@dataclass(frozen=True, kw_only=True)
class Guide(Measure):
    """A measure that is explained: for whom, what is offered, until when, who is asked. Without `concerns_when` it
    concerns every firm in scope."""

    audience: str
    offers: str
    time_limit: str
    office: Office
    concerns_when: Condition | None = None

    @property
    def kind(self) -> MeasureKind:
        return MeasureKind.GUIDED

    def facts(self) -> frozenset[str]:
        return frozenset[str]() if self.concerns_when is None else self.concerns_when.facts()


class Spared(NamedTuple):
    """A measure that no firm can claim or join, and why."""

    key: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article or highlight of the plan, and the measures in it."""

    place: str
    heading: str
    measures: tuple[str, ...]
    rungs: tuple[str, ...]
    not_for_firms: tuple[Spared, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the province wants to reach; never a condition for a firm."""

    title: str
    figure: str
    place: str
    by: str = ""
