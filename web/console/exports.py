"""Exporting the list: started with a proof of identity, written at once or in the background, fetched by who started it."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Connection

from flows.exporting import GOOD_FOR, NOW_AT_MOST, folder_of, run_export, tidy
from models.audit import Act, append_act
from models.desk import Export, add_export, export_of, exports_of
from models.listed import MOST_COUNTED, count_of
from web.console import telling_cases as words
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.assessments import spoken
from web.console.filters import NAMES, Asked, asked
from web.console.frame import Frame, to
from web.console.login import field
from web.console.wording import Phrase

EXPORTS = "/console/exports"
STATES = {
    "waiting": Phrase("排队中"),
    "running": Phrase("正在写"),
    "done": Phrase("好了"),
    "failed": Phrase("没有写成，请再试一次"),
}
_MAY = Permission.ASSESSMENT_EXPORT
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_log = logging.getLogger(__name__)


def exports(frame: Frame) -> None:
    running: set[asyncio.Task[None]] = set()

    @frame.get(EXPORTS, _MAY)
    async def page(request: Request, signed: SignedIn) -> Response:
        await asyncio.to_thread(tidy, frame.database, signed.now)
        wanted = asked(request.query_params, signed.staff.id, signed.now)

        def read(connection: Connection) -> dict[str, Any]:
            made = exports_of(connection, signed.staff.id)
            count = count_of(connection, signed.scope, wanted.filters)
            under_way = any(each.state in {"waiting", "running"} for each in made)
            return {"exports": made, "count": count, "under_way": under_way}

        data = await frame.database.read_async(read)
        shared = {"here": "/console/cases", "asked": wanted, "states": STATES, "most": MOST_COUNTED}
        return frame.page(signed, "console/exports.html", {**data, **shared, **spoken()})

    @frame.post(f"{EXPORTS}/start", _MAY, confirmed=True)
    async def start(request: Request, signed: SignedIn) -> Response:
        form = await request.form()
        wanted = asked({name: field(form, name) for name in NAMES}, signed.staff.id, signed.now)
        export, count = await frame.database.turn_async(
            lambda c: _begin(c, signed, wanted, field(form, "kind"))
        )
        work = asyncio.to_thread(run_export, frame.database, export, signed.scope, wanted.filters, _called)
        if count <= NOW_AT_MOST:
            await work
        else:
            task = asyncio.create_task(_logged(work))
            running.add(task)
            task.add_done_callback(running.discard)
        return to(f"{EXPORTS}?{wanted.query}")


def exported(frame: Frame) -> None:
    @frame.get(f"{EXPORTS}/{{export}}", _MAY)
    async def file(export: str, signed: SignedIn) -> Response:
        found = await frame.database.read_async(lambda c: export_of(c, signed.staff.id, export))
        if found is None or found.file is None or found.expires_at <= signed.now:
            raise NotThereError
        path = folder_of(frame.database) / found.file
        if not path.is_file():
            raise NotThereError
        name = f"assessments-{found.made_at:%Y%m%d-%H%M}.{found.kind}"
        return FileResponse(
            path, media_type=_TYPES[found.kind], filename=name, headers={"Cache-Control": "no-store"}
        )


def _begin(connection: Connection, signed: Signed, wanted: Asked, kind: str) -> tuple[Export, int]:
    """Note the export and who wanted what; but not what was searched for."""
    count = count_of(connection, signed.scope, wanted.filters)
    export = Export(
        public_id=secrets.token_hex(16),
        staff_id=signed.staff.id,
        kind="csv" if kind == "csv" else "xlsx",
        query=wanted.query,
        state="waiting",
        rows=0,
        file=None,
        made_at=signed.now,
        expires_at=signed.now + GOOD_FOR,
    )
    number = add_export(connection, export)
    # What was searched for may name a firm, and an erasure would not find it there.
    filters = {name: value for name, value in wanted.words.items() if name != "q"}
    detail = {"kind": export.kind, "filters": filters, "searched": "q" in wanted.words}
    act = Act(signed.actor, "assessment.export", "export", export.public_id, detail)
    append_act(connection, act, signed.now)
    return replace(export, id=number), count


def _called(column: str, word: str) -> str:
    named = words.STATES if column == "state" else words.INDUSTRIES
    return str(named.get(word, word))


async def _logged(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001  the row says that it failed; the class alone, a message may hold data
        _log.error("an export failed (%s)", type(error).__name__)
