"""The landing page: what this is, how long it takes, what is stored."""

from fastapi import APIRouter, Response

from flows.editions import Editions
from models.session import Database
from policy.quantities import show_yuan
from policy.schemes import Edition
from web.pages import Pages


def landing(database: Database, editions: Editions, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    async def front() -> Response:
        edition = (await database.read_async(editions.current)).edition
        return pages.page("chat/landing.html", _about(edition), headers={"Cache-Control": "no-cache"})

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
