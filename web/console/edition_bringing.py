"""Drafts begun: brought in as a zip or as a folder's files, from the edition in force, or from an earlier one again."""

import asyncio
from typing import TypeAlias

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from flows.drafts import Sound, bring_in, sound
from flows.editions import HENAN
from flows.publishing import put_back
from models.audit import Act, append_act
from models.draft import name_of
from models.edition import StoredEdition
from policy.archives import LARGEST, MOST_FILES, read_archive, read_sent
from policy.complaints import EditionError
from web.console.access import Permission, Signed, SignedIn
from web.console.editions import (
    EDITIONS,
    carefully,
    day_of,
    deed_of,
    found_edition,
    list_page,
)
from web.console.frame import Frame, to
from web.console.telling_editions import refused

_WRITE = Permission.EDITION_WRITE
Sent: TypeAlias = list[tuple[str, bytes]]


class _NothingSentError(Exception):
    """What was sent is no edition; the text is a word of telling_editions.NOT_DONE."""


class _OtherNameError(Exception):
    """A sound edition by the name that is the text: nobody here is judged by one of that name."""


def bringing(frame: Frame) -> None:
    @frame.post(f"{EDITIONS}/bring-in", _WRITE)
    async def brought(request: Request, signed: SignedIn) -> Response:
        try:
            async with request.form(max_files=MOST_FILES + 1, max_fields=10) as form:
                packed, sent = await _sent(form)
            found = await asyncio.to_thread(_read, packed, sent, signed)
        except HTTPException:  # more files than an edition ever has
            return await list_page(frame, signed, refused("too_many", most=MOST_FILES), 422)
        except _NothingSentError as nothing:
            return await list_page(frame, signed, refused(str(nothing)), 422)
        except _OtherNameError as other:
            return await list_page(frame, signed, refused("other_name", name=str(other), ours=HENAN), 422)
        except EditionError as error:
            return await list_page(frame, signed, refused("unread", error.lines), 422)
        draft = await frame.database.turn_async(lambda c: _stored(c, signed, found))
        return to(f"{EDITIONS}/{draft.id}")

    @frame.post(f"{EDITIONS}/{{edition}}/again", _WRITE)
    async def again(edition: str, signed: SignedIn) -> Response:
        old = await frame.database.read_async(lambda c: found_edition(c, signed, edition))

        async def begin() -> StoredEdition:
            await asyncio.to_thread(sound, old.content, day_of(signed))
            return await frame.database.turn_async(lambda c: _begun(c, signed, old))

        draft = await carefully(frame, signed, edition, begin)
        return draft if isinstance(draft, Response) else to(f"{EDITIONS}/{draft.id}")


async def _sent(form: FormData) -> tuple[Sent, Sent]:
    """The zip, and the files of a folder, each with its name; an empty field of a form is neither."""
    return await _contents(form, "zip"), await _contents(form, "folder")


async def _contents(form: FormData, name: str) -> Sent:
    return [(each.filename or "", await each.read(LARGEST + 1)) for each in _files(form, name)]


def _files(form: FormData, name: str) -> list[UploadFile]:
    return [each for each in form.getlist(name) if isinstance(each, UploadFile) and each.filename]


def _read(packed: Sent, sent: Sent, signed: Signed) -> Sound:
    if packed and sent:
        raise _NothingSentError("two_sources")
    if not packed and not sent:
        raise _NothingSentError("no_file")
    files = read_archive(packed[0][1], packed[0][0]) if packed else read_sent(sent)
    found = sound(files, day_of(signed))
    if found.edition.name != HENAN:
        raise _OtherNameError(found.edition.name)
    return found


def _stored(connection: Connection, signed: Signed, found: Sound) -> StoredEdition:
    draft = bring_in(connection, found, deed_of(signed))
    detail = {"edition": name_of(draft), "files": len(found.files), "examples": found.examples}
    append_act(connection, Act(signed.actor, "edition.import", "edition", str(draft.id), detail), signed.now)
    return draft


def _begun(connection: Connection, signed: Signed, old: StoredEdition) -> StoredEdition:
    draft = put_back(connection, old, deed_of(signed))
    detail = {"edition": name_of(draft), "from": name_of(old)}
    append_act(connection, Act(signed.actor, "edition.begin", "edition", str(draft.id), detail), signed.now)
    return draft
