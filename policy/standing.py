"""The ladder for one firm: where revenue puts it, what it has, and what it lacks (尚缺)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policy.facts import Value
from policy.findings import Missing
from policy.intervals import Interval
from policy.quantities import Number
from policy.schemes import Ladder, Rung
from policy.truth import Truth


class LadderState(StrEnum):
    """Where revenue puts the firm."""

    ON_LADDER = "on_ladder"
    BELOW = "below"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"


class RungState(StrEnum):
    """One rung for one firm. 尚缺 (missing) is a goal not yet reached, never a failing."""

    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_EXPECTED = "not_expected"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class RungDetermination:
    """One rung for one firm, with what is missing to settle it and the readings the text leaves open."""

    rung: Rung
    state: RungState
    ahead: bool = False
    missing: tuple[Missing, ...] = ()
    left_open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderDetermination:
    """The ladder for one firm. Thresholds and the gap are whole yuan; None where revenue does not tell them."""

    ladder: Ladder
    state: LadderState
    rungs: tuple[RungDetermination, ...]
    expected: tuple[Rung, ...] | None
    reached: int | None = None
    next_threshold: int | None = None
    gap: Number | None = None
    remarks: tuple[str, ...] = ()

    @property
    def ahead(self) -> tuple[Rung, ...]:
        return tuple(each.rung for each in self.rungs if each.ahead)


_LADDER_STATES = {
    Truth.YES: LadderState.ON_LADDER,
    Truth.NO: LadderState.BELOW,
    Truth.UNKNOWN: LadderState.UNKNOWN,
}
_RUNG_STATES = {Truth.YES: RungState.MET, Truth.NO: RungState.MISSING, Truth.UNKNOWN: RungState.UNKNOWN}


def climb(ladder: Ladder, facts: Mapping[str, Value]) -> LadderDetermination:
    """The ladder for a firm in scope."""
    value = facts.get(ladder.measure.key)
    revenue = value if isinstance(value, Interval) else None
    due = [Truth.UNKNOWN if revenue is None else revenue.at_least(rung.threshold) for rung in ladder.rungs]
    rungs = tuple(
        _stand(rung, truth, facts, Missing(ladder.measure.key, rung.threshold if revenue else None))
        for rung, truth in zip(ladder.rungs, due, strict=True)
    )
    surely = tuple(rung for rung, truth in zip(ladder.rungs, due, strict=True) if truth is Truth.YES)
    exact = revenue.value if revenue else None
    above = [rung.threshold for rung in ladder.rungs if exact is not None and exact < rung.threshold]
    remarks = (
        remark.say for remark in ladder.remarks if remark.unless.evaluate(facts).truth is not Truth.YES
    )
    return LadderDetermination(
        ladder=ladder,
        state=_LADDER_STATES[due[0]],
        rungs=rungs,
        expected=surely if revenue else None,
        reached=surely[-1].threshold if surely else None,
        next_threshold=above[0] if above else None,
        gap=above[0] - exact if above and exact is not None else None,
        remarks=tuple(remarks),
    )


def _stand(rung: Rung, due: Truth, facts: Mapping[str, Value], doubt: Missing) -> RungDetermination:
    """One rung; `due` says whether it is expected, `doubt` what is missing where that is open."""
    has = rung.has.evaluate(facts)
    if due is Truth.NO:
        return RungDetermination(rung, RungState.NOT_EXPECTED, ahead=has.truth is Truth.YES)
    sure = due is Truth.YES
    return RungDetermination(
        rung,
        state=_RUNG_STATES[has.truth] if sure else RungState.UNKNOWN,
        missing=has.missing if sure else (doubt, *has.missing),
        left_open=(*has.open_readings, *rung.left_open),
    )


def unassessed(ladder: Ladder) -> LadderDetermination:
    """The ladder for a firm out of scope."""
    rungs = tuple(RungDetermination(rung, RungState.NOT_ASSESSED) for rung in ladder.rungs)
    return LadderDetermination(ladder, LadderState.OUT_OF_SCOPE, rungs, expected=None)
