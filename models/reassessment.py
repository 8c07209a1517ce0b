"""Runs of an edition over stored assessments: a dry run of a draft, or the reassessment once one is published.

A run is cut into chunks of assessments that any worker claims for a while (a lease); `fence` counts the claims, so that
who was taken for dead cannot settle what another has taken over. What a chunk found is in changes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.assessment import assessments
from models.base import NEVER_REUSE_IDS, Base, JsonObject, Reference, columns_of, one_of, table_of
from models.draft import Deed
from models.edition import StoredEdition, editions

RunKind: TypeAlias = Literal["dry_run", "reassessment"]
RunState: TypeAlias = Literal["running", "done", "cancelled"]
ChunkState: TypeAlias = Literal["new", "taken", "done"]

CHUNK = 10_000  # ids of assessments; a chunk takes a fraction of a second, far less than its lease
_ONCE = text("kind = 'reassessment'")


class RunTable(Base):
    """One run; of an edition there is one reassessment ever, and any number of dry runs."""

    __tablename__ = "policy_run"
    __table_args__ = (
        one_of("kind", RunKind),
        one_of("state", RunState),
        Index(
            "uq_policy_run_reassessment",
            "edition_id",
            unique=True,
            sqlite_where=_ONCE,
            postgresql_where=_ONCE,
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    kind: Mapped[RunKind] = mapped_column(Text)
    edition_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    edition_version: Mapped[int]
    before_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    as_of: Mapped[date]
    state: Mapped[RunState] = mapped_column(Text)
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ChunkTable(Base):
    """Assessments from `first_id` to `last_id`; `tally` is what was counted there."""

    __tablename__ = "policy_chunk"
    __table_args__ = (PrimaryKeyConstraint("run_id", "number"), one_of("state", ChunkState))

    run_id: Mapped[Reference] = mapped_column(ForeignKey("policy_run.id"))
    number: Mapped[int]
    first_id: Mapped[Reference] = mapped_column()
    last_id: Mapped[Reference] = mapped_column()
    state: Mapped[ChunkState] = mapped_column(Text)
    fence: Mapped[int]
    lease_until: Mapped[datetime | None]
    tally: Mapped[JsonObject | None]


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `policy_run`. `before_id` is the edition that open assessments stand under without it."""

    id: int
    kind: RunKind
    edition_id: int
    edition_version: int
    before_id: int
    as_of: date
    state: RunState
    started_by: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it was claimed."""

    run_id: int
    number: int
    first_id: int
    last_id: int
    fence: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    run: Run
    done: int
    chunks: int


runs, chunks = table_of(RunTable), table_of(ChunkTable)

_ADD = insert(runs).returning(*columns_of(runs, Run))
_RUN = select(*columns_of(runs, Run)).where(runs.c.id == bindparam("which"))
_older = runs.alias("older")
_FIRST = (
    select(func.min(_older.c.id))
    .where(_older.c.state == "running", _older.c.kind == "reassessment")
    .scalar_subquery()
)
_FREE = or_(chunks.c.state == "new", and_(chunks.c.state == "taken", chunks.c.lease_until < bindparam("now")))
_CLAIMABLE = (
    select(*columns_of(chunks, Chunk))
    .join(runs, runs.c.id == chunks.c.run_id)
    # What one edition changed is settled before the next is held against it.
    .where(runs.c.state == "running", _FREE, or_(runs.c.kind == "dry_run", runs.c.id == _FIRST))
    .order_by(chunks.c.run_id, chunks.c.number)
    .limit(1)
    .with_for_update(skip_locked=True, of=chunks)
)
_THIS = and_(chunks.c.run_id == bindparam("run"), chunks.c.number == bindparam("no"))
_CLAIM = (
    update(chunks)
    .where(_THIS)
    .values(state="taken", fence=bindparam("claim"), lease_until=bindparam("lease"))
)
_SETTLE = (
    update(chunks)
    .where(_THIS, chunks.c.fence == bindparam("held"), chunks.c.state == "taken")
    .values(state="done", lease_until=None, tally=bindparam("found"))
)
_UNDONE = exists().where(chunks.c.run_id == bindparam("which"), chunks.c.state != "done")
_END = (
    update(runs)
    .where(runs.c.id == bindparam("which"), runs.c.state == "running", ~_UNDONE)
    .values(state="done", ended_at=bindparam("at"))
)
_CANCEL = (
    update(runs)
    .where(runs.c.id == bindparam("which"), runs.c.state == "running", runs.c.kind == "dry_run")
    .values(state="cancelled", ended_at=bindparam("at"))
)
_TALLIES = (
    select(chunks.c.tally)
    .where(chunks.c.run_id == bindparam("which"), chunks.c.state == "done")
    .order_by(chunks.c.number)
)


def start_run(  # noqa: PLR0913, PLR0917  what makes a run
    connection: Connection,
    kind: RunKind,
    edition: StoredEdition,
    before_id: int,
    as_of: date,
    deed: Deed,
) -> Run:
    """Store a run of an edition over the assessments there are, cut into chunks.

    A second reassessment of one edition raises IntegrityError.
    """
    last = connection.execute(select(func.coalesce(func.max(assessments.c.id), 0))).scalar_one()
    state = "running" if last else "done"
    values: dict[str, Any] = {"kind": kind, "edition_id": edition.id, "edition_version": edition.version}
    values |= {
        "before_id": before_id,
        "as_of": as_of,
        "state": state,
        "started_by": deed.by,
        "started_at": deed.at,
    }
    run = Run(*connection.execute(_ADD, values).one())
    parts = [
        {"run_id": run.id, "number": number, "first_id": first, "last_id": first + CHUNK - 1}
        | {"state": "new", "fence": 0}
        for number, first in enumerate(range(1, last + 1, CHUNK))
    ]
    if parts:
        connection.execute(insert(chunks), parts)
    return run


def run_by_id(connection: Connection, run_id: int) -> Run:
    """Return a run; NoResultFound for an id that was never given out."""
    return Run(*connection.execute(_RUN, {"which": run_id}).one())


def reassessment_by_id(connection: Connection, run_id: int) -> Run | None:
    """Return a run by which a published edition changed results; None for a dry run, and where there is no such run."""
    row = connection.execute(_RUN, {"which": run_id}).first()
    run = None if row is None else Run(*row)
    return run if run is not None and run.kind == "reassessment" else None


def reassessments(connection: Connection) -> list[tuple[Run, str]]:
    """Return the reassessments, the newest first, each with its edition as `henan-2025@2`."""
    wanted = (
        select(*columns_of(runs, Run), editions.c.name, editions.c.revision)
        .join(editions, editions.c.id == runs.c.edition_id)
        .where(runs.c.kind == "reassessment")
        .order_by(runs.c.id.desc())
    )
    return [(Run(*row[:-2]), f"{row[-2]}@{row[-1]}") for row in connection.execute(wanted)]


def runs_of(connection: Connection, edition_id: int) -> list[Run]:
    """Return the runs of an edition, the newest first."""
    wanted = select(*columns_of(runs, Run)).where(runs.c.edition_id == edition_id)
    return [Run(*row) for row in connection.execute(wanted.order_by(runs.c.id.desc()))]


def last_reassessed(connection: Connection) -> Run | None:
    """Return the reassessment started last."""
    wanted = select(*columns_of(runs, Run)).where(runs.c.kind == "reassessment")
    row = connection.execute(wanted.order_by(runs.c.id.desc()).limit(1)).first()
    return None if row is None else Run(*row)


def claim(
    connection: Connection, now: datetime, lease_until: datetime, run_id: int | None = None
) -> Chunk | None:
    """Take the next chunk (of one run, if told) for as long as the lease; None: there is nothing to take."""
    wanted = _CLAIMABLE if run_id is None else _CLAIMABLE.where(chunks.c.run_id == run_id)
    row = connection.execute(wanted, {"now": now}).first()
    if row is None:
        return None
    fence = row.fence + 1
    held = {"run": row.run_id, "no": row.number, "claim": fence, "lease": lease_until}
    connection.execute(_CLAIM, held)
    return Chunk(row.run_id, row.number, row.first_id, row.last_id, fence)


def settle_chunk(connection: Connection, chunk: Chunk, tally: JsonObject, at: datetime) -> bool:
    """Note what a chunk came to, and with the last one that the run is done. False: it is no longer ours, or the run
    was cancelled; nothing of it may be stored then.
    """
    # Locked (on PostgreSQL), so that of two who settle the last two chunks one sees both.
    running = select(runs.c.state).where(runs.c.id == chunk.run_id).with_for_update()
    if connection.execute(running).scalar() != "running":
        return False
    held = {"run": chunk.run_id, "no": chunk.number, "held": chunk.fence, "found": tally}
    if connection.execute(_SETTLE, held).rowcount != 1:
        return False
    connection.execute(_END, {"which": chunk.run_id, "at": at})
    return True


def cancel_run(connection: Connection, run_id: int, at: datetime) -> bool:
    """End a dry run early. False: it had ended, or it is a reassessment, which is always done to its end."""
    return connection.execute(_CANCEL, {"which": run_id, "at": at}).rowcount == 1


def progress_of(connection: Connection, run_id: int) -> Progress:
    """Return how many chunks of a run are done."""
    counted = select(chunks.c.state, func.count()).where(chunks.c.run_id == run_id).group_by(chunks.c.state)
    by_state = {row[0]: int(row[1]) for row in connection.execute(counted)}
    return Progress(run_by_id(connection, run_id), by_state.get("done", 0), sum(by_state.values()))


def tallies_of(connection: Connection, run_id: int) -> Sequence[JsonObject]:
    """Return what the chunks that are done have counted."""
    return list(connection.execute(_TALLIES, {"which": run_id}).scalars())
