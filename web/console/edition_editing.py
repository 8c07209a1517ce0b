"""One file of an edition in the browser: read, typed in and checked, saved when all of the edition is sound; of two who edit
at once the later is shown both texts.
"""

import asyncio
import difflib
from dataclasses import dataclass

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from flows.drafts import Sound, edited, glanced, refuse_name, save_edit
from models.audit import Act, append_act
from models.draft import DraftRefusedError, name_of
from models.edition import StoredEdition
from policy.complaints import EditionError
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.complaints import mistakes
from web.console.editions import (
    EDITIONS,
    Data,
    day_of,
    deed_of,
    edition_page,
    found_edition,
    refusal_in,
    shared,
)
from web.console.frame import Frame, to
from web.console.login import field
from web.console.telling_editions import Refusal, refused

_READ, _WRITE = Permission.EDITION_READ, Permission.EDITION_WRITE
_LONGEST_NAME = 200
_FILE = f"{EDITIONS}/{{edition}}/file"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the file, its text, and which version of the draft it was typed in."""

    file: str
    text: str
    version: int

    @classmethod
    def of(cls, form: FormData) -> "Typed":
        version = field(form, "version")
        seen = int(version) if version.isascii() and version.isdecimal() and len(version) <= 9 else -1  # noqa: PLR2004  an edit's count
        # A browser sends every line's end as CR LF.
        text = field(form, "text").replace("\r\n", "\n").replace("\r", "\n")
        return cls(field(form, "file")[:_LONGEST_NAME], text, seen)


def editing(frame: Frame) -> None:
    @frame.get(_FILE, _READ)
    async def shown(request: Request, edition: str, signed: SignedIn) -> Response:
        stored = await frame.database.read_async(lambda c: found_edition(c, signed, edition))
        file = request.query_params.get("file", "")[:_LONGEST_NAME]
        if not file:
            return to(f"{EDITIONS}/{edition}")
        if file not in stored.content:
            if not _may_write(signed, stored):
                raise NotThereError
            try:
                refuse_name(file)
            except EditionError as error:
                return await edition_page(frame, signed, edition, refused("bad_name", error.lines), 422)
        typed = Typed(file, stored.content.get(file, ""), stored.version)
        return _page(frame, signed, stored, typed)

    @frame.post(f"{_FILE}/check", _WRITE)
    async def checked(request: Request, edition: str, signed: SignedIn) -> Response:
        stored = await frame.database.read_async(lambda c: found_edition(c, signed, edition))
        typed = Typed.of(await request.form())
        try:
            ran = await asyncio.to_thread(
                glanced, {**stored.content, typed.file: typed.text}, typed.file, day_of(signed)
            )
            data: Data = {"mistakes": [], "ran": ran}
        except EditionError as error:
            data = {"mistakes": mistakes(error.lines, signed.staff.language), "ran": None}
        if request.headers.get("HX-Request") == "true":
            return frame.piece(
                signed, "console/edition_mistakes.html", {**data, "edition": stored, "typed": typed}
            )
        return _page(frame, signed, stored, typed, **data)

    @frame.post(f"{_FILE}/save", _WRITE)
    async def saved(request: Request, edition: str, signed: SignedIn) -> Response:
        stored = await frame.database.read_async(lambda c: found_edition(c, signed, edition))
        typed = Typed.of(await request.form())
        return await _save(frame, signed, stored, typed)


async def _save(frame: Frame, signed: Signed, stored: StoredEdition, typed: Typed) -> Response:
    if stored.version != typed.version or not _may_write(signed, stored):
        return await _conflict(frame, signed, stored.id, typed)
    if stored.content.get(typed.file) == typed.text:
        return to(f"{EDITIONS}/{stored.id}")  # nothing was changed: no edit, and a review stays good
    try:
        found = await asyncio.to_thread(edited, stored, typed.file, typed.text, day_of(signed))
    except EditionError as error:
        return _page(
            frame,
            signed,
            stored,
            typed,
            422,
            mistakes=mistakes(error.lines, signed.staff.language),
            not_saved=True,
        )
    try:
        await frame.database.turn_async(lambda c: _stored(c, signed, stored, typed.file, found))
    except DraftRefusedError:  # somebody was faster, between our look at it and now
        return await _conflict(frame, signed, stored.id, typed)
    return to(f"{EDITIONS}/{stored.id}", saved=typed.file)


def _stored(
    connection: Connection, signed: Signed, seen: StoredEdition, file: str, found: Sound
) -> StoredEdition:
    draft = save_edit(connection, seen, file, found, deed_of(signed))
    detail = {"edition": name_of(draft), "file": file, "examples": found.examples}
    append_act(connection, Act(signed.actor, "edition.edit", "edition", str(draft.id), detail), signed.now)
    return draft


async def _conflict(frame: Frame, signed: Signed, which: int, typed: Typed) -> Response:
    """Both texts: what is stored by now, and what was typed, which may be saved over it once it was looked at."""

    def read(connection: Connection) -> tuple[StoredEdition, Refusal]:
        now = found_edition(connection, signed, str(which))
        is_out = now.state in {"published", "superseded"}
        error = DraftRefusedError(
            "is_out" if is_out else "changed",
            "",
            edition=name_of(now),
            who=(now.publisher if is_out else now.author) or "",
        )
        return now, refusal_in(connection, signed, error)

    stored, wrong = await frame.database.read_async(read)
    theirs = stored.content.get(typed.file, "")
    typed = Typed(typed.file, typed.text, stored.version)
    both: Data = {"theirs": theirs, "differences": differences(theirs, typed.text), "wrong": wrong}
    return _page(frame, signed, stored, typed, 409, **both)


def differences(one: str, other: str) -> list[tuple[str, str]]:
    """Two texts line by line: ("-" only in the first, "+" only in the second, " " in both), with some lines around."""
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=2)
    return [("@" if each.startswith("@@") else each[:1], each[1:]) for each in list(lines)[2:]]


def _may_write(signed: Signed, edition: StoredEdition) -> bool:
    return signed.may(_WRITE) and edition.state in {"draft", "reviewed"}


def _page(
    frame: Frame, signed: Signed, edition: StoredEdition, typed: Typed, status: int = 200, **more: object
) -> Response:
    data: Data = {
        **shared(),
        "edition": edition,
        "typed": typed,
        "may_write": _may_write(signed, edition),
        "lines": typed.text.split("\n"),
        "mistakes": None,
        "ran": None,
        "not_saved": False,
        "theirs": None,
        "differences": (),
    }
    return frame.page(signed, "console/edition_file.html", {**data, **more}, status)
