"""One recognition for one firm: has it, meets what can be checked, is short of something, or facts are missing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from policy.citations import Certainty
from policy.facts import Value
from policy.findings import Reason
from policy.recognitions import Checked, Recognition, Standing, stand
from policy.truth import Truth
from policy.verdicts import Determination, Verdict

SELF_CHECK = "要自己核对：{}"
UNCONFIRMED = "待核实：{}{}"
_FIT = {Truth.YES: "（按所答符合）", Truth.NO: "（按所答不符合）", Truth.UNKNOWN: ""}


def recognise(recognition: Recognition, facts: Mapping[str, Value], day: date) -> Determination:
    """Judge a recognition for a firm in scope. Never `eligible` by a criterion that is not confirmed or not asked."""
    found = stand(recognition, facts)
    if found.held.truth is Truth.YES:
        return _told(recognition, Verdict.ELIGIBLE, found, found.held.because, "已经有了")
    if found.applies.truth is Truth.NO:
        return _told(recognition, Verdict.NOT_APPLICABLE, found, found.applies.because)
    if not recognition.valid.covers(day):
        return Determination(
            recognition, Verdict.NOT_APPLICABLE, None, left_open=(f"{day:%Y-%m-%d} 不在施行期内",)
        )
    if found.failed and found.applies.truth is Truth.YES and found.held.truth is Truth.NO:
        because = tuple(reason for each in found.failed for reason in each.because)
        return _told(recognition, Verdict.INELIGIBLE, found, because)
    return _still_possible(recognition, found, facts)


def _still_possible(recognition: Recognition, found: Standing, facts: Mapping[str, Value]) -> Determination:
    deciding = [each for each in found.checked if each.criterion.decides]
    # Where nothing of it could be looked at, nothing is said for the firm either.
    is_open = not deciding or any(each.truth is not Truth.YES for each in deciding)
    if is_open or found.applies.truth is Truth.UNKNOWN:
        return _open_one(recognition, Verdict.UNDETERMINED, found, _met(deciding))
    sure = not recognition.authority and len(deciding) == len(found.checked)
    verdict = Verdict.ELIGIBLE if sure else Verdict.CONDITIONAL
    working = "" if recognition.benefit is None else recognition.benefit.amount(facts, found.applies).working
    return _open_one(recognition, verdict, found, _met(deciding), working)


def _met(deciding: list[Checked]) -> tuple[Reason, ...]:
    return tuple(reason for each in deciding if each.truth is Truth.YES for reason in each.because)


def _told(
    recognition: Recognition,
    verdict: Verdict,
    found: Standing,
    because: tuple[Reason, ...],
    working: str = "",
) -> Determination:
    """A settled one. No sum of money is ever claimed for a recognition."""
    return Determination(
        recognition,
        verdict,
        None,
        working,
        because,
        left_open=recognition.left_open,
        checked=found.checked,
    )


def _open_one(
    recognition: Recognition,
    verdict: Verdict,
    found: Standing,
    because: tuple[Reason, ...],
    working: str = "",
) -> Determination:
    """One that facts, the firm's own check or an authority can still move."""
    told = _told(recognition, verdict, found, because, working)
    gate = found.applies.missing if found.applies.truth is Truth.UNKNOWN else None
    missing = () if verdict is Verdict.ELIGIBLE else found.missing
    return replace(told, missing=missing, left_open=(*_open(found), *told.left_open), gate=gate)


def _open(found: Standing) -> tuple[str, ...]:
    """What the owner has to look at: readings the text leaves open, what nobody was asked, what is not confirmed."""
    readings = (text for each in found.checked for text in each.open_readings)
    own = (_own(each) for each in found.checked if each.criterion.when is None)
    unsure = (
        UNCONFIRMED.format(each.criterion.title, _FIT[each.truth])
        for each in found.checked
        if each.criterion.certainty is Certainty.UNCONFIRMED and each.criterion.when is not None
    )
    return (*readings, *own, *unsure)


def _own(each: Checked) -> str:
    """What nobody was asked; that it is not confirmed either is said with it."""
    criterion = each.criterion
    unsure = criterion.certainty is Certainty.UNCONFIRMED and "待核实" not in criterion.title
    return SELF_CHECK.format(criterion.title) + ("（待核实）" if unsure else "")
