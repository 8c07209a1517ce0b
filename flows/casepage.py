"""A case as its page shows it (案卷): every answer with how it was read, every verdict with its trace, what was written beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from flows.auditing import Entry as AuditEntry
from flows.auditing import told_of
from flows.casefile import Paper
from flows.contact import fact_at, title_at
from flows.correcting import can_be_corrected
from flows.flags import Flag, flags_of
from flows.replaying import outcome_of
from flows.reporting import doubt, places, reason_told, report
from flows.review import Desk
from flows.slots import Entry
from flows.wording import in_words
from models.answer import Answer, answers_of
from models.case import Opinion, Question, Remark, opinions_on, questions_on, remarks_on
from models.determination import Finding, latest_findings
from models.staff import Staff, all_staff
from policy.complaints import DocumentError
from policy.determine import Outcome
from policy.phrases import Phrase, phrase
from policy.quantities import show_yuan
from policy.verdicts import Determination


@dataclass(frozen=True)
class CasePage:
    """Everything on the page, ready for its template."""

    paper: Paper
    facts: list[dict[str, Any]]
    report: dict[str, Any]
    rungs: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]
    flags: list[Flag]
    told: Mapping[str, Finding]
    remarks: list[Remark]
    opinions: list[Opinion]
    questions: list[Question]
    catalogue: list[tuple[str, str]]
    staff: Mapping[int, str]
    colleagues: list[Staff]
    audit: Sequence[AuditEntry]


def case_page(connection: Connection, desk: Desk, paper: Paper) -> CasePage:
    """Gather a case's page. Nothing is stored."""
    edition, assessment = paper.published.edition, paper.assessment
    history = answers_of(connection, assessment.id)
    outcome = outcome_of(paper, desk)
    opinions = opinions_on(connection, assessment.id)
    people = all_staff(connection)
    return CasePage(
        paper,
        _facts(paper, history),
        report(outcome),
        [_rung(outcome, number) for number in range(len(outcome.ladder.rungs))],
        [_verdict(outcome, each, opinions) for each in (*outcome.schemes, *outcome.recognitions)],
        flags_of(outcome, paper.sheet, history),
        {each.subject: each for each in latest_findings(connection, assessment.id)},
        remarks_on(connection, assessment.id),
        opinions,
        questions_on(connection, assessment.id),
        [(key, fact.title) for key, fact in edition.facts.items() if fact.ask],
        {each.id: each.name for each in people},
        [each for each in people if each.state == "active" and each.id != desk.who.id],
        told_of(connection, "assessment", assessment.public_id),
    )


def _facts(paper: Paper, history: Sequence[Answer]) -> list[dict[str, Any]]:
    edition, sheet = paper.published.edition, paper.sheet
    given: dict[str, list[dict[str, Any]]] = {}
    for each in history:
        given.setdefault(each.slot, []).append(_answer(paper, each))
    return [
        {
            "slot": slot,
            "title": title_at(edition, sheet, slot),
            "value": _in_words(paper, slot, entry),
            "kind": entry.kind,
            "certainty": _certainty(entry),
            "last": given[slot][-1] if slot in given else None,
            "history": given.get(slot, [])[:-1][::-1],
            "correctable": can_be_corrected(paper, slot),
        }
        for slot, entry in sheet.entries.items()
    ]


def _answer(paper: Paper, each: Answer) -> dict[str, Any]:
    return {
        "typed": each.as_typed,
        "read": _in_words(paper, each.slot, Entry(each.kind, each.as_read)),
        "rule": each.rule,
        "by": each.by_role,
        "channel": each.channel,
        "at": each.at,
    }


def _in_words(paper: Paper, slot: str, entry: Entry) -> str:
    """What stands there as a person reads it; what today's rules cannot read is shown as stored."""
    try:
        return in_words(fact_at(paper.published.edition, slot), entry)
    except (DocumentError, KeyError, ValueError, TypeError, AttributeError):
        return str(entry.value)


def _certainty(entry: Entry) -> str:
    """How sure the figure is: exact, about, within bounds, or not told."""
    if entry.kind != "value":
        return entry.kind
    if isinstance(entry.value, dict):
        return "approx" if entry.value.get("approx") else "range"
    return "exact"


def _rung(outcome: Outcome, number: int) -> dict[str, Any]:
    each, edition = outcome.ladder.rungs[number], outcome.edition
    return {
        "key": each.rung.key,
        "title": each.rung.title,
        "threshold": show_yuan(each.rung.threshold),
        "state": str(each.state),
        "ahead": each.ahead,
        "missing": [doubt(edition, missing) for missing in each.missing],
        "condition": phrase(each.rung.has),
        "left_open": list(each.left_open),
    }


def _verdict(outcome: Outcome, each: Determination, opinions: Sequence[Opinion]) -> dict[str, Any]:
    edition, scheme = outcome.edition, each.scheme
    standing = (one for one in opinions if one.subject == scheme.key and one.withdrawn_at is None)
    return {
        "key": scheme.key,
        "kind": str(scheme.kind),
        "title": scheme.title,
        "verdict": str(each.verdict),
        "amount": show_yuan(each.amount) if each.amount else None,
        "working": each.working,
        "because": [reason_told(edition, reason) for reason in each.because],
        "missing": [doubt(edition, missing) for missing in each.missing],
        "left_open": list(each.left_open),
        "citations": places(edition, each.citations),
        "certainty": str(each.certainty),
        "conditions": _conditions(each),
        "checked": [{"title": one.criterion.title, "truth": one.truth.name.lower()} for one in each.checked],
        "opinion": next(standing, None),
    }


def _conditions(each: Determination) -> list[tuple[str, Phrase]]:
    """The conditions in words, by what they decide."""
    found = []
    for name in ("applies_when", "eligible_when", "authority_decides"):
        condition = getattr(each.scheme, name, None)
        if condition is not None:
            found.append((name, phrase(condition)))
    return found
