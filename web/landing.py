"""The landing page: what this is, how long it takes, what is stored, and a sample result that the rules computed."""

from fastapi import APIRouter, Request, Response

from web.caching import answer
from web.shelf import Shelf


def landing(shelf: Shelf) -> APIRouter:
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    async def front(request: Request) -> Response:
        book = await shelf.book()
        return answer(request, shelf.page(book, "/", "chat/landing.html", {"sample": book.guide.sample}))

    return router
