"""The editions of the rules (政策版本): the list, and one edition with who did what to it. What is done to them is in the
edition_*.py beside this.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeAlias, TypeVar

from fastapi import Request, Response
from sqlalchemy import Connection

from flows.auditing import told_of
from flows.drafts import Readings
from flows.messages import SHANGHAI
from flows.trying_out import trial_of
from models.draft import Deed, DraftRefusedError, authors, events_of, name_of
from models.edition import StoredEdition, in_force
from models.edition_list import edition_at, editions_listed, last_events
from models.staff import all_staff
from policy.archives import write_archive
from policy.complaints import EditionError
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.complaints import mistakes
from web.console.frame import Frame
from web.console.telling_editions import (
    EVENTS,
    FOLDERS,
    IN_FORCE,
    PARTS,
    PROGRAM,
    Refusal,
    refusal_of,
    refused,
    state_of,
)
from web.console.wording import translator

T = TypeVar("T")
EDITIONS = "/console/editions"
READINGS = Readings()
_READ = Permission.EDITION_READ
_DIGITS = 18  # of a row's number
_ZIP = {"Content-Type": "application/zip", "Cache-Control": "no-store"}
Data: TypeAlias = dict[str, Any]
_Folder: TypeAlias = tuple[str, list[tuple[str, str]]]
_TITLE = re.compile(r"^title: *(.+)$", re.MULTILINE)


def editions(frame: Frame) -> None:
    @frame.get(EDITIONS, _READ)
    async def listed(signed: SignedIn) -> Response:
        return await list_page(frame, signed)

    @frame.get(f"{EDITIONS}/{{edition}}", _READ)
    async def one(request: Request, edition: str, signed: SignedIn) -> Response:
        return await edition_page(frame, signed, edition, saved=request.query_params.get("saved", ""))

    @frame.get(f"{EDITIONS}/{{edition}}/zip", _READ)
    async def packed(edition: str, signed: SignedIn) -> Response:
        found = await frame.database.read_async(lambda c: found_edition(c, signed, edition))
        headers = _ZIP | {"Content-Disposition": file_name(found, ".zip")}
        return Response(write_archive(found.content), headers=headers)


def day_of(signed: Signed) -> date:
    """Today, as people in China count."""
    return signed.now.astimezone(SHANGHAI).date()


def deed_of(signed: Signed) -> Deed:
    return Deed(signed.actor, signed.now)


def found_edition(connection: Connection, signed: Signed, which: str) -> StoredEdition:
    """An edition by its number. Raises NotThereError: there is none, or a draft for who may only read what is out."""
    if not (which.isascii() and which.isdecimal() and len(which) <= _DIGITS):
        raise NotThereError
    found = edition_at(connection, int(which), drafts=signed.may(Permission.EDITION_WRITE))
    if found is None:
        raise NotThereError
    return found


def names_of(connection: Connection) -> dict[str, str]:
    """How people are called, by what an edition notes of them; who worked on the command line is noted by name."""
    return {each.public_id: each.name for each in all_staff(connection)}


def refusal_in(connection: Connection, signed: Signed, error: DraftRefusedError) -> Refusal:
    return refusal_of(error, names_of(connection), translator(signed.staff.language)(PROGRAM))


async def carefully(
    frame: Frame, signed: Signed, which: str, work: Callable[[], Awaitable[T]]
) -> T | Response:
    """Do something to an edition; what came of it, or, where it is refused, its page with why."""
    try:
        return await work()
    except EditionError as error:
        return await edition_page(frame, signed, which, refused("broken", error.lines), 422)
    except DraftRefusedError as error:
        told = error
    wrong = await frame.database.read_async(lambda c: refusal_in(c, signed, told))
    return await edition_page(frame, signed, which, wrong, 409)


def file_name(edition: StoredEdition, ending: str) -> str:
    """The header of a file to take along: a name of ours, whatever the edition is called."""
    plain = re.sub(r"[^a-zA-Z0-9-]", "_", edition.name)
    return f'attachment; filename="{plain}-{edition.revision}{ending}"'


async def list_page(
    frame: Frame, signed: Signed, wrong: Refusal | None = None, status: int = 200
) -> Response:
    """The list, with why something was not done."""
    today = day_of(signed)

    def read(connection: Connection) -> Data:
        lines = editions_listed(connection, drafts=signed.may(Permission.EDITION_WRITE))
        names = {each.name for each in lines}
        current = {name: in_force(connection, name, today) for name in names}
        return {
            "lines": [(each, state_of(each, current[each.name], today)) for each in lines],
            "current": [each for each in lines if each.id == current[each.name]],
            "last": last_events(connection, [each.id for each in lines]),
            "names": names_of(connection),
        }

    data = await frame.database.read_async(read)
    return frame.page(signed, "console/editions.html", {**data, **shared(wrong)}, status)


async def edition_page(  # noqa: PLR0913, PLR0917  what the page may have to say
    frame: Frame,
    signed: Signed,
    which: str,
    wrong: Refusal | None = None,
    status: int = 200,
    saved: str = "",
) -> Response:
    """One edition: how it stands, who did what, its files, its runs, and what may be done next. `saved` names a file."""

    def read(connection: Connection) -> Data:
        return _edition(connection, signed, found_edition(connection, signed, which))

    data = await frame.database.read_async(read)
    data["saved"] = saved if saved in data["edition"].content else ""
    return frame.page(signed, "console/edition.html", {**data, **shared(wrong)}, status)


def shared(wrong: Refusal | None = None) -> Data:
    """What all pages of this part need."""
    words = {"events": EVENTS, "program": PROGRAM, "now": IN_FORCE}
    return {"here": EDITIONS, "wrong": wrong, "name_of": name_of, "mistakes_of": mistakes, **words}


def _edition(connection: Connection, signed: Signed, edition: StoredEdition) -> Data:
    today = day_of(signed)
    current = in_force(connection, edition.name, today)
    based = None if edition.based_on is None else edition_at(connection, edition.based_on)
    may_see_runs = signed.may(Permission.EDITION_REVIEW)
    own, further = _files(edition)
    return {
        "edition": edition,
        "state": state_of(edition, current, today),
        "current": current,
        "today": today,
        "based": based,
        "own": own,
        "further": further,
        "parts": PARTS,
        "folders": FOLDERS,
        "happened": events_of(connection, edition.id),
        "is_mine": signed.actor in authors(connection, edition.id),
        "names": names_of(connection),
        "dry_run": trial_of(connection, edition, "dry_run") if may_see_runs else None,
        "reassessment": trial_of(connection, edition, "reassessment") if may_see_runs else None,
        "entries": told_of(connection, "edition", str(edition.id)) if may_see_runs else None,
    }


def _files(edition: StoredEdition) -> tuple[list[_Folder], list[_Folder]]:
    """The files with their titles by folder: the edition's own, and those of its supplements."""
    folders: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(edition.content, key=lambda each: (each.count("/") > 0, each)):
        title = _TITLE.search(edition.content[name])
        folders.setdefault(name.rpartition("/")[0], []).append((name, title[1] if title else ""))
    own = [each for each in folders.items() if not each[0].startswith("with/")]
    return own, [each for each in folders.items() if each[0].startswith("with/")]
