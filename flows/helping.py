"""Runs done by several processes: judging is computing, and a process computes on one core at a time.

A helper does what any worker does (reassess.py). A pipe ties it to whoever started it; nothing is ever sent through it,
but once its other end is closed, by will or by death, the helper ends after its chunk.
"""

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection as Tie
from multiprocessing.context import SpawnProcess

from flows.evaluating import HAS_COLUMNS
from flows.reassess import LEASE, Worker, work
from models.backlog import NOTHING, Backlog, backlog_of
from models.session import Database

MOST = 4  # processes, ours among them; what they find is written by one at a time on SQLite
WORTH = 10  # chunks for each: a process takes about a second to start
_PAUSE = 0.2  # seconds
_SPAWN = multiprocessing.get_context("spawn")  # a fork would take threads' locks and open connections along
_log = logging.getLogger(__name__)


def work_together(database: Database, run_id: int | None = None, *, by_columns: bool = HAS_COLUMNS) -> None:
    """Do chunks (of one run, if told) until none is to be had, with helpers where it is worth their start."""
    with helping(database, run_id, by_columns=by_columns):
        work(database, run_id, by_columns=by_columns)


def finish(database: Database, run_id: int, *, by_columns: bool = HAS_COLUMNS) -> None:
    """Do a run to its end, and before it an earlier one that it waits for. A chunk that another process holds is waited
    for: until it is done, or the lease is over.
    """
    work_together(database, run_id, by_columns=by_columns)
    while database.read(partial(backlog_of, run_id=run_id)) != NOTHING:
        if work(database, by_columns=by_columns) == 0:
            time.sleep(_PAUSE)


@contextmanager
def helping(
    database: Database,
    run_id: int | None = None,
    *,
    by_columns: bool = HAS_COLUMNS,
) -> Iterator[list[SpawnProcess]]:
    """Have helpers as long as this is open: one for each further core, less where others are at it or little is to be
    done. One that dies hinders nobody, its chunk is claimed anew when the lease is over.
    """
    theirs, ours = _SPAWN.Pipe(duplex=False)
    url = database.address.render_as_string(hide_password=False)
    wanted = worth(database.read(partial(backlog_of, run_id=run_id)), os.cpu_count() or 1)
    helpers = [_SPAWN.Process(target=_help, args=(url, run_id, by_columns, theirs)) for _ in range(wanted)]
    started = []
    try:
        with suppress(OSError):  # no memory for one: then without
            for each in helpers:
                each.start()
                started.append(each)
        yield started
    finally:
        ours.close()
        theirs.close()
        _see_off(started)


def worth(backlog: Backlog, cores: int) -> int:
    """How many helpers are worth their start."""
    return max(0, min(min(cores, MOST) - 1 - backlog.held, backlog.waiting // WORTH - 1))


def _see_off(helpers: list[SpawnProcess]) -> None:
    ends = time.monotonic() + LEASE.total_seconds()
    for each in helpers:
        each.join(max(0.0, ends - time.monotonic()))
        if each.is_alive():  # it hangs; by now its chunk is anybody's
            each.kill()
            each.join()
        if each.exitcode:
            _log.warning(
                "a helper of a run ended early (%s); its chunk is for others when its lease is over",
                each.exitcode,
            )


def _help(url: str, run_id: int | None, by_columns: bool, tie: Tie) -> None:
    """Do chunks until none is to be had or the tie is cut. Ctrl-C is for whoever started us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        database = Database(url)
        worker = Worker(database, lambda: datetime.now(UTC), by_columns=by_columns)
        while not tie.poll() and worker.do_one(run_id):
            pass
        database.close()
    except Exception as error:  # noqa: BLE001  the class alone, a message may hold data or an address
        _log.error("a helper of a run stopped (%s)", type(error).__name__)
        raise SystemExit(1) from None
