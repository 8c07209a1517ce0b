"""Determinations as JSON: the shapes of the public contract. Facts are read and written in wire.py."""

from collections.abc import Iterable

from policy.citations import Citation
from policy.determine import Outcome
from policy.findings import Reason
from policy.standing import LadderDetermination
from policy.verdicts import Determination, Verdict
from policy.wire_numbers import Json


def write_outcome(outcome: Outcome) -> dict[str, Json]:
    """Everything an edition says about one firm."""
    name = outcome.edition.name
    unsure = bool(outcome.in_scope.missing)
    return {
        "edition": name,
        "as_of": outcome.day.isoformat(),
        "ladder": write_ladder(outcome.ladder),
        "schemes": [write_determination(each, name) for each in outcome.schemes],
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


def write_determination(each: Determination, edition: str) -> dict[str, Json]:
    """One scheme; `edition` is the name of the edition it was judged by."""
    return {
        "id": each.scheme.key,
        "edition": edition,
        "kind": "assessed",
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
