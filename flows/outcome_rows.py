"""What a reassessment stores for an assessment whose result changed: everything it is told anew, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from flows.deep import topics_of
from flows.depth import told_in_depth
from flows.evaluating import Compared, Difference, Pair, judge_one
from flows.reporting import findings
from flows.slots import Sheet
from models.determination import Finding
from models.packing import lock_versions, read_facts_of
from policy.determine import Outcome, determine
from policy.judged import LADDER, NOT_THERE, determinations, is_change
from policy.results import write_determination, write_ladder
from policy.schemes import Edition

_KEPT = ("because", "citations", "left_open", "missing", "working", "title")


@dataclass(frozen=True, slots=True)
class Told:
    """Under which version of the answers, what the firm is told, and for each changed subject why."""

    version: int
    findings: list[Finding]
    why: Mapping[str, dict[str, Any]] = field(default_factory=dict)


def told_of(connection: Connection, found: Compared, after: Edition, day: date) -> dict[int, Told]:
    """What every assessment with a difference is told under the new edition."""
    subjects = _subjects(found)
    stored = read_facts_of(connection, list(subjects))
    return {
        which: _told(version, facts, subjects[which], after, day)
        for which, (version, facts) in stored.items()
    }


def rejudged(
    connection: Connection, found: Compared, told: Mapping[int, Told], pair: Pair
) -> tuple[Compared, Mapping[int, Told]]:
    """The same, with what owners changed or erased meanwhile judged anew; from here on nobody can change it."""
    versions = lock_versions(connection, list(told))
    stale = {which for which, version in versions.items() if version != told[which].version}
    if not stale and len(versions) == len(told):
        return found, told
    untouched = versions.keys() - stale
    kept = [each for each in found.differences if each.assessment_id in untouched]
    stored = read_facts_of(connection, sorted(stale))
    for which, (_, facts) in stored.items():
        before, after = judge_one(facts, pair)
        pairs = ((key, before.get(key, NOT_THERE), after.get(key, NOT_THERE)) for key in {**before, **after})
        kept += [Difference(which, *each) for each in pairs if is_change(each[1], each[2])]
    again = Compared(kept, found.before, found.after, found.alone)
    subjects = _subjects(again)
    fresh = {
        which: _told(*stored[which], subjects[which], pair.after, pair.day)
        for which in stale & subjects.keys()
    }
    return again, {**told, **fresh}


def _subjects(found: Compared) -> dict[int, frozenset[str]]:
    subjects: dict[int, set[str]] = {}
    for each in found.differences:
        subjects.setdefault(each.assessment_id, set()).add(each.subject)
    return {which: frozenset(names) for which, names in subjects.items()}


def _told(
    version: int, facts: Mapping[str, Any], subjects: frozenset[str], after: Edition, day: date
) -> Told:
    sheet = Sheet.from_json(facts)
    outcome = determine(after, sheet.facts(after), day)
    further = {each.scheme.key: each for each in told_in_depth(outcome, topics_of(sheet))}
    schemes = {each.key for each in after.schemes}
    beside = frozenset(each for each in subjects - schemes if not each.startswith(LADDER))
    if beside:
        further |= {each.scheme.key: each for each in determinations(outcome, beside)}
    written = findings(outcome, [each for key, each in further.items() if key not in schemes])
    return Told(version, written, _why(written, subjects))


def _why(written: Iterable[Finding], subjects: frozenset[str]) -> dict[str, dict[str, Any]]:
    """The same as why_of, from findings that hold every subject."""
    why = {each.subject: _brief(each.detail) for each in written if each.subject in subjects}
    rungs = [each for each in subjects if each.startswith(LADDER)]
    if rungs:
        ladder = next(each for each in written if each.subject == LADDER)
        why |= dict.fromkeys(rungs, _brief(ladder.detail))
    return why


def why_of(outcome: Outcome, subjects: frozenset[str]) -> dict[str, dict[str, Any]]:
    """Because, citations and what else explains some subjects of an outcome."""
    why = {each.scheme.key: _brief(write_determination(each)) for each in determinations(outcome, subjects)}
    if any(each.startswith(LADDER) for each in subjects):
        ladder = _brief(write_ladder(outcome.ladder))
        why |= {each: ladder for each in subjects if each.startswith(LADDER)}
    return why


def _brief(written: dict[str, Any]) -> dict[str, Any]:
    return {key: written[key] for key in _KEPT if written.get(key)}
