"""`/telegram`: the page as a Telegram Mini App, where Telegram says who opens it. Its check is in telegram_identity.py."""

import uuid
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from flows.editions import Editions
from flows.interview import receive
from flows.messages import Incoming, Operator
from flows.vouching import recognise
from models.session import Database
from web.pages import Pages
from web.passing import TALK
from web.telegram_identity import NotFromTelegramError, Once, clock, telegram_user
from web.visitors import CHANNEL, Visitor, new_visitor, remember, visitor_of

_TELEGRAM = "telegram"


def mini_app(
    database: Database, editions: Editions, operator: Operator, pages: Pages, token: str | None
) -> APIRouter:
    """Without the bot's token nobody can be recognised, and there is no such page."""
    router, once = APIRouter(), Once()
    if token is None:
        return router

    def page(request: Request, visitor: Visitor, *, refused: bool) -> Response:
        told = {"refused": refused, "form_token": visitor.form_token}
        shown = pages.page("chat/mini-app.html", dict(told), 403 if refused else 200)
        remember(shown, request, visitor)
        return shown

    @router.get("/telegram")
    async def opened(request: Request) -> Response:
        return page(request, visitor_of(request), refused=False)

    @router.post("/telegram")
    async def recognised(request: Request) -> Response:
        visitor, at = visitor_of(request), clock()
        init_data = str((await request.form()).get("init_data", ""))
        try:
            user = telegram_user(init_data, token, at)
        except NotFromTelegramError:
            return page(request, visitor, refused=True)
        if not once.is_first(init_data, at):
            return page(request, visitor, refused=True)
        fresh = new_visitor()
        work = partial(
            _greeted, editions=editions, operator=operator, old=visitor, new=fresh, user=user, at=at
        )
        await database.turn_async(work)
        on = RedirectResponse(TALK, 303)
        remember(on, request, fresh)
        return on

    return router


def _greeted(  # noqa: PLR0913, PLR0917  a turn, who they are before and after it, and who Telegram says they are
    connection: Connection,
    editions: Editions,
    operator: Operator,
    old: Visitor,
    new: Visitor,
    user: int,
    at: datetime,
) -> None:
    """Under a fresh cookie they are the person of their Telegram account, and the talk greets them as such."""
    recognise(connection, CHANNEL, old.address, new.address, (_TELEGRAM, str(user)), at)
    greeting = Incoming(CHANNEL, new.address, f"app-{uuid.uuid4().hex}", at, choice="start")
    receive(connection, editions, operator, greeting)
