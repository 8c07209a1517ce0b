"""Keeping the advisors' list true to the assessments (工作清单), in the turn that changes one, and the counts with it. Reading
it page by page is in listed.py, making it anew in relisting.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select

from models.answer import Answer, answers_of
from models.assessment import Assessment
from models.base import columns_of
from models.counters import (
    SHARDS,
    Counts,
    add_counts,
    contribution,
    drop_empty,
    is_misread,
    misread,
    misreads_in,
)
from models.determination import Finding
from models.firm import firms
from models.review import (
    OUT_OF_SCOPE,
    Review,
    ReviewState,
    Told,
    insert_reviews,
    review_of,
    reviews,
    rows_of,
    told_of,
    verdicts,
    write_judged,
    write_review,
    write_told,
)

LADDER = "ladder"
_GUIDED = {"concerns", "does_not_concern"}
_UNKNOWN = "unknown"
_AT_ONCE = 500  # a statement takes only so many parameters


def begun(assessment: Assessment, channel: str, city: str | None) -> Review:
    """The row of an assessment that has just been begun."""
    return Review(
        assessment_id=assessment.id,
        firm_id=assessment.firm_id,
        state="open",
        version=0,
        advisor_id=None,
        city=city,
        industry=None,
        rung=None,
        fiscal_year=assessment.fiscal_year,
        channel=channel,
        confirmed_yuan=0,
        amount_yuan=0,
        left_at=None,
        changed_at=assessment.created_at,
        answered_at=None,
        finished_at=None,
        asked_at=None,
        reviewed_at=None,
    )


def judged(before: Review, assessment: Assessment, city: str | None, findings: Sequence[Finding]) -> Review:
    """The row as the findings that the firm is told make it."""
    stored = assessment.facts.get("industry")
    known = stored is not None and stored[0] == "value"
    told = told_in(findings)
    confirmed, in_sight = _sums(told)
    state: ReviewState = "new" if before.state == "open" and assessment.finished_at else before.state
    return replace(
        before,
        state=state,
        city=city,
        industry=str(stored[1]) if stored is not None and known else None,
        rung=rung_in(findings),
        confirmed_yuan=confirmed,
        amount_yuan=in_sight,
        changed_at=assessment.updated_at,
        answered_at=before.answered_at or (assessment.updated_at if assessment.version else None),
        finished_at=assessment.finished_at,
    )


def _sums(told: Sequence[Told]) -> tuple[int, int]:
    """Whole yuan that are confirmed, and those together with the conditional ones."""
    confirmed = sum(each.amount_yuan for each in told if each.verdict == "eligible")
    return confirmed, confirmed + sum(each.amount_yuan for each in told if each.verdict == "conditional")


def told_in(findings: Iterable[Finding]) -> list[Told]:
    """The verdicts to filter by: of all that has conditions, by subject. Only what may be claimed has an amount here."""
    kept = (each for each in findings if each.subject != LADDER and each.verdict not in _GUIDED)
    return sorted((_told(each) for each in kept), key=lambda each: each.subject)


def _told(finding: Finding) -> Told:
    counts = finding.verdict in {"eligible", "conditional"} and finding.detail.get("kind") == "assessed"
    return Told(finding.subject, finding.verdict, (finding.amount_yuan or 0) if counts else 0)


def rung_in(findings: Iterable[Finding]) -> int | None:
    """How many rungs are expected of the firm; None where that is not known."""
    ladder = next((each for each in findings if each.subject == LADDER), None)
    if ladder is None:
        return None
    if ladder.verdict == "out_of_scope":
        return OUT_OF_SCOPE
    expected = ladder.detail.get("rungs_expected")
    return None if ladder.verdict == _UNKNOWN or expected is None else len(expected)


def list_begun(connection: Connection, assessment: Assessment, channel: str) -> Review:
    """Take an assessment that was just begun into the list."""
    city = connection.execute(select(firms.c.city).where(firms.c.id == assessment.firm_id)).scalar()
    row = begun(assessment, channel, city)
    insert_reviews(connection, [row])
    add_counts(connection, contribution(row, ()), assessment.id)
    return row


def row_of(connection: Connection, assessment: Assessment, channel: str) -> Review:
    """The row of an assessment; one that is not in the list yet is taken into it."""
    row = review_of(connection, assessment.id)
    return row or list_begun(connection, assessment, channel)


def list_judged(
    connection: Connection,
    assessment: Assessment,
    channel: str,
    city: str | None,
    findings: Sequence[Finding],
) -> Review:
    """Bring an assessment's row to what the firm is told now."""
    before, told = row_of(connection, assessment, channel), told_of(connection, assessment.id)
    after = judged(before, assessment, city, findings)
    change(connection, before, after, told, told_in(findings))
    return after


