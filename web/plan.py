"""The plan for readers: the index, one place (an article or a highlight), one measure. From the edition in force."""

import difflib
from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Request, Response

from flows.guidebook import Guidebook
from web.caching import answer
from web.errors import ErrorPages, Suggestion
from web.shelf import Shelf

_READ = ["GET", "HEAD"]
_CERTAIN = {"官方原文": "依据官方原文", "转载文本": "依据转载文本，没有见到官方原件", "待核实": "还没有核实"}


def plan(shelf: Shelf, errors: ErrorPages) -> APIRouter:
    router = APIRouter()

    @router.api_route("/plan", methods=_READ)
    async def index(request: Request) -> Response:
        book = await shelf.book()
        return answer(request, shelf.page(book, "/plan", "plan/index.html", {}))

    @router.api_route("/plan/{key}", methods=_READ)
    async def place(request: Request, key: str) -> Response:
        book = await shelf.book()
        found = book.guide.places.get(key)
        if found is None:
            return errors.page(request, 404, suggestions=_places_like(book.guide, key))
        return answer(
            request,
            shelf.page(book, f"/plan/{key}", "plan/place.html", {"place": found, "certain": _CERTAIN}),
        )

    @router.api_route("/schemes/{name}", methods=_READ)
    async def measure(request: Request, name: str) -> Response:
        book = await shelf.book()
        found = book.guide.measures.get(name)
        if found is None:
            return errors.page(request, 404, suggestions=_measures_like(book.guide, name))
        # One page, one address: whatever name it was asked for by.
        path = f"/schemes/{book.guide.addresses[found.slug]}"
        data: dict[str, object] = {
            "page": found,
            "certain": _CERTAIN,
            "places": _standing_in(book.guide, found.slug),
        }
        return answer(request, shelf.page(book, path, "plan/measure.html", data))

    return router


def _standing_in(guide: Guidebook, slug: str) -> list[tuple[str, str]]:
    """Address and words of each place that has the measure."""
    return [
        (key, f"{place.place} {place.heading}")
        for key, place in guide.places.items()
        if any(each.slug == slug for each in place.measures)
    ]


def _places_like(guide: Guidebook, key: str) -> list[Suggestion]:
    plain = key.strip().removeprefix("第").removesuffix("条").removeprefix("摘要").upper()
    known = {name: f"{place.place} {place.heading}" for name, place in guide.places.items()}
    near = [plain] if plain in known else _near(plain, known)
    return [Suggestion(f"/plan/{name}", known[name]) for name in near]


def _measures_like(guide: Guidebook, name: str) -> list[Suggestion]:
    """By the id, or by the title for who types what it is called."""
    titles = {guide.addresses[page.slug]: page.title for page in guide.measures.values()}
    wanted = name[:60].replace("_", "-").lower()
    called = [address for address, title in titles.items() if len(name) > 1 and name[:60] in title]
    near = dict.fromkeys((*called, *_near(wanted, titles)))
    return [Suggestion(f"/schemes/{address}", titles[address]) for address in list(near)[:3]]


def _near(wanted: str, known: Mapping[str, str] | Iterable[str]) -> list[str]:
    return difflib.get_close_matches(wanted[:60], list(known), n=3, cutoff=0.5)
