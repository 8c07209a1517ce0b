"""What stands between the network and the pages, put together in its order; and what every answer carries."""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.bodies import BodyGuard
from web.errors import ErrorPages
from web.forgery import ForgeryGuard
from web.limits import Limits, RateLimiter
from web.visitors import is_secure

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_NOT_USED = (
    "accelerometer autoplay browsing-topics camera display-capture geolocation gyroscope hid magnetometer microphone midi "
    "payment serial usb xr-spatial-tracking"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # To nobody else. Not `no-referrer`: with it older browsers send our own forms with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _NOT_USED.split()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_HSTS = "max-age=31536000; includeSubDomains"
_ANY_HOST = frozenset({"/healthz"})  # asked by whoever watches, by address


def protect(app: FastAPI, errors: ErrorPages, public_url: str, limits: Limits) -> None:
    """Put everything in front of the application; what is added last stands outermost."""
    errors.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=500)
    app.add_middleware(ForgeryGuard, origin=public_url, errors=errors)
    app.add_middleware(BodyGuard, limits=limits, errors=errors)
    app.add_middleware(RateLimiter, limits=limits, errors=errors)
    app.add_middleware(HostGuard, public_url=public_url, errors=errors)
    app.add_middleware(Hardening, errors=errors)


class HostGuard:
    """With a public address set, only requests for its host are answered; others get 421."""

    def __init__(self, app: ASGIApp, public_url: str, errors: ErrorPages) -> None:
        self._app, self._errors = app, errors
        self._host = urlsplit(public_url).hostname or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._host and scope["path"] not in _ANY_HOST:
            request = Request(scope)
            if _hosts(request) != [self._host]:
                await self._errors.page(request, 421)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _hosts(request: Request) -> list[str]:
    """The host's name, once for each time that it was sent."""
    return [_name(each) for each in request.headers.getlist("host")]


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class Hardening:
    """Gives each request an id and each answer its protective headers, also to what was refused or failed."""

    def __init__(self, app: ASGIApp, errors: ErrorPages) -> None:
        self._app, self._errors = app, errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = secrets.token_hex(6)
        request, began = Request(scope), False

        async def hardened(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                _harden(MutableHeaders(scope=message), is_secure(request))
            await send(message)

        try:
            await self._app(scope, receive, hardened)
        except Exception as error:
            response = self._errors.failed(request, error)
            if began:  # half a page is sent already: the server cuts the connection
                raise
            await response(scope, receive, hardened)


def _harden(headers: MutableHeaders, secure: bool) -> None:
    told = headers.get("Referrer-Policy")
    for name, value in HEADERS.items():
        headers[name] = value
    if told == "no-referrer":  # the one thing in which a page may be stricter
        headers["Referrer-Policy"] = told
    if secure:
        headers["Strict-Transport-Security"] = _HSTS
    headers.setdefault("Cache-Control", "no-store")
