"""The web application: its parts put together, with what lives as long as it does."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Protocol, TypeAlias

from fastapi import APIRouter, FastAPI

from flows.editions import Editions
from flows.messages import Operator
from flows.showing import Show
from models.session import Database
from settings import Settings
from web.assets import Assets
from web.chat import Chat
from web.console import add_console
from web.declared import refuse_undeclared
from web.errors import ErrorPages
from web.health import health
from web.landing import landing
from web.leaving import leaving
from web.limits import Limits
from web.mini_app import mini_app
from web.pages import Pages
from web.passing import Codes, passing
from web.plan import plan
from web.protection import protect
from web.public import public
from web.report import report
from web.shared import shared
from web.shelf import Shelf
from web.talk_store import TalkStore
from web.upkeep import purging, reminding, tending


class Companion(Protocol):
    """What runs as long as the server does, on the same database."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run within the block."""

    def ails(self) -> str | None:
        """What the health check should say of it; None while it is well."""

    def known_as(self) -> str | None:
        """The name under which it is found on Telegram; None while that is not known."""


Beside: TypeAlias = Callable[[Database], Companion]


def create_app(
    settings: Settings,
    beside: Beside | None = None,
    limits: Limits | None = None,
    shows: Mapping[str, Show] | None = None,
) -> FastAPI:
    """The application for these settings; it closes its database when the server stops. `beside` runs as long as it does.

    `shows`: how a message will stand on channels that the web does not know, by their names.
    """
    database = Database(settings.database_url.get_secret_value())
    companion = None if beside is None else beside(database)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            async with _beside(database, companion, mails=settings.sends_mail):
                yield
        finally:
            await app.state.console.background.close()
            database.close()

    app = FastAPI(
        title="innovation-ladder",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # it would send people to whatever host the request named
        lifespan=lifespan,
    )
    app.state.public_url, app.state.database = settings.public_url, database
    serve_people(app, database, settings, limits or Limits(), companion)
    _take_in(app, health(database, lambda: None if companion is None else companion.ails()))
    app.state.console.shows.update(shows or {})
    refuse_undeclared(app)
    return app


def serve_people(
    app: FastAPI, database: Database, settings: Settings, limits: Limits, companion: Companion | None
) -> None:
    """Everything that people open: the public pages, the talk, reports, codes; with what guards it all in front."""
    assets, editions = Assets(), Editions()
    operator = Operator(
        settings.operator_name, settings.operator_contact, settings.public_url, settings.sends_mail
    )
    pages = Pages(assets, operator)
    pages.tell("bot_name", lambda: None if companion is None else companion.known_as())
    errors, shelf = ErrorPages(pages), Shelf(database, pages, settings.public_url)
    protect(app, errors, settings.public_url, limits)
    _take_in(app, assets.router())
    _take_in(app, landing(shelf))
    _take_in(app, plan(shelf, errors))
    _take_in(app, public(shelf, pages, errors, operator, settings.public_url))
    _take_in(app, report(database, pages))
    _take_in(app, shared(database, pages))
    _take_in(app, leaving(database, pages))
    app.state.talk = TalkStore(database, editions, operator)
    codes = Codes(app.state.talk)
    _take_in(app, Chat(app.state.talk, pages, codes).router())
    token = settings.telegram_token
    _take_in(app, passing(codes, pages))
    _take_in(app, add_console(app, database, editions, pages, settings).router)
    _take_in(
        app,
        mini_app(database, editions, operator, pages, None if token is None else token.get_secret_value()),
    )


def _take_in(app: FastAPI, router: APIRouter) -> None:
    """Its routes as they are. To include a router, FastAPI builds each of its routes anew, though nothing is added here."""
    app.router.routes.extend(router.routes)


@asynccontextmanager
async def _beside(database: Database, companion: Companion | None, *, mails: bool) -> AsyncIterator[None]:
    """All that runs as long as the server does."""
    async with (
        purging(database),
        reminding(database),
        tending(database, Editions(), mails=mails),
        nullcontext() if companion is None else companion.running(),
    ):
        yield