def list_rejudged(connection: Connection, found: Mapping[int, Sequence[Finding]]) -> None:
    """Bring many rows to what a new edition tells, by assessment: rung, amounts and verdicts, in few statements.

    As everywhere, who is not through with the questions has no verdicts in the list; and what is not in it is left to
    relisting.py, which reads what is stored.
    """
    counted: dict[int, Counts] = {}
    ids = sorted(found)
    for start in range(0, len(ids), _AT_ONCE):
        rows = []
        for before, was in rows_of(connection, ids[start : start + _AT_ONCE], lock=True):
            if before.finished_at is None:
                continue
            findings = found[before.assessment_id]
            now = told_in(findings)
            confirmed, in_sight = _sums(now)
            after = replace(before, rung=rung_in(findings), confirmed_yuan=confirmed, amount_yuan=in_sight)
            rows.append((after, now))
            changes = counted.setdefault(before.assessment_id % SHARDS, Counter())
            changes.update(contribution(after, now))
            changes.subtract(contribution(before, was))
        write_judged(connection, rows)
    for shard in sorted(counted):
        add_counts(connection, counted[shard], shard)


def change(
    connection: Connection,
    before: Review,
    after: Review,
    told: Sequence[Told] | None = None,
    told_now: Sequence[Told] | None = None,
) -> None:
    """Put one row in the place of another, its verdicts too where they are named, and keep the counts."""
    was = told_of(connection, before.assessment_id) if told is None else told
    now = was if told_now is None else told_now
    if before != after:
        write_review(connection, before, after)
    if list(was) != list(now):
        write_told(connection, before.assessment_id, now)
    changes = contribution(after, now)
    changes.subtract(contribution(before, was))
    add_counts(connection, changes, before.assessment_id)


def move_firm(connection: Connection, firm_id: int, city: str | None) -> None:
    """Note in all of a firm's rows where it is, earlier years too: that decides who sees it."""
    here = select(*columns_of(reviews, Review)).where(
        reviews.c.firm_id == firm_id, reviews.c.city.is_distinct_from(city)
    )
    for row in connection.execute(here).all():
        before = Review(*row)
        change(connection, before, replace(before, city=city))


def note_first_answer(connection: Connection, assessment: Assessment) -> None:
    """Count a talk whose first answer came in."""
    answered = {("funnel", f"{assessment.fiscal_year}|answered"): 1}
    add_counts(connection, answered, assessment.id)


def note_misread(connection: Connection, assessment_id: int, before: Answer | None, after: Answer) -> None:
    """Count an answer that corrects one."""
    if is_misread(after.slot, before, after):
        add_counts(connection, misread(after.slot), assessment_id)


def unlist(connection: Connection, assessment_ids: Sequence[int]) -> None:
    """Take assessments that are about to be deleted out of the list and out of the counts."""
    for assessment_id in assessment_ids:
        gone: Counts = Counter()
        row = review_of(connection, assessment_id)
        if row is not None:
            gone.subtract(contribution(row, told_of(connection, assessment_id)))
        gone.subtract(misreads_in(answers_of(connection, assessment_id)))
        add_counts(connection, gone, assessment_id)
        drop_empty(connection, assessment_id)
    connection.execute(delete(verdicts).where(verdicts.c.assessment_id.in_(assessment_ids)))
    connection.execute(delete(reviews).where(reviews.c.assessment_id.in_(assessment_ids)))
