"""How much of the runs under way is still to be done, and how much of that somebody has in hand."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models.reassessment import chunks, runs


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of chunks: claimed by nobody yet, and claimed (by who may have died since)."""

    waiting: int
    held: int


NOTHING = Backlog(0, 0)


def backlog_of(connection: Connection, run_id: int | None = None) -> Backlog:
    """Return what is still to be done of all runs under way, or of one."""
    counted = (
        select(chunks.c.state, func.count())
        .join(runs, runs.c.id == chunks.c.run_id)
        .where(runs.c.state == "running", chunks.c.state != "done")
        .group_by(chunks.c.state)
    )
    rows = connection.execute(counted if run_id is None else counted.where(runs.c.id == run_id))
    by_state = {row[0]: int(row[1]) for row in rows}
    return Backlog(by_state.get("new", 0), by_state.get("taken", 0))
