"""Requests that another site makes a browser send are not carried out: whatever changes something must come from our pages.

A browser that says where a request comes from is believed; of one that does not, the form must hold the token of its cookie.
"""

import hmac
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.bodies import BODY, LEAVE
from web.errors import ErrorPages
from web.limits import SAFE
from web.visitors import COOKIES, SECRET, form_token

EXEMPT = LEAVE
"""Called by mail programs, too; the address itself is the secret, and all that it can do is to leave."""
_OURS = {"same-origin", "none"}
_FIELD = "form_token"


class ForgeryGuard:
    """Refuses with 403 what cannot be shown to be ours; stands inside BodyGuard, which has read the form."""

    def __init__(self, app: ASGIApp, origin: str, errors: ErrorPages) -> None:
        self._app, self._origin, self._errors = app, origin_of(origin), errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            if request.method not in SAFE and not _is_exempt(request) and not self._is_ours(request):
                await self._errors.page(request, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in _OURS
        origin = request.headers.get("origin", "null")
        if origin != "null":  # an older browser says null where its page keeps the address to itself
            return origin_of(origin) == (self._origin or _asked_for(request))
        return _holds_token(request)


def _is_exempt(request: Request) -> bool:
    return request.url.path.startswith(EXEMPT)


def origin_of(address: str) -> str:
    """`https://host` or `https://host:port`, without the port that goes without saying; empty where it is no address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    plain = port in {None, 443 if parts.scheme == "https" else 80}
    return f"{parts.scheme}://{host}" if plain else f"{parts.scheme}://{host}:{port}"


def _asked_for(request: Request) -> str:
    return origin_of(f"{request.url.scheme}://{request.headers.get('host', '')}") or "nowhere"


def _holds_token(request: Request) -> bool:
    """Whether the form holds the token of a cookie that came with it. Without a cookie nothing can be shown."""
    try:
        given = parse_qs(request.scope.get(BODY, b""), max_num_fields=200).get(_FIELD.encode(), [])
    except ValueError:
        return False
    known = (request.cookies.get(name, "") for name in COOKIES)
    wanted = [form_token(secret).encode() for secret in known if SECRET.fullmatch(secret)]
    return len(given) == 1 and any(hmac.compare_digest(given[0], each) for each in wanted)
