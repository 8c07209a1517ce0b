"""The link in a letter by which one leaves a topic: a page with a button, and the one click of mail programs (RFC 8058)."""

from datetime import UTC, datetime
from functools import partial

from fastapi import APIRouter, Response

from flows.leaving import leave_by_link, left_by
from models.session import Database
from web.pages import Pages
from web.shared import HIDDEN

_GONE = 404


def leaving(database: Database, pages: Pages) -> APIRouter:
    """Looking changes nothing, because programs open links by themselves; the address is the secret that a POST shows."""
    router = APIRouter()

    @router.get("/leave/{key}/{bulletin}")
    async def look(key: str, bulletin: str) -> Response:
        title = await database.read_async(partial(left_by, leave_key=key, bulletin=bulletin))
        status = _GONE if title is None else 200
        return pages.page("chat/leave.html", {"title": title, "left": False}, status, HIDDEN)

    @router.post("/leave/{key}/{bulletin}")
    async def leave(key: str, bulletin: str) -> Response:
        now = datetime.now(UTC)
        work = partial(leave_by_link, leave_key=key, bulletin=bulletin, at=now)
        title = await database.turn_async(work)
        status = _GONE if title is None else 200
        return pages.page("chat/leave.html", {"title": title, "left": True}, status, HIDDEN)

    return router
