"""Runs over stored assessments: a dry run of a draft, and the reassessment that follows a publication.

Any number of workers do chunks until none is left; one that dies leaves its chunk to be claimed again when the lease ends.
What stands open for a new edition, and why rows that do not change are left as they are: ADR 0018.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from flows.editions import HENAN, Editions
from flows.evaluating import HAS_COLUMNS, Compared, Pair, compare
from flows.outcome_rows import Told, rejudged, told_of
from flows.overtaken import hold_overtaken
from flows.tallies import tally_of
from models.changes import Change, forget_dry_runs, store_changes
from models.crash import crash_point
from models.determination import store_told
from models.draft import Deed, DraftRefusedError, name_of, supersede_older
from models.edition import StoredEdition, by_id, in_force
from models.packing import cities_of, move_to_edition, read_facts_of, read_packed
from models.reassessment import (
    Chunk,
    Run,
    cancel_run,
    claim,
    last_reassessed,
    run_by_id,
    runs_of,
    settle_chunk,
    start_run,
)
from models.session import Database
from models.worklist import list_rejudged
from policy.load import parse_stored
from policy.schemes import Edition

LEASE = timedelta(seconds=60)
CHINA = ZoneInfo("Asia/Shanghai")
PROGRAM = "the program"


def start_dry_run(connection: Connection, draft: StoredEdition, today: date, deed: Deed) -> Run:
    """Begin to hold a draft against all stored assessments, as if in force today; an earlier dry run of it goes."""
    if draft.state in {"published", "superseded"}:
        text = f"{name_of(draft)} is {draft.state}; only a draft is tried out"
        raise DraftRefusedError("is_out", text, edition=name_of(draft), who=draft.publisher or "")
    before = in_force(connection, draft.name, today)
    if before is None:
        raise DraftRefusedError(
            "nothing_in_force",
            f"no edition {draft.name} is in force today; there is nothing to compare with",
            edition=draft.name,
        )
    forget_dry_runs(connection, draft.id)
    return start_run(connection, "dry_run", draft, before, today, deed)


def start_due(connection: Connection, today: date, at: datetime) -> Run | None:
    """Begin the reassessment under the edition in force if it has not had its own; None: nothing is due."""
    current = in_force(connection, HENAN, today)
    last = last_reassessed(connection)
    if current is None or (last is not None and last.edition_id == current):
        return None
    edition = by_id(connection, current)
    before = last.edition_id if last is not None else in_force_before(connection, edition)
    supersede_older(connection, edition.name, edition.id, edition.revision)
    if before is None or any(run.kind == "reassessment" for run in runs_of(connection, current)):
        return None
    return start_run(
        connection, "reassessment", edition, before, today, Deed(edition.publisher or PROGRAM, at)
    )


def in_force_before(connection: Connection, edition: StoredEdition) -> int | None:
    """The edition that assessments stand under until this one takes over; None for the first."""
    return in_force(connection, edition.name, edition.effective_from, below=edition.revision)


def work(
    database: Database,
    run_id: int | None = None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    by_columns: bool = HAS_COLUMNS,
) -> int:
    """Do chunks (of one run, if told) until none is to be had; how many that were."""
    worker, done = Worker(database, now, by_columns=by_columns), 0
    while worker.do_one(run_id):
        done += 1
    return done


class _LostChunkError(Exception):
    """Somebody else has taken the chunk over, or the run was cancelled: what was worked out is thrown away."""


class Worker:
    """Does one chunk after the other. It keeps the editions of a run in memory while it works on that."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], *, by_columns: bool = HAS_COLUMNS
    ) -> None:
        self._database, self._now, self._by_columns = database, now, by_columns
        self._run: Run | None = None
        self._after: StoredEdition | None = None
        self._pairs: dict[int, Pair] = {}
        self._editions = Editions()

    def do_one(self, run_id: int | None = None) -> bool:
        """Claim a chunk and do it; False: there is none."""
        moment = self._now()
        chunk = self._database.turn(lambda connection: claim(connection, moment, moment + LEASE, run_id))
        if chunk is None:
            return False
        crash_point("chunk-claimed")
        if not self._database.read(lambda connection: self._prepare(connection, chunk)):
            self._database.turn(lambda connection: cancel_run(connection, chunk.run_id, moment))
            return True
        rows, found, told = self._database.read(lambda connection: self._judge(connection, chunk))
        crash_point("chunk-judged")
        try:
            self._database.turn(lambda connection: self._settle(connection, chunk, rows, found, told))
        except _LostChunkError:
            return True
        return True

    def _prepare(self, connection: Connection, chunk: Chunk) -> bool:
        """Have the run and its edition at hand. False: the draft was changed since the run began."""
        if self._run is None or self._run.id != chunk.run_id:
            self._run = run_by_id(connection, chunk.run_id)
            self._after, self._pairs = by_id(connection, self._run.edition_id), {}
            self._edition = parse_stored(self._after.content)
        assert self._after is not None  # noqa: S101  # nosec B101  set together with the run
        return self._after.version == self._run.edition_version

    def _pair(self, connection: Connection, run: Run, before_id: int) -> Pair:
        if before_id not in self._pairs:
            before: Edition = self._editions.by_id(connection, before_id).edition
            self._pairs[before_id] = Pair.of(before, self._edition, run.as_of)
        return self._pairs[before_id]

    def _judge(self, connection: Connection, chunk: Chunk) -> tuple[int, Compared, Mapping[int, Told]]:
        run, after = self._state()
        concerned = (after.id, _since(after)) if run.kind == "reassessment" else None
        read = read_packed(
            connection,
            (chunk.first_id, chunk.last_id),
            run.before_id,
            concerned,
            records=self._by_columns,
        )

        def snapshots(ids: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
            return {which: facts for which, (_, facts) in read_facts_of(connection, ids).items()}

        found = compare(read, partial(self._pair, connection, run), snapshots, by_columns=self._by_columns)
        told: Mapping[int, Told] = {}
        if run.kind == "reassessment":
            told = told_of(connection, found, self._edition, run.as_of)
        return sum(len(each.ids) for each in read.values()), found, told

    def _state(self) -> tuple[Run, StoredEdition]:
        assert self._run is not None  # noqa: S101  # nosec B101  a chunk is prepared first
        assert self._after is not None  # noqa: S101  # nosec B101  the same
        return self._run, self._after

    def _settle(
        self, connection: Connection, chunk: Chunk, rows: int, found: Compared, told: Mapping[int, Told]
    ) -> None:
        run, after = self._state()
        moment = self._now()
        if run.kind == "reassessment":
            pair = self._pair(connection, run, run.before_id)
            found, told = rejudged(connection, found, told, pair)
        ids = list(dict.fromkeys(each.assessment_id for each in found.differences))
        tally = tally_of(found, rows, cities_of(connection, ids))
        if not settle_chunk(connection, chunk, tally, moment):
            raise _LostChunkError
        store_changes(connection, run.id, _changes(found, told))
        if run.kind == "reassessment":
            move_to_edition(connection, ids, after.id)
            stamps = [(which, told[which].version, told[which].findings) for which in ids]
            store_told(connection, after.id, run.as_of, stamps, moment)
            list_rejudged(connection, {which: told[which].findings for which in ids})
            hold_overtaken(connection, run.id, (chunk.first_id, chunk.last_id))


def _changes(found: Compared, told: Mapping[int, Told]) -> list[Change]:
    return [
        Change(
            each.assessment_id,
            each.subject,
            str(each.turn),
            *each.before,
            *each.after,
            why=told[each.assessment_id].why.get(each.subject) if each.assessment_id in told else None,
        )
        for each in found.differences
    ]


def _since(edition: StoredEdition) -> datetime:
    """From when on assessments were made under the edition: its day, but not before it was published."""
    day = datetime.combine(edition.effective_from, time(), CHINA)
    return day if edition.published_at is None else max(day, edition.published_at)
