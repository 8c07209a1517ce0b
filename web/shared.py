"""What others see of a report: with the owner's link its result, with the check code on a paper only that it was made here."""

from datetime import UTC, datetime
from functools import partial

from fastapi import APIRouter, Response
from sqlalchemy import Connection

from flows.messages import SHANGHAI
from flows.report import outdated_by
from flows.sharing import shown_by
from models.check_code import read_check_code
from models.report import find_by_check_code
from models.session import Database
from web.pages import PRIVATE, Pages

# Found by who was given the address, and by nobody else.
HIDDEN = {**PRIVATE, "X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer"}
_GONE = 404  # the same for a link that expired, was taken back, or never was
_LONGEST_CODE = 60


def shared(database: Database, pages: Pages) -> APIRouter:
    """How often one may ask about check codes is limits.py's business."""
    router = APIRouter()

    @router.get("/s/{token}")
    async def link(token: str) -> Response:
        told = await database.read_async(partial(_shown, token=token, now=datetime.now(UTC)))
        if told is None:
            return pages.page("report/gone.html", {}, _GONE, HIDDEN)
        return pages.page("report/page.html", told, headers=HIDDEN)

    @router.get("/check")
    async def check(code: str = "") -> Response:
        typed = code.strip()[:_LONGEST_CODE]
        if not typed:
            return pages.page("report/check.html", {"typed": "", "found": None, "why": None})
        found = await database.read_async(partial(_confirmed, typed=typed))
        why = None if found is not None else "none" if read_check_code(typed) else "shape"
        return pages.page("report/check.html", {"typed": typed, "found": found, "why": why}, headers=HIDDEN)

    return router


def _shown(connection: Connection, token: str, now: datetime) -> dict[str, object] | None:
    found = shown_by(connection, token, now)
    if found is None:
        return None
    link, report, paper = found
    return {
        "paper": paper,
        "until": f"{link.expires_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "outdated": outdated_by(connection, report, now.astimezone(SHANGHAI).date()),
        "own": False,
    }


def _confirmed(connection: Connection, typed: str) -> dict[str, object] | None:
    """That a report was made here, when and by which rules: no firm, no verdict, no figure."""
    found = find_by_check_code(connection, typed)
    if found is None:
        return None
    return {
        "check_code": found.check_code,
        "made": found.made_at.astimezone(SHANGHAI).date().isoformat(),
        "as_of": found.as_of.isoformat(),
        "edition": found.payload["edition"]["title"],
        "edition_name": found.payload["edition"]["name"],
    }
