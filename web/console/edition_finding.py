"""All that a run found, page by page, with its filters; and as a table to take along."""

from collections.abc import Iterator
from functools import partial

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection
from starlette.datastructures import FormData, QueryParams

from flows.preview import titles_in
from flows.trying_out import Listing, as_csv, page_of, run_of, trial_of
from models.change_list import Sought
from models.edition import StoredEdition
from models.reassessment import Run, RunKind
from web.console.access import Permission, Signed, SignedIn
from web.console.edition_running import RUNS, audited, told_of_run
from web.console.editions import (
    EDITIONS,
    READINGS,
    Data,
    carefully,
    edition_page,
    file_name,
    found_edition,
)
from web.console.frame import Frame, to
from web.console.login import field
from web.console.telling_editions import COLUMNS, KINDS, WORDS, refused
from web.console.wording import translator

_MAY = Permission.EDITION_REVIEW
_SOUGHT = ("kind", "subject", "city")
_NO_CITY = "-"


def run_lists(frame: Frame) -> None:
    for kind in RUNS:
        _pages(frame, kind)


def _pages(frame: Frame, kind: RunKind) -> None:
    path = f"{EDITIONS}/{{edition}}/{RUNS[kind]}"

    @frame.get(f"{path}/list", _MAY)
    async def listed(request: Request, edition: str, signed: SignedIn) -> Response:
        asked = request.query_params
        read = partial(_list, signed=signed, which=edition, kind=kind, asked=asked)
        data = await carefully(frame, signed, edition, lambda: frame.database.read_async(read))
        if data is None:
            return to(f"{EDITIONS}/{edition}/{RUNS[kind]}")
        return (
            data if isinstance(data, Response) else frame.page(signed, "console/edition_changes.html", data)
        )

    @frame.post(f"{path}/csv", _MAY, confirmed=True)
    async def table(request: Request, edition: str, signed: SignedIn) -> Response:
        form = await request.form()
        work = partial(_export, signed=signed, which=edition, kind=kind, form=form)
        stored, run = await frame.database.turn_async(work)
        if run is None:
            return await edition_page(frame, signed, edition, refused("no_run"), 409)
        rows = _table(frame, signed, run, stored, _sought(form))
        head = file_name(stored, f"-{RUNS[kind]}.csv")
        headers = {"Content-Disposition": head, "Cache-Control": "no-store"}
        return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _table(frame: Frame, signed: Signed, run: Run, stored: StoredEdition, sought: Sought) -> Iterator[str]:
    """The list in the language of who takes it along."""
    t = translator(signed.staff.language)

    def word(stored_word: str) -> str:
        return t({**KINDS, **WORDS}.get(stored_word, stored_word))

    columns = tuple(map(t, COLUMNS))
    return as_csv(frame.database, Listing(signed.scope, run, sought), READINGS.of(stored), word, columns)


def _export(
    connection: Connection, signed: Signed, which: str, kind: RunKind, form: FormData
) -> tuple[StoredEdition, Run | None]:
    """Note who takes the list out, and of what."""
    stored = found_edition(connection, signed, which)
    run = run_of(connection, stored.id, kind)
    if run is not None:
        asked = {name: field(form, name) for name in _SOUGHT if field(form, name)}
        audited(connection, signed, "edition.export", stored, {"run": kind, "filters": asked})
    return stored, run


def _sought(asked: QueryParams | FormData) -> Sought:
    kind, subject, city = (str(asked.get(name, "")) for name in _SOUGHT)
    return Sought(kind or None, subject or None, ("" if city == _NO_CITY else city) if city else None)


def _list(
    connection: Connection, signed: Signed, which: str, kind: RunKind, asked: QueryParams
) -> Data | None:
    stored = found_edition(connection, signed, which)
    trial = trial_of(connection, stored, kind)
    if trial is None:
        return None
    edition, place = READINGS.of(stored), _place(asked.get("after", ""))
    lines, after = page_of(connection, Listing(signed.scope, trial.run, _sought(asked)), edition, place)
    typed = {name: asked.get(name, "") for name in _SOUGHT}
    return {
        "edition": stored,
        "trial": trial,
        "lines": lines,
        "titles": titles_in(connection, trial.run, edition),
        **told_of_run(kind),
        "f": typed,
        "asked": {name: value for name, value in typed.items() if value},
        "after": None if after is None else f"{after[0]}.{after[1]}",
        "is_first": place == (0, ""),
        "no_city": _NO_CITY,
    }


def _place(told: str) -> tuple[int, str]:
    number, _, subject = told.partition(".")
    return (int(number), subject) if number.isascii() and number.isdecimal() and len(number) < 19 else (0, "")  # noqa: PLR2004  a row's number
