"""What every measure of a plan has, whether its conditions decide here, elsewhere, or it only guides."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from policy.citations import Certainty, Citation


class MeasureKind(StrEnum):
    """How a measure is treated: decided by its conditions, a recognition of another document, or explained only."""

    ASSESSED = "assessed"
    GUIDED = "guided"
    RECOGNITION = "recognition"


class Topic(StrEnum):
    """What the deep round can be about."""

    RECOGNITIONS = "recognitions"
    PLATFORMS = "platforms"
    MONEY = "money"
    TALENT = "talent"
    PROJECTS = "projects"


@dataclass(frozen=True, kw_only=True)
class Measure(ABC):
    """One measure (措施): what it is called, in which edition and where it stands, what is open, what to do next."""

    key: str
    title: str
    edition: str
    citations: tuple[Citation, ...]
    certainty: Certainty
    topics: tuple[Topic, ...] = ()
    left_open: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()

    @property
    @abstractmethod
    def kind(self) -> MeasureKind:
        """How it is treated."""

    @abstractmethod
    def facts(self) -> frozenset[str]:
        """The keys of all facts it looks at."""

    def deciding_facts(self) -> frozenset[str]:
        """Those that can decide anything."""
        return self.facts()
