"""What the console answers where it does not let somebody through, always as a page."""

import logging

from fastapi import FastAPI, Request, Response

from flows.staff_sessions import fingerprint
from web.console.access import (
    NotAllowedError,
    NotConfirmedError,
    NotSignedInError,
    NotThereError,
    Signed,
)
from web.console.frame import CONFIRM, HOME, SIGN_IN, Frame, to
from web.console.wording import Phrase

_log = logging.getLogger(__name__)

NOT_ALLOWED = Phrase("您的账户没有这项权限。需要的话，请联系管理员。")
NOT_THERE = Phrase("没有这一页，或者它不在您负责的范围里。")


def add_refusals(app: FastAPI, frame: Frame) -> None:
    """Answer each refusal in its way."""

    async def not_signed_in(request: Request, _error: Exception) -> Response:
        return _elsewhere(request, SIGN_IN)

    async def not_confirmed(request: Request, _error: Exception) -> Response:
        return _elsewhere(request, CONFIRM)

    async def not_allowed(request: Request, _error: Exception) -> Response:
        who: Signed = request.state.signed
        _log.warning("denied: %s %s to %s", request.method, _route(request), _actor(who))
        return frame.page(who, "console/refused.html", {"told": NOT_ALLOWED}, 403)

    async def not_there(request: Request, _error: Exception) -> Response:
        who: Signed = request.state.signed
        _log.warning("not in scope: %s %s for %s", request.method, _route(request), _actor(who))
        return frame.page(who, "console/refused.html", {"told": NOT_THERE}, 404)

    app.add_exception_handler(NotSignedInError, not_signed_in)
    app.add_exception_handler(NotConfirmedError, not_confirmed)
    app.add_exception_handler(NotAllowedError, not_allowed)
    app.add_exception_handler(NotThereError, not_there)


def _elsewhere(request: Request, path: str) -> Response:
    """Send them to `path` and afterwards back to the page that they came from; htmx is told in its own way."""
    back = request.url.path if request.method == "GET" else _page_before(request)
    response = to(path, next=back)
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=401, headers={"HX-Redirect": response.headers["location"]})
    return response


def _page_before(request: Request) -> str:
    """The page whose form was sent: an act's address is that page's, with the act behind it."""
    before, _, _ = request.url.path.rpartition("/")
    return before if before.startswith(HOME) else HOME


def _route(request: Request) -> str:
    """The route without what is filled in: an address may hold the id of a firm's case."""
    return str(getattr(request.scope.get("route"), "path", "?"))


def _actor(who: Signed) -> str:
    return fingerprint(who.actor)[:12]
