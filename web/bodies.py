"""What may come in at all: how long an address and headers may be, how big and how slow a body, and of which type.

A body is read whole before the application sees it, so that nobody can hold a worker by sending slowly.
"""

import asyncio
from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import ErrorPages
from web.limits import SAFE, Limits

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BIG = "/console/editions/"
"""Where rules come in by the file, from people who are signed in: what lies below takes more, and files."""
LEAVE = "/leave/"
"""Where mail programs send what ends a subscription; RFC 8058 lets them choose the form, and what it says is not looked at."""
BODY = "ladder.body"
"""Where in the scope the body stands once it was read."""
_DIGITS = 12  # of a declared length; Python refuses to read very long numbers
_HEARS_NUL = "/chat"  # the talk takes what people paste, and leaves the NUL out itself


class TooMuchError(Exception):
    """The body is longer than is taken."""


class HungUpError(Exception):
    """Whoever sent the body went away in the middle of it."""


class BodyGuard:
    """Refuses what is too long (413, 414, 431), too slow (408) or no form (415); hands on the rest as one piece."""

    def __init__(self, app: ASGIApp, limits: Limits, errors: ErrorPages) -> None:
        self._app, self._limits, self._errors = app, limits, errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        status = self._of_head(scope) or _of_type(request)
        body: bytes | None = None
        if not status and _has_body(request):
            try:
                status, body = await self._body(request, receive)
            except HungUpError:
                return  # half a form is none: an amount may be cut in two
        if status:
            # Whatever is still on its way belongs to what was refused.
            closing = {"Connection": "close"}
            await self._errors.page(request, status, headers=closing)(scope, receive, send)
            return
        again = receive if body is None else _again(body, receive)
        await self._app({**scope, BODY: body or b""}, again, send)

    def _of_head(self, scope: Scope) -> int:
        line = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if line > self._limits.address_line:
            return 414
        if sum(len(name) + len(value) for name, value in scope["headers"]) > self._limits.headers:
            return 431
        # No text of ours holds a NUL, and PostgreSQL takes none.
        return 400 if b"\0" in unquote_to_bytes(scope["query_string"]) or "\0" in scope["path"] else 0

    async def _body(self, request: Request, receive: Receive) -> tuple[int, bytes]:
        declared = request.headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            return 400, b""
        most = self._limits.upload if request.url.path.startswith(BIG) else self._limits.body
        if len(declared) > _DIGITS or int(declared) > most:
            return 413, b""
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await _read(receive, most)
        except TimeoutError:
            return 408, b""
        except TooMuchError:
            return 413, b""
        if _type(request) == MULTIPART:
            return 0, body  # files are no text of ours yet
        is_form = _type(request) == FORM
        has_nul = b"\0" in (unquote_to_bytes(body) if is_form else body)
        return (422, b"") if has_nul and request.url.path != _HEARS_NUL else (0, body)


def _of_type(request: Request) -> int:
    if request.method in SAFE or not _has_body(request):
        return 0
    wanted = {FORM, MULTIPART} if request.url.path.startswith((BIG, LEAVE)) else {FORM}
    return 0 if _type(request) in wanted else 415


def _type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


async def _read(receive: Receive, most: int) -> bytes:
    """The whole body. Raises HungUpError, TooMuchError."""
    pieces: list[bytes] = []
    total, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUpError
        piece = message.get("body", b"")
        pieces.append(piece)
        total, more = total + len(piece), message.get("more_body", False)
        if total > most:
            raise TooMuchError
    return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then whatever else comes (that somebody hung up)."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
