"""Determinations as JSON: the shapes of the public contract. Facts are read and written in wire.py."""

from collections.abc import Iterable

from policy.citations import Citation
from policy.determine import Outcome
from policy.findings import Reason
from policy.guides import Spared
from policy.schemes import Edition
from policy.standing import LadderDetermination
from policy.verdicts import Determination, Verdict
from policy.wire_numbers import Json


def write_outcome(outcome: Outcome) -> dict[str, Json]:
    """Everything an edition says about one firm."""
    edition = outcome.edition
    spared = (
        _write_spared(each, place.place, edition)
        for place in edition.articles
        for each in place.not_for_firms
    )
    return _write(outcome, [*map(write_determination, outcome.everything()), *spared])


def write_told(outcome: Outcome, further: Iterable[Determination]) -> dict[str, Json]:
    """What a talk tells a firm: the ladder, the schemes, and of all else only what it asked for."""
    return _write(outcome, list(map(write_determination, (*outcome.schemes, *further))))


def _write(outcome: Outcome, schemes: list[Json]) -> dict[str, Json]:
    unsure = bool(outcome.in_scope.missing)
    return {
        "edition": outcome.edition.name,
        "as_of": outcome.day.isoformat(),
        "ladder": write_ladder(outcome.ladder),
        "schemes": schemes,
        "confirmed_total_yuan": outcome.total(Verdict.ELIGIBLE),
        "conditional_total_yuan": outcome.total(Verdict.CONDITIONAL),
        "must_ask": list(outcome.must_ask),
        "notes": [*(["尚不知道是否在河南注册，先按在河南计算"] if unsure else []), *outcome.ladder.remarks],
    }


def write_ladder(ladder: LadderDetermination) -> dict[str, Json]:
    return {
        "state": str(ladder.state),
        "rungs_expected": None if ladder.expected is None else [rung.key for rung in ladder.expected],
        "rungs": {each.rung.key: str(each.state) for each in ladder.rungs},
        "ahead": [rung.key for rung in ladder.ahead],
        "reached_threshold_yuan": ladder.reached,
        "next_threshold_yuan": ladder.next_threshold,
        "gap_to_next_yuan": None if ladder.gap is None else int(ladder.gap),
        "left_open": [text for each in ladder.rungs for text in each.left_open],
        "citations": _citations(ladder.ladder.citations),
    }


def _write_spared(spared: Spared, place: str, edition: Edition) -> dict[str, Json]:
    """A measure that is no firm's to claim, with the reason."""
    return {
        "id": spared.key,
        "edition": edition.name,
        "kind": "not_for_firms",
        "title": spared.title,
        "verdict": str(Verdict.NOT_APPLICABLE),
        "amount_yuan": None,
        "working": "",
        "because": [],
        "missing": [],
        "left_open": [spared.reason],
        "certainty": str(edition.ladder.certainty),
        "citations": _citations((Citation(edition.ladder.citations[0].document, place),)),
    }


def write_determination(each: Determination) -> dict[str, Json]:
    """One measure, with the name of the edition it was judged by."""
    return {
        "id": each.scheme.key,
        "edition": each.scheme.edition,
        "kind": str(each.scheme.kind),
        "title": each.scheme.title,
        "verdict": str(each.verdict),
        "amount_yuan": each.amount,
        "working": each.working,
        "because": [_reason(reason) for reason in each.because],
        "missing": [missing.fact for missing in each.missing],
        "left_open": list(each.left_open),
        "certainty": str(each.certainty),
        "citations": _citations(each.citations),
    }


def _reason(reason: Reason) -> dict[str, Json]:
    short_by = None if reason.short_by is None else int(reason.short_by)
    return {"fact": reason.fact, "given": reason.given, "asks": reason.asks, "short_by": short_by}


def _citations(citations: Iterable[Citation]) -> list[Json]:
    return [{"document": each.document, "place": each.place} for each in citations]
