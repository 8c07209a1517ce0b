"""Making the advisors' list, what is findable, and the counts anew from what is stored; worklist.py keeps them true."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, delete, func, select

from models.answer import Answer, answers
from models.assessment import Assessment, assessments
from models.base import columns_of
from models.counters import Counts, contribution, misreads_in, recount
from models.determination import Finding, latest_of
from models.firm import firms
from models.person import accounts
from models.review import Review, Told, insert_reviews, insert_told, reviews, verdicts
from models.searching import index_new, name_grams
from models.talk import talks
from models.worklist import begun, judged, told_in

_AT_ONCE = 500

T = TypeVar("T")


def complete(connection: Connection) -> int:
    """Rebuild where an assessment is not in the list, as after an upgrade from before there was one; how many rows came."""
    missing = select(assessments.c.id).where(
        ~select(reviews.c.assessment_id).where(reviews.c.assessment_id == assessments.c.id).exists()
    )
    return rebuild(connection) if connection.execute(missing.limit(1)).first() else 0


def rebuild(connection: Connection) -> int:
    """Make names findable, bring rows that are missing, and count anew; how many rows came."""
    connection.execute(delete(name_grams))
    named = connection.execute(select(firms.c.id, firms.c.name).where(firms.c.name.is_not(None))).all()
    for some in _batches(named):
        index_new(connection, {row.id: row.name for row in some})
    missing = select(assessments.c.id).where(
        ~select(reviews.c.assessment_id).where(reviews.c.assessment_id == assessments.c.id).exists()
    )
    ids: list[int] = list(connection.execute(missing.order_by(assessments.c.id)).scalars())
    for batch in _batches(ids):
        _list_stored(connection, batch)
    recount(connection, counted(connection))
    return len(ids)


def counted(connection: Connection) -> Counts:
    """All counts, from the rows themselves."""
    total: Counts = Counter()
    told: dict[int, list[Told]] = {}
    for which, *each in connection.execute(select(verdicts.c.assessment_id, *columns_of(verdicts, Told))):
        told.setdefault(which, []).append(Told(*each))
    for row in connection.execute(select(*columns_of(reviews, Review))):
        total.update(contribution(Review(*row), told.get(row.assessment_id, ())))
    for history in _histories(connection):
        total.update(misreads_in(history))
    return Counter({key: n for key, n in total.items() if n})


def _histories(connection: Connection) -> Iterator[list[Answer]]:
    """All answers, an assessment at a time."""
    ordered = select(answers.c.assessment_id, *columns_of(answers, Answer))
    rows = connection.execute(ordered.order_by(answers.c.assessment_id, answers.c.id)).mappings()
    which, history = None, list[Answer]()
    for row in rows:
        if row["assessment_id"] != which:
            yield history
            which, history = row["assessment_id"], []
        history.append(Answer(**{name: value for name, value in row.items() if name != "assessment_id"}))
    yield history


def _list_stored(connection: Connection, ids: Sequence[int]) -> None:
    """Rows for assessments that are stored already, as far as what is stored tells."""
    channels = _channels(connection, ids)
    told = latest_of(connection, ids)
    first = dict(
        connection.execute(
            select(answers.c.assessment_id, func.min(answers.c.at))
            .where(answers.c.assessment_id.in_(ids))
            .group_by(answers.c.assessment_id)
        ).all()
    )
    found = connection.execute(
        select(*columns_of(assessments, Assessment), firms.c.city)
        .join(firms, firms.c.id == assessments.c.firm_id)
        .where(assessments.c.id.in_(ids))
    )
    rows = [
        _stored(Assessment(*row[:-1]), channels.get(row[0], ""), row[-1], told.get(row[0], []), first)
        for row in found
    ]
    insert_reviews(connection, rows)
    insert_told(
        connection,
        ((row.assessment_id, each) for row in rows for each in told_in(told.get(row.assessment_id, []))),
    )


def _stored(
    each: Assessment,
    channel: str,
    city: str | None,
    findings: Sequence[Finding],
    first: Mapping[int, datetime],
) -> Review:
    row = replace(begun(each, channel, city), changed_at=each.updated_at, answered_at=first.get(each.id))
    return judged(row, each, city, findings) if each.finished_at is not None else row


def _channels(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Where each was begun: the channel of its first answer, else of the talk that points at it."""
    at = select(talks.c.assessment_id, accounts.c.channel).join(accounts, accounts.c.id == talks.c.account_id)
    found = dict(connection.execute(at.where(talks.c.assessment_id.in_(ids))).all())
    said = select(answers.c.assessment_id, answers.c.channel).where(answers.c.assessment_id.in_(ids))
    found |= dict(connection.execute(said.order_by(answers.c.id.desc())).all())
    return {int(which): channel for which, channel in found.items() if which is not None}


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
