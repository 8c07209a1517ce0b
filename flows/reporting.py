"""What a result tells a firm, as plain data for the templates: the ladder, the schemes, what is open, what to do."""

from collections.abc import Iterable
from typing import Any

from models.determination import Finding
from policy.citations import Citation
from policy.determine import Outcome
from policy.findings import Missing, Reason
from policy.intervals import Interval
from policy.quantities import show_yuan
from policy.results import write_determination, write_ladder
from policy.schemes import Edition
from policy.standing import LadderState, RungDetermination
from policy.truth import Truth
from policy.verdicts import Determination, Verdict


def standing(outcome: Outcome) -> dict[str, Any] | None:
    """Where revenue puts the firm, in one line's worth of data; None while revenue says nothing."""
    ladder = outcome.ladder
    if ladder.state is LadderState.OUT_OF_SCOPE or ladder.expected is None:
        return None
    highest = ladder.expected[-1] if ladder.expected else None
    return {
        "state": str(ladder.state),
        "step": len(ladder.expected),
        "threshold": show_yuan(highest.threshold) if highest else None,
        "titles": "、".join(each.title for each in ladder.expected),
        "at_least": _may_be_higher(outcome),
        "next": None if ladder.next_threshold is None else show_yuan(ladder.next_threshold),
        "gap": None if ladder.gap is None else show_yuan(ladder.gap),
    }


def _may_be_higher(outcome: Outcome) -> bool:
    """Whether revenue leaves open if a further rung is expected."""
    measure = outcome.ladder.ladder.measure.key
    return any(missing.fact == measure for rung in outcome.ladder.rungs for missing in rung.missing)


def report(outcome: Outcome) -> dict[str, Any]:
    """Everything the result page or message tells."""
    edition = outcome.edition
    return {
        "as_of": outcome.day.isoformat(),
        "revenue": _revenue(outcome),
        "standing": standing(outcome),
        "state": str(outcome.ladder.state),
        "rungs": [_rung(edition, each) for each in outcome.ladder.rungs],
        "documents": _documents(
            edition, (outcome.ladder.ladder.citations, *(each.citations for each in outcome.schemes))
        ),
        "ladder_citations": places(edition, outcome.ladder.ladder.citations),
        "ladder_certainty": str(outcome.ladder.ladder.certainty),
        "remarks": list(outcome.ladder.remarks),
        "schemes": [_scheme(edition, each) for each in sorted(outcome.schemes, key=_promise)],
        "confirmed": show_yuan(outcome.total(Verdict.ELIGIBLE)),
        "conditional": show_yuan(outcome.total(Verdict.CONDITIONAL)),
        "has_confirmed": outcome.total(Verdict.ELIGIBLE) > 0,
        "has_conditional": outcome.total(Verdict.CONDITIONAL) > 0,
        "scope_open": outcome.in_scope.truth is Truth.UNKNOWN,
    }


def _revenue(outcome: Outcome) -> str | None:
    measure = outcome.ladder.ladder.measure
    value = outcome.facts.get(measure.key)
    return measure.show(value) if isinstance(value, Interval) else None


_PROMISING = list(Verdict)
_UNWRITTEN = "，计划没有写"


def _promise(each: Determination) -> tuple[int, int]:
    """What can be had comes first."""
    return _PROMISING.index(each.verdict), -(each.amount or 0)


def _rung(edition: Edition, each: RungDetermination) -> dict[str, Any]:
    return {
        "title": each.rung.title,
        "threshold": show_yuan(each.rung.threshold),
        "state": str(each.state),
        "ahead": each.ahead,
        **_left_open(each.left_open),
        "next_steps": list(each.rung.next_steps),
        "missing": [doubt(edition, missing) for missing in each.missing],
    }


def _scheme(edition: Edition, each: Determination) -> dict[str, Any]:
    return {
        "id": each.scheme.key,
        "title": each.scheme.title,
        "verdict": str(each.verdict),
        "amount": None if not each.amount else show_yuan(each.amount),
        "working": each.working,
        "because": [reason_told(edition, reason) for reason in each.because],
        "missing": [doubt(edition, missing) for missing in each.missing],
        **_left_open(each.left_open),
        "citations": places(edition, each.citations),
        "certainty": str(each.certainty),
        "next_steps": list(each.scheme.next_steps),
    }


def _left_open(points: Iterable[str]) -> dict[str, list[str]]:
    """What the plan does not say (`unwritten`), to be told in one line, and what is remarked on it or open otherwise."""
    unwritten, remarks = list[str](), list[str]()
    for point in points:
        before, found, after = point.partition(_UNWRITTEN)
        if found:
            unwritten.append(before)
        remarks += [after.lstrip("；，")] if found and after else [] if found else [point]
    return {"unwritten": unwritten, "left_open": remarks}


def doubt(edition: Edition, missing: Missing) -> str:
    """A fact that is not known, or not precisely enough: `营业收入到没到 1亿元`."""
    fact = edition.facts[missing.fact]
    return fact.title if missing.bound is None else f"{fact.title}到没到 {fact.show_number(missing.bound)}"


def reason_told(edition: Edition, reason: Reason) -> dict[str, Any]:
    fact = edition.facts[reason.fact]
    short_by = None if reason.short_by is None else fact.show_number(reason.short_by)
    return {"title": fact.title, "given": reason.given, "asks": reason.asks, "short_by": short_by}


def places(edition: Edition, citations: Iterable[Citation]) -> list[dict[str, str]]:
    """Citations gathered by document: `摘要H4、第18条`."""
    places: dict[str, list[str]] = {}
    for each in citations:
        places.setdefault(each.document, []).append(
            f"{each.place}（{each.note}）" if each.note else each.place
        )
    return [
        {"document": edition.documents[document].title, "places": "、".join(found)}
        for document, found in places.items()
    ]


def _documents(edition: Edition, cited: Iterable[Iterable[Citation]]) -> list[dict[str, str]]:
    """The documents that were cited, with the day they were last checked."""
    named = dict.fromkeys(each.document for citations in cited for each in citations)
    found = (edition.documents[name] for name in named)
    return [{"title": each.title, "checked": each.checked.isoformat()} for each in found]


def findings(outcome: Outcome, further: Iterable[Determination] = ()) -> list[Finding]:
    """The determinations as they are stored: evidence of what the firm was told. `further`: those beside the schemes."""
    ladder = Finding("ladder", str(outcome.ladder.state), None, write_ladder(outcome.ladder))
    return [ladder, *map(_finding, (*outcome.schemes, *further))]


def _finding(each: Determination) -> Finding:
    return Finding(each.scheme.key, str(each.verdict), each.amount, write_determination(each))
