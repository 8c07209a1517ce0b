"""A draft reviewed by a second person, and published from a day on: what cannot be taken back, so it is asked who it is."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from flows.publishing import hold_sound, publish
from models.audit import Act, append_act
from models.draft import name_of, review_draft
from models.edition import StoredEdition
from models.reassessment import Run
from web.console.access import Permission, Signed, SignedIn
from web.console.editions import (
    EDITIONS,
    carefully,
    day_of,
    deed_of,
    edition_page,
    found_edition,
)
from web.console.frame import Frame, to
from web.console.login import field
from web.console.telling_editions import refused

_ONE = f"{EDITIONS}/{{edition}}"


def publishing(frame: Frame) -> None:
    @frame.post(f"{_ONE}/review", Permission.EDITION_REVIEW)
    async def reviewed(request: Request, edition: str, signed: SignedIn) -> Response:
        stored = await frame.database.read_async(lambda c: found_edition(c, signed, edition))
        seen = _as_seen(stored, await request.form())
        return await _done(frame, signed, seen, lambda c: _review(c, signed, seen))

    @frame.post(f"{_ONE}/publish", Permission.EDITION_PUBLISH, confirmed=True)
    async def published(request: Request, edition: str, signed: SignedIn) -> Response:
        stored = await frame.database.read_async(lambda c: found_edition(c, signed, edition))
        form = await request.form()
        seen = _as_seen(stored, form)
        try:
            day = date.fromisoformat(field(form, "day"))
        except ValueError:
            return await edition_page(frame, signed, edition, refused("no_day"), 422)
        return await _done(frame, signed, seen, lambda c: _publish(c, signed, seen, day))


async def _done(
    frame: Frame, signed: Signed, seen: StoredEdition, act: Callable[[Connection], Run | None]
) -> Response:
    """Do it, if the draft is still sound by this very program; else say on its page why not."""

    async def work() -> Run | None:
        await asyncio.to_thread(hold_sound, seen, day_of(signed))
        return await frame.database.turn_async(act)

    run = await carefully(frame, signed, str(seen.id), work)
    if isinstance(run, Response):
        return run
    if run is not None:
        frame.background.begin(frame.database, run.id)
    return to(f"{EDITIONS}/{seen.id}")


def _as_seen(stored: StoredEdition, form: FormData) -> StoredEdition:
    """The draft as the page showed it: if it was changed since, nothing is done."""
    version = field(form, "version")
    return replace(stored, version=int(version) if version.isdecimal() and len(version) <= 9 else -1)  # noqa: PLR2004  an edit's count


def _review(connection: Connection, signed: Signed, seen: StoredEdition) -> None:
    draft = review_draft(connection, seen, deed_of(signed))
    detail = {"edition": name_of(draft), "sha256": draft.sha256}
    append_act(connection, Act(signed.actor, "edition.review", "edition", str(draft.id), detail), signed.now)


def _publish(connection: Connection, signed: Signed, seen: StoredEdition, day: date) -> Run | None:
    edition, run = publish(connection, seen, day, day_of(signed), deed_of(signed))
    detail = {"edition": name_of(edition), "from": day.isoformat(), "sha256": edition.sha256}
    append_act(
        connection, Act(signed.actor, "edition.publish", "edition", str(edition.id), detail), signed.now
    )
    return run
