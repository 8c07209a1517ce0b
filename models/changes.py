"""What a run found: one row for each assessment and subject whose verdict or amount differs; all else it only counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sqlalchemy import (
    Connection,
    ForeignKey,
    PrimaryKeyConstraint,
    delete,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.bare import write_bare
from models.base import Base, JsonObject, Reference, Yuan, columns_of, table_of
from models.reassessment import chunks, runs


class ChangeTable(Base):
    """Before and after of one subject for one assessment. No key to `assessment`: deleting one of those would have to
    look through all changes; erasure.py deletes them by run.
    """

    __tablename__ = "policy_change"
    __table_args__ = (PrimaryKeyConstraint("run_id", "assessment_id", "subject"),)

    run_id: Mapped[Reference] = mapped_column(ForeignKey("policy_run.id"))
    assessment_id: Mapped[Reference] = mapped_column()
    subject: Mapped[str]
    kind: Mapped[str]
    before_verdict: Mapped[str]
    before_yuan: Mapped[Yuan | None]
    after_verdict: Mapped[str]
    after_yuan: Mapped[Yuan | None]
    why: Mapped[JsonObject | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A row of `policy_change` without its run. `why` holds because and citations; a dry run leaves it out."""

    assessment_id: int
    subject: str
    kind: str
    before_verdict: str
    before_yuan: int | None
    after_verdict: str
    after_yuan: int | None
    why: JsonObject | None = None


changes = table_of(ChangeTable)
_FIELDS = tuple(each.name for each in fields(Change))


def store_changes(connection: Connection, run_id: int, found: Iterable[Change]) -> None:
    """Keep what a chunk found."""
    rows = map(attrgetter(*_FIELDS), found)
    write_bare(connection, changes, {"run_id": run_id}, _FIELDS, rows)


def changes_of(  # noqa: PLR0913  what makes a page of a list
    connection: Connection,
    run_id: int,
    *,
    kind: str | None = None,
    subject: str | None = None,
    after: tuple[int, str] = (0, ""),
    limit: int = 100,
) -> Sequence[Change]:
    """Return what a run found, of one kind or subject if told, beyond (assessment, subject) `after`: page by page."""
    place = tuple_(changes.c.assessment_id, changes.c.subject)
    wanted = select(*columns_of(changes, Change)).where(changes.c.run_id == run_id, place > tuple_(*after))
    if kind is not None:
        wanted = wanted.where(changes.c.kind == kind)
    if subject is not None:
        wanted = wanted.where(changes.c.subject == subject)
    ordered = wanted.order_by(changes.c.assessment_id, changes.c.subject).limit(limit)
    return [Change(*row) for row in connection.execute(ordered)]


def forget_changes(connection: Connection, assessment_ids: Sequence[int]) -> None:
    """Delete what runs found of assessments that go."""
    for run_id in connection.execute(select(runs.c.id)).scalars().all():
        connection.execute(
            delete(changes).where(changes.c.run_id == run_id, changes.c.assessment_id.in_(assessment_ids))
        )


def forget_dry_runs(connection: Connection, edition_id: int) -> None:
    """Delete earlier dry runs of a draft: a new one tells it anew."""
    old = select(runs.c.id).where(runs.c.edition_id == edition_id, runs.c.kind == "dry_run")
    for table in (changes, chunks):
        connection.execute(delete(table).where(table.c.run_id.in_(old)))
    connection.execute(delete(runs).where(runs.c.id.in_(old)))
