"""One scheme for one firm: the verdict, the amount, and what decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policy.benefits import Amount
from policy.citations import Certainty, Citation
from policy.findings import Finding, Missing, Reason, settled
from policy.measures import Measure
from policy.narrowing import Facts
from policy.recognitions import Checked
from policy.schemes import Scheme
from policy.truth import Truth


class Verdict(StrEnum):
    """What a determination says; the words of the contract."""

    ELIGIBLE = "eligible"
    CONDITIONAL = "conditional"
    UNDETERMINED = "undetermined"
    INELIGIBLE = "ineligible"
    NOT_APPLICABLE = "not_applicable"
    CONTRADICTORY = "contradictory"
    OUT_OF_SCOPE = "out_of_scope"
    CONCERNS = "concerns"
    DOES_NOT_CONCERN = "does_not_concern"


@dataclass(frozen=True, slots=True)
class Determination:
    """One measure for one firm (判定): verdict, amount in whole yuan with its working, and what decided.

    `amount` is 0 where there is nothing to claim and None where no figure can be given. `gate`: what has to be known
    before anything else can settle it (None: nothing has). `checked` holds a recognition's criteria one by one.
    """

    scheme: Measure
    verdict: Verdict
    amount: int | None
    working: str = ""
    because: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()
    left_open: tuple[str, ...] = ()
    gate: tuple[Missing, ...] | None = None
    checked: tuple[Checked, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.scheme.citations

    @property
    def certainty(self) -> Certainty:
        return self.scheme.certainty

    @property
    def is_open(self) -> bool:
        """Whether a fact could still change it."""
        return bool(self.missing)


def judge(scheme: Scheme, facts: Facts, day: date) -> Determination:
    """One scheme for a firm in scope: out of force or no such case, then conflict, then a sure no, then what is open."""
    applies = scheme.applies_when.evaluate(facts.known)
    if applies.truth is Truth.NO:
        return Determination(scheme, Verdict.NOT_APPLICABLE, 0, because=applies.because)
    if not scheme.valid.covers(day):
        return Determination(scheme, Verdict.NOT_APPLICABLE, 0, left_open=(f"{day:%Y-%m-%d} 不在施行期内",))
    gate = applies.missing if applies.truth is Truth.UNKNOWN else None
    if because := clash(scheme, facts):
        return Determination(
            scheme, Verdict.CONTRADICTORY, None, because=because, missing=applies.missing, gate=gate
        )
    eligible = scheme.eligible_when.evaluate(facts.known)
    decides = scheme.authority_decides
    authority = settled(Truth.YES) if decides is None else decides.evaluate(facts.known)
    if applies.truth is Truth.YES and Truth.NO in {eligible.truth, authority.truth}:
        because = tuple(r for each in (eligible, authority) if each.truth is Truth.NO for r in each.because)
        return Determination(scheme, Verdict.INELIGIBLE, 0, because=because, left_open=eligible.open_readings)
    return _still_possible(scheme, facts, (applies, eligible, authority))


def _still_possible(
    scheme: Scheme, facts: Facts, findings: tuple[Finding, Finding, Finding]
) -> Determination:
    applies, eligible, authority = findings
    amount = scheme.benefit.amount(facts.known, eligible)
    missing = _one_a_fact(each for found in (applies, eligible, amount, authority) for each in found.missing)
    left_open = (*eligible.open_readings, *authority.open_readings, *scheme.left_open)
    if (applies.truth & eligible.truth) is not Truth.YES or amount.yuan is None:
        verdict, because = Verdict.UNDETERMINED, eligible.because
        # No span of an amount for a project that misses the gate, should there be one.
        telling = amount.missing and eligible.truth is not Truth.NO
        amount = Amount(None, amount.working if telling else "")
    elif authority.truth is not Truth.YES:
        verdict, because = Verdict.CONDITIONAL, (*eligible.because, *authority.because)
    else:
        verdict, because = Verdict.ELIGIBLE, (*eligible.because, *authority.because)
    gate = applies.missing if applies.truth is Truth.UNKNOWN else None
    return Determination(scheme, verdict, amount.yuan, amount.working, because, missing, left_open, gate)


def clash(scheme: Measure, facts: Facts) -> tuple[Reason, ...]:
    """The facts that decide the measure and cannot both be right."""
    return tuple(
        Reason(part.key, part.show(facts[part.key]), f"不超过{whole.title}（{whole.show(facts[whole.key])}）")
        for part, whole in ((conflict.part, conflict.whole) for conflict in facts.conflicts)
        if {part.key, whole.key} & scheme.deciding_facts()
    )


def _one_a_fact(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """The first mention of each fact, in order."""
    first: dict[str, Missing] = {}
    for each in missing:
        first.setdefault(each.fact, each)
    return tuple(first.values())
