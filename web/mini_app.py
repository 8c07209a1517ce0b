"""`/telegram`: the page as a Telegram Mini App, where Telegram says who opens it. Its check is in telegram_identity.py."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from flows.editions import Editions
from flows.interview import receive
from flows.messages import Incoming, Operator
from flows.vouching import Met, met, recognise
from models.session import Database
from web.pages import Pages
from web.passing import TALK
from web.telegram_identity import NotFromTelegramError, Once, clock, name_in, telegram_user
from web.tickets import Ticket, Tickets
from web.visitors import CHANNEL, Visitor, remember, visitor_of

_TELEGRAM = "telegram"
_REFUSED = 403


def mini_app(
    database: Database, editions: Editions, operator: Operator, pages: Pages, token: str | None
) -> APIRouter:
    """Without the bot's token nobody can be recognised, and there is no such page."""
    router, once, tickets = APIRouter(), Once(), Tickets()
    if token is None:
        return router

    page = partial(_page, pages)

    @router.get("/telegram")
    async def opened(request: Request) -> Response:
        return page(request, visitor_of(request))

    @router.post("/telegram")
    async def recognised(request: Request) -> Response:
        visitor, at, form = visitor_of(request), clock(), await request.form()
        if "ticket" in form:
            return await pressed(request, str(form["ticket"]), instead=form.get("choice") == "only")
        init_data = str(form.get("init_data", ""))
        try:
            user = telegram_user(init_data, token, at)
        except NotFromTelegramError:
            return page(request, visitor, _REFUSED)
        found = await database.read_async(partial(_met, address=visitor.address, user=user))
        if found.is_same:
            return _on(request, visitor)
        if not once.is_first(init_data, at):
            return page(request, visitor, _REFUSED)
        ticket = tickets.make(user, visitor, at)
        return page(request, visitor, asks={"name": name_in(init_data), "ticket": ticket, "met": found})

    async def pressed(request: Request, secret: str, *, instead: bool) -> Response:
        visitor, at = visitor_of(request), clock()
        ticket = tickets.find(secret, visitor, at)
        if ticket is None:
            return page(request, visitor, _REFUSED)
        work = partial(_greeted, editions=editions, operator=operator, ticket=ticket, instead=instead, at=at)
        return _on(request, ticket.fresh if await database.turn_async(work) else visitor)

    return router


def _page(
    pages: Pages,
    request: Request,
    visitor: Visitor,
    status: int = 200,
    asks: Mapping[str, object] | None = None,
) -> Response:
    data = {"refused": status == _REFUSED, "asks": asks, "form_token": visitor.form_token}
    shown = pages.page("chat/mini-app.html", dict(data), status)
    remember(shown, request, visitor)
    return shown


def _on(request: Request, visitor: Visitor) -> Response:
    on = RedirectResponse(TALK, 303)
    remember(on, request, visitor)
    return on


def _met(connection: Connection, address: str, user: int) -> Met:
    return met(connection, (CHANNEL, address), (_TELEGRAM, str(user)))


def _greeted(  # noqa: PLR0913, PLR0917  a turn, by which ticket, and whether a talk here is to be left
    connection: Connection,
    editions: Editions,
    operator: Operator,
    ticket: Ticket,
    at: datetime,
    instead: bool,
) -> bool:
    """Under a fresh cookie they are the person of their Telegram account, and the talk greets them as such.

    False: nothing was done, because there is a talk here that the button did not name (answered meanwhile), or one that
    nothing stands against.
    """
    found = _met(connection, ticket.before, ticket.user)
    if found.has_talk and not (found.is_known and instead):
        return False
    recognise(connection, (CHANNEL, ticket.fresh.address), (_TELEGRAM, str(ticket.user)), at)
    key = f"app-{ticket.fresh.address[:32]}"
    receive(connection, editions, operator, Incoming(CHANNEL, ticket.fresh.address, key, at, choice="start"))
    return True
