"""The health check: good only while everything does its work."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from models.outbox import oldest_unsent
from models.session import Database

OVERLONG = timedelta(minutes=5)


def health(database: Database, ails: Callable[[], str | None]) -> APIRouter:
    """For whoever watches. `ails` tells what is wrong with what runs beside the page."""
    router = APIRouter()

    @router.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> Response:
        try:
            oldest = await database.read_async(oldest_unsent)
        except SQLAlchemyError:
            return PlainTextResponse("the database does not answer", 503)
        if oldest is not None and datetime.now(UTC) - oldest > OVERLONG:
            return PlainTextResponse("replies wait overlong", 503)
        ailment = ails()
        return PlainTextResponse("ok") if ailment is None else PlainTextResponse(ailment, 503)

    return router
