"""What the page of one measure holds, and what its files are called. Filled in measures.py."""

from dataclasses import dataclass

from flows.proofs.citing import Cited
from flows.proofs.examples import ExampleTold
from policy.measures import Measure, MeasureKind
from policy.phrases import Phrase
from policy.schemes import Rung

KINDS = {
    MeasureKind.ASSESSED: "按条件判定",
    MeasureKind.RECOGNITION: "资格",
    MeasureKind.GUIDED: "只作指引",
}
RUNG, SPARED = "阶梯的一级", "不给企业"


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions under a heading."""

    heading: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class CriterionTold:
    """One criterion in words."""

    title: str
    asks: str
    place: str
    certainty: str
    role: str
    phrase: Phrase | None


@dataclass(frozen=True, kw_only=True)
class MeasurePage:
    """Everything that a measure's page shows. `slug` names its files, `key` is its id in the rules; an empty text is not shown."""

    slug: str
    key: str
    title: str
    kind: str
    edition: str
    certainty: str
    whom: str
    places: tuple[str, ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    conditions: tuple[Group, ...] = ()
    criteria: tuple[CriterionTold, ...] = ()
    validity: str = ""
    left_open: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    asking: tuple[tuple[str, str], ...] = ()
    money: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()
    notes: tuple[str, ...] = ()
    examples: tuple[ExampleTold, ...] = ()
    is_rung: bool = False


def slug_of(measure: Measure) -> str:
    """A recognition can be in several editions; every other measure is there once."""
    is_recognition = measure.kind is MeasureKind.RECOGNITION
    return f"{measure.edition}-{measure.key}" if is_recognition else measure.key


def slug_of_rung(rung: Rung) -> str:
    return f"ladder-{rung.key.replace('_', '-')}"
