"""Which changes of a reassessment still hold (仍然成立): who corrected an answer since, or was judged anew, is not told the old."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from flows.editions import Editions
from flows.slots import Sheet
from models.changes import Change
from models.determination import Finding, determinations, judged_versions, latest_of
from models.packing import read_facts_of, standing_of
from models.reassessment import Run
from policy.determine import determine
from policy.judged import ABSENT, LADDER, NOT_THERE, Word, words


def still_holding(
    connection: Connection, editions: Editions, run: Run, found: Sequence[Change]
) -> list[Change]:
    """Those of a run's changes whose `after` is what the firm is told now.

    That is read from what it was told last. Where answers came in after that, or it does not tell of the subject, the firm
    is judged here, by the edition it stands under and as of the run's day.
    """
    ids = list(dict.fromkeys(each.assessment_id for each in found))
    said, current = _said(connection, ids, found), _judged_as_they_are(connection, ids)

    def is_told(change: Change) -> bool:
        there = _base(change.subject) in said[change.assessment_id]
        return change.assessment_id in current and (there or change.after_verdict == ABSENT)

    alone = {each.assessment_id for each in found if not is_told(each)}
    judged = _judged(connection, editions, run, alone, {each.subject for each in found})

    def word(change: Change) -> Word:
        told = said if is_told(change) else judged
        return told.get(change.assessment_id, {}).get(change.subject, NOT_THERE)

    return [each for each in found if word(each) == Word(each.after_verdict, each.after_yuan)]


def _base(subject: str) -> str:
    """The subject that a finding is stored under; the rungs are told with their ladder."""
    return LADDER if subject.startswith(f"{LADDER}.") else subject


def _said(
    connection: Connection, ids: Sequence[int], found: Iterable[Change]
) -> dict[int, Mapping[str, Word]]:
    """The words of what each was told last, of the subjects that changed."""
    wanted = {_base(each.subject) for each in found}
    told = latest_of(connection, ids, determinations.c.subject.in_(wanted))
    return {which: _words(told.get(which, ())) for which in ids}


def _words(findings: Iterable[Finding]) -> dict[str, Word]:
    said = dict[str, Word]()
    for each in findings:
        if each.subject == LADDER:
            said |= {f"{LADDER}.{key}": Word(state, None) for key, state in each.detail["rungs"].items()}
            said[LADDER] = Word(each.verdict, None)
        else:
            said[each.subject] = Word(each.verdict, each.amount_yuan)
    return said


def _judged_as_they_are(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those who were told something under their answers as they are now."""
    told = judged_versions(connection, ids)
    return {
        which for which, (version, _) in standing_of(connection, ids).items() if told.get(which) == version
    }


def _judged(
    connection: Connection, editions: Editions, run: Run, ids: Iterable[int], subjects: set[str]
) -> dict[int, Mapping[str, Word]]:
    wanted = frozenset(map(_base, subjects))
    asked = sorted(ids)
    standing = standing_of(connection, asked)
    judged: dict[int, Mapping[str, Word]] = {which: {} for which in asked}
    for which, (_, facts) in read_facts_of(connection, asked).items():
        edition = editions.by_id(connection, standing[which][1]).edition
        judged[which] = words(determine(edition, Sheet.from_json(facts).facts(edition), run.as_of), wanted)
    return judged
