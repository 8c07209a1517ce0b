"""Public pages as they are kept and sent: made once, compressed once, and not sent again to who has them."""

import gzip
import hashlib
from dataclasses import dataclass

from fastapi import Request, Response

# Short, because an edition can change; whoever is slow or offline for a while may still read the page they have.
_PUBLIC = "public, max-age=300, stale-while-revalidate=3600"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page ready to send; `etag` changes with every byte of it, so with edition, day and template."""

    body: bytes
    zipped: bytes
    etag: str
    media_type: str


def keep(text: str, media_type: str = "text/html; charset=utf-8") -> Kept:
    body = text.encode()
    return Kept(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:24], media_type)


def answer(request: Request, kept: Kept) -> Response:
    """The page, compressed where the browser takes that; 304 without a body where it has this very page. No cookie."""
    zips = _takes_gzip(request.headers.get("accept-encoding", ""))
    etag = f'"{kept.etag}{"-gz" if zips else ""}"'
    headers = {"ETag": etag, "Cache-Control": _PUBLIC, "Vary": "Accept-Encoding"}
    if _has(request.headers.get("if-none-match", ""), kept.etag):
        return Response(status_code=304, headers=headers)
    if zips:
        headers["Content-Encoding"] = "gzip"
    return Response(kept.zipped if zips else kept.body, media_type=kept.media_type, headers=headers)


def _takes_gzip(accepted: str) -> bool:
    codings = (each.replace(" ", "").lower() for each in accepted.split(","))
    return any(each == "gzip" or (each.startswith("gzip;q=") and _is_weighted(each)) for each in codings)


def _is_weighted(coding: str) -> bool:
    """Whether `gzip;q=...` names a weight above nought."""
    return any(digit in "123456789" for digit in coding.partition("q=")[2])


def _has(condition: str, etag: str) -> bool:
    """If-None-Match compares weakly: `W/` and our own ending for the compressed form do not matter."""
    named = (each.strip().removeprefix("W/").strip('"') for each in condition.split(","))
    return any(each == "*" or each.removesuffix("-gz") == etag for each in named)
