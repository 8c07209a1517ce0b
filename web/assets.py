"""Style sheets and scripts: our own under static/ and those of installed packages, each served under a name that holds its hash.

No file of somebody else's is committed; a name with a hash never changes what it stands for, so it is cached for good.
"""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

STATIC = Path(__file__).parent / "static"
_FOREIGN = {
    "htmx.js": ("js_lib_htmx", "static/htmx/htmx.min.js"),
    "bootstrap.css": ("bootstrap", "css/bootstrap.min.css"),
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: `address` is its path with the hash in it."""

    address: str
    content: bytes
    media_type: str


class Assets:
    """All that pages load. A name that is not there raises KeyError where the page is made, not in the browser."""

    def __init__(self) -> None:
        ours = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in _TYPES}
        theirs = {name: (files(package) / path).read_bytes() for name, (package, path) in _FOREIGN.items()}
        self._by_name = {name: _asset(name, content) for name, content in (ours | theirs).items()}
        self._by_address = {each.address: each for each in self._by_name.values()}

    def address(self, name: str) -> str:
        """The path under which a page loads it."""
        return self._by_name[name].address

    def router(self) -> APIRouter:
        router = APIRouter()

        @router.get("/static/{name}")
        async def asset(name: str) -> Response:
            found = self._by_address.get(f"/static/{name}")
            if found is None:
                return PlainTextResponse("没有这个文件。", 404)
            return Response(found.content, media_type=found.media_type, headers=_FOR_GOOD)

        return router


def _asset(name: str, content: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(f"/static/{stem}.{digest}.{suffix}", content, _TYPES[f".{suffix}"])
