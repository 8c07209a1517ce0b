"""What any visitor or search engine may fetch besides the plan: the privacy page, robots.txt, the sitemap, the icon."""

from xml.sax.saxutils import escape  # nosec B406  nothing is parsed: it writes

from fastapi import APIRouter, Request, Response

from flows.consent import NOTICE_VERSION, notice
from flows.guidebook import Guidebook
from flows.messages import Operator
from flows.render import render
from web.assets import STATIC
from web.caching import answer, keep
from web.errors import ErrorPages
from web.pages import Pages
from web.shelf import Shelf

# What somebody writes, and what only they may see.
PRIVATE_PATHS = ("/chat", "/result", "/report", "/s/", "/check", "/resume", "/telegram", "/console", "/api/")
_READ = ["GET", "HEAD"]


def public(shelf: Shelf, pages: Pages, errors: ErrorPages, operator: Operator, public_url: str) -> APIRouter:
    router, origin = APIRouter(), public_url.rstrip("/")
    lines = render(notice(operator)).splitlines()
    data: dict[str, object] = {
        "lines": lines,
        "version": NOTICE_VERSION,
        "canonical": f"{origin}/privacy" if origin else "",
    }
    kept = keep(pages.text("chat/privacy.html", data))
    icon = keep((STATIC / "icon.svg").read_text(encoding="utf-8"), "image/svg+xml")

    @router.api_route("/privacy", methods=_READ)
    async def privacy(request: Request) -> Response:
        return answer(request, kept)

    @router.api_route("/favicon.ico", methods=_READ)
    async def favicon(request: Request) -> Response:
        """Browsers ask for it by this name whatever the page says."""
        return answer(request, icon)

    @router.api_route("/robots.txt", methods=_READ)
    async def robots(request: Request) -> Response:
        return answer(request, keep(_robots(origin), "text/plain; charset=utf-8"))

    @router.api_route("/sitemap.xml", methods=_READ)
    async def sitemap(request: Request) -> Response:
        if not origin:
            return errors.page(request, 404)
        book = await shelf.book()
        return answer(request, keep(_sitemap(origin, book.guide), "application/xml; charset=utf-8"))

    return router


def _robots(origin: str) -> str:
    closed = (f"Disallow: {path}" for path in PRIVATE_PATHS)
    where = (f"Sitemap: {origin}/sitemap.xml",) if origin else ()
    return "\n".join(("User-agent: *", *closed, "Allow: /", *where, ""))


def _sitemap(origin: str, guide: Guidebook) -> str:
    paths = ["/", "/plan", "/privacy", *(f"/plan/{key}" for key in guide.places)]
    paths += [f"/schemes/{name}" for name in guide.addresses.values()]
    found = "".join(f"<url><loc>{escape(origin + path)}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{found}</urlset>\n"
