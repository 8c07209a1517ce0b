"""The web application: for now one page that says what this is and how to chat, and the health check."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeAlias

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from flows.editions import Editions
from flows.render import TEMPLATES
from models.outbox import oldest_unsent
from models.session import Database
from policy.quantities import show_yuan
from policy.schemes import Edition
from settings import Settings
from web.upkeep import purging

STATIC = Path(__file__).parent / "static"


class Companion(Protocol):
    """What runs as long as the server does, on the same database."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Run within the block."""

    def ails(self) -> str | None:
        """What the health check should say of it; None while it is well."""


Beside: TypeAlias = Callable[[Database], Companion]
OVERLONG = timedelta(minutes=5)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create() -> FastAPI:
    """The application with the settings of the environment."""
    return create_app(Settings())


def create_app(settings: Settings, beside: Beside | None = None) -> FastAPI:
    """The application for these settings; it closes its database when the server stops. `beside` runs as long as it does."""
    database = Database(settings.database_url.get_secret_value())
    companion = None if beside is None else beside(database)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            async with purging(database), nullcontext() if companion is None else companion.running():
                yield
        finally:
            database.close()

    app = FastAPI(
        title="innovation-ladder", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.middleware("http")(harden)
    app.include_router(pages(database, settings))
    app.include_router(health(database, companion))
    return app


async def harden(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Nothing is loaded from elsewhere, and no page sits in a foreign frame."""
    response = await call(request)
    response.headers.update(_HEADERS)
    return response


def pages(database: Database, settings: Settings) -> APIRouter:
    """The landing page."""
    router = APIRouter()
    editions = Editions()
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)

    @router.get("/", response_class=HTMLResponse)
    async def landing() -> str:
        edition = (await database.read_async(editions.current)).edition
        page = environment.get_template("chat/landing.html")
        return page.render(**_about(edition), operator=settings.operator_name)

    return router


def health(database: Database, companion: Companion | None) -> APIRouter:
    """For whoever watches: good only while everything does its work."""
    router = APIRouter()

    @router.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> Response:
        try:
            oldest = await database.read_async(oldest_unsent)
        except SQLAlchemyError:
            return PlainTextResponse("the database does not answer", 503)
        if oldest is not None and datetime.now(UTC) - oldest > OVERLONG:
            return PlainTextResponse("replies wait overlong", 503)
        ailment = None if companion is None else companion.ails()
        if ailment is not None:
            return PlainTextResponse(ailment, 503)
        return PlainTextResponse("ok")

    return router


def _about(edition: Edition) -> dict[str, object]:
    return {
        "edition": edition.title,
        "rungs": [
            {"threshold": show_yuan(rung.threshold), "title": rung.title} for rung in edition.ladder.rungs
        ],
        "schemes": [
            {"title": scheme.title, "places": "、".join(each.place for each in scheme.citations)}
            for scheme in edition.schemes
        ],
    }
