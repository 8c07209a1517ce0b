"""Sums that documents name, for one firm: which are sure, which open, which are not its case; each told once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from policy.citations import Certainty
from policy.money import MoneyItem
from policy.recognitions import Recognition
from policy.verdicts import Determination, Verdict


class Reach(StrEnum):
    """How near a sum is to a firm. OUT_OF_REACH is only for one that is short of something."""

    SURE = "sure"
    CONDITIONAL = "conditional"
    OPEN = "open"
    NOT_CONCERNED = "not_concerned"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class MoneyInReach:
    """A sum for one firm; `determination` is that of the measure it hangs on."""

    item: MoneyItem
    reach: Reach
    determination: Determination | None


_REACH = {
    Verdict.ELIGIBLE: Reach.SURE,
    Verdict.CONDITIONAL: Reach.CONDITIONAL,
    Verdict.UNDETERMINED: Reach.OPEN,
    Verdict.CONTRADICTORY: Reach.OPEN,
    Verdict.CONCERNS: Reach.OPEN,
    Verdict.INELIGIBLE: Reach.OUT_OF_REACH,
    Verdict.NOT_APPLICABLE: Reach.NOT_CONCERNED,
    Verdict.DOES_NOT_CONCERN: Reach.NOT_CONCERNED,
    Verdict.OUT_OF_SCOPE: Reach.NOT_CONCERNED,
}
_HAD = {Reach.SURE, Reach.CONDITIONAL}


def in_reach(items: Iterable[MoneyItem], found: Mapping[str, Determination]) -> Iterable[MoneyInReach]:
    """Every sum once: one that is the same as another is told with that one, never beside it."""
    for item in items:
        if item.same_as is None:
            determination = found.get(item.measure or "")
            yield MoneyInReach(item, _reach(item, determination), determination)


def _reach(item: MoneyItem, determination: Determination | None) -> Reach:
    """A title or a concern alone brings no sum: what it hangs on besides stands in `left_open`, and nobody was asked."""
    if determination is None:
        return Reach.OPEN
    reach = _REACH[determination.verdict]
    sure = item.certainty is not Certainty.UNCONFIRMED and _brings_a_sum(determination)
    return Reach.OPEN if reach in _HAD and not sure else reach


def _brings_a_sum(determination: Determination) -> bool:
    """Whether the measure itself comes to one: an amount was worked out, or it is a deduction."""
    scheme = determination.scheme
    is_deduction = isinstance(scheme, Recognition) and scheme.benefit is not None
    return determination.amount is not None or is_deduction
