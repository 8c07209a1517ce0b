"""A run's pages: the dry run of a draft (试算), and the reassessment that follows a publication (重新判定). Both are shown alike;
only a dry run is started and cancelled by hand.
"""

import asyncio
from functools import partial

from fastapi import Response
from sqlalchemy import Connection

from flows.preview import titles_in
from flows.publishing import hold_sound
from flows.reassess import start_dry_run
from flows.trying_out import Trial, run_of, samples_of, trial_of
from models.audit import Act, append_act
from models.base import JsonObject
from models.draft import name_of
from models.edition import StoredEdition, in_force
from models.edition_list import edition_at
from models.reassessment import Run, RunKind, cancel_run
from policy.judged import LADDER
from policy.quantities import show_yuan
from web.console.access import Permission, Signed, SignedIn
from web.console.editions import (
    EDITIONS,
    READINGS,
    Data,
    carefully,
    day_of,
    deed_of,
    found_edition,
    names_of,
    shared,
)
from web.console.frame import Frame, to
from web.console.telling_editions import KINDS, WORDS

RUNS: dict[RunKind, str] = {"dry_run": "dry-run", "reassessment": "reassessment"}
_MAY = Permission.EDITION_REVIEW


def running(frame: Frame) -> None:
    for kind in RUNS:
        _pages(frame, kind)

    one = f"{EDITIONS}/{{edition}}/dry-run"

    @frame.post(f"{one}/start", _MAY)
    async def started(edition: str, signed: SignedIn) -> Response:
        draft = await frame.database.read_async(lambda c: found_edition(c, signed, edition))

        async def start() -> Run:
            await asyncio.to_thread(hold_sound, draft, day_of(signed))
            return await frame.database.turn_async(lambda c: _start(c, signed, draft))

        run = await carefully(frame, signed, edition, start)
        if isinstance(run, Response):
            return run
        frame.background.begin(frame.database, run.id)
        return to(f"{EDITIONS}/{draft.id}/dry-run")

    @frame.post(f"{one}/cancel", _MAY)
    async def cancelled(edition: str, signed: SignedIn) -> Response:
        await frame.database.turn_async(lambda c: _cancel(c, signed, found_edition(c, signed, edition)))
        return to(f"{EDITIONS}/{edition}/dry-run")


def _pages(frame: Frame, kind: RunKind) -> None:
    path = f"{EDITIONS}/{{edition}}/{RUNS[kind]}"

    @frame.get(path, _MAY)
    async def found(edition: str, signed: SignedIn) -> Response:
        read = partial(_result, signed=signed, which=edition, kind=kind)
        data = await carefully(frame, signed, edition, lambda: frame.database.read_async(read))
        return data if isinstance(data, Response) else frame.page(signed, "console/edition_run.html", data)

    @frame.get(f"{path}/progress", _MAY)
    async def progress(edition: str, signed: SignedIn) -> Response:
        def read(connection: Connection) -> Data:
            stored = found_edition(connection, signed, edition)
            return {"edition": stored, "trial": trial_of(connection, stored, kind), **told_of_run(kind)}

        data = await frame.database.read_async(read)
        piece = frame.piece(signed, "console/edition_progress.html", data)
        if data["trial"] is None or not data["trial"].is_running:
            piece.headers["HX-Refresh"] = "true"  # the whole result is there now
        return piece

    @frame.post(f"{path}/go-on", _MAY)
    async def gone_on(edition: str, signed: SignedIn) -> Response:
        trial = await frame.database.read_async(
            lambda c: trial_of(c, found_edition(c, signed, edition), kind)
        )
        if trial is not None and trial.is_running:
            frame.background.begin(frame.database, trial.run.id)
        return to(f"{EDITIONS}/{edition}/{RUNS[kind]}")


def _start(connection: Connection, signed: Signed, draft: StoredEdition) -> Run:
    run = start_dry_run(connection, draft, day_of(signed), deed_of(signed))
    audited(connection, signed, "edition.try_out", draft, {})
    return run


def _cancel(connection: Connection, signed: Signed, draft: StoredEdition) -> None:
    run = run_of(connection, draft.id, "dry_run")
    if run is not None and cancel_run(connection, run.id, signed.now):
        audited(connection, signed, "edition.cancel", draft, {})


def audited(
    connection: Connection, signed: Signed, action: str, edition: StoredEdition, more: JsonObject
) -> None:
    detail = {"edition": name_of(edition), **more}
    append_act(connection, Act(signed.actor, action, "edition", str(edition.id), detail), signed.now)


def told_of_run(kind: RunKind) -> Data:
    more = {"kind": kind, "path": RUNS[kind], "kinds": KINDS, "words": WORDS, "yuan": show_yuan}
    return shared() | more


def _result(connection: Connection, signed: Signed, which: str, kind: RunKind) -> Data:
    stored = found_edition(connection, signed, which)
    trial = trial_of(connection, stored, kind)
    data: Data = {"edition": stored, "trial": trial, "samples": [], **told_of_run(kind)}
    data |= {"names": names_of(connection), "before": None, "titles": {}, "is_overtaken": False}
    if trial is None:
        return data
    edition = READINGS.of(stored)
    shown = samples_of(connection, signed.scope, trial.run, edition) if trial.tally.changed else []
    before = edition_at(connection, trial.run.before_id)
    data["is_overtaken"] = kind == "dry_run" and trial.run.before_id != in_force(
        connection, stored.name, day_of(signed)
    )
    return data | {
        "samples": shown,
        "titles": titles_in(connection, trial.run, edition),
        "before": before,
        **_subjects(trial),
    }


def _subjects(trial: Trial) -> Data:
    """The subjects that changed: the ladder's rungs, and the measures with those whose money in sight differs."""
    tally = trial.tally
    rungs = [each for each in sorted(tally.subjects) if each.startswith(LADDER)]
    money = {each for each in {*tally.before, *tally.after} if tally.before[each] or tally.after[each]}
    measures = sorted(({*tally.subjects} | money) - {*rungs, LADDER})
    return {"rungs": rungs, "measures": measures}
