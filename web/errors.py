"""What a person reads when something cannot be done: one plain sentence and the way on, as a page or as a piece of one.

What went wrong inside goes to the log under the request's id, by kind and place only: a message may hold what people wrote.
"""

import logging
import traceback
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from web.pages import Pages

_ROOT = Path(__file__).parent.parent
_RETRY_SECONDS = 5
_CAUSES = 5
_log = logging.getLogger("ladder.web")

AWAY = (OperationalError, InterfaceError, NoConnectionError)
"""What the database raises while it does not answer."""
_TOO_MUCH = "发来的内容太长了，没有收下。请回到上一页，写短一些再发。"
_WORDS = {
    400: ("这个请求读不懂", "发来的内容不完整，没有收下。请回到上一页，刷新以后再试一次。"),
    403: (
        "这一步没有执行",
        "这个请求不像是从本站的页面发出来的，所以没有执行。请回到上一页，刷新以后再试一次。",
    ),
    404: ("没有这个页面", "地址可能写错了，或者页面已经搬走。"),
    405: ("这个地址不能这样用", "请从下面的链接重新进入。"),
    408: ("等得太久了", "内容没有在时限内收全，没有收下。请看看网络，再发一次。"),
    413: ("内容太长了", _TOO_MUCH),
    414: ("地址太长了", "这个地址太长，打不开。请从下面的链接重新进入。"),
    415: ("这种内容收不了", "这里只收页面上的表单。请回到上一页，用页面上的按钮提交。"),
    421: ("地址不对", "请用本站正式的网址打开。"),
    422: ("有一处读不懂", "填的内容有一处读不懂，没有收下。请回到上一页，检查以后再试一次。"),
    429: ("点得太快了", "请稍等一会儿再试。已经答过的都存着，没有丢。"),
    431: ("浏览器带来的内容太多", "请清除本站的 Cookie，再打开一次。"),
    500: ("我们这边出了错", "这一步没有做完。已经答过的都存着；请稍后再试一次。"),
    503: ("暂时连不上", "系统正忙或正在恢复，请过一会儿再试。已经答过的都存着，没有丢。"),
}


class Suggestion(NamedTuple):
    """A page that may have been meant."""

    address: str
    title: str


class ErrorPages:
    """Makes them. htmx gets the sentence alone, to put where it was asked from."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def page(
        self,
        request: Request,
        status: int,
        said: str = "",
        headers: dict[str, str] | None = None,
        suggestions: Sequence[Suggestion] = (),
    ) -> Response:
        """The page for this status; `said` instead of the usual sentence. Never kept by a cache."""
        is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        title, usual = _WORDS.get(status) or _WORDS[500 if is_ours else 400]
        data: dict[str, object] = {
            "status": status,
            "title": title,
            "said": said or usual,
            "suggestions": suggestions,
            "request_id": request_id(request.scope) if is_ours else "",
        }
        is_piece = request.headers.get("hx-request") == "true"
        template = "chat/_error.html" if is_piece else "chat/error.html"
        whole = {"Cache-Control": "no-store", "Vary": "HX-Request", **(headers or {})}
        return self._pages.page(template, data, status, whole)

    def failed(self, request: Request, error: Exception) -> Response:
        """Something raised that nobody foresaw."""
        _log.error("request %s failed: %s", request_id(request.scope), _where(error))
        return self.page(request, 500)

    def install(self, app: FastAPI) -> None:
        """Answer what the framework and the database refuse in people's words."""
        app.add_exception_handler(HTTPException, self._refused)
        app.add_exception_handler(RequestValidationError, self._unreadable)
        for kind in AWAY:
            app.add_exception_handler(kind, self._away)

    async def _refused(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        told = str(error.detail) if isinstance(error, HTTPException) else ""
        return self.page(request, status, told if _is_for_people(told) else "", headers)

    async def _unreadable(self, request: Request, _error: Exception) -> Response:
        return self.page(request, 422)

    async def _away(self, request: Request, error: Exception) -> Response:
        log_away(request, error)
        return self.page(request, 503, headers={"Retry-After": str(_RETRY_SECONDS)})


def log_away(request: Request, error: Exception) -> None:
    _log.error("request %s: the database is away (%s)", request_id(request.scope), type(error).__name__)


def request_id(scope: Scope) -> str:
    """The id that the log and the person see; made in protection.py."""
    return str(scope.get("state", {}).get("request_id", ""))


def _is_for_people(text: str) -> bool:
    """Our own routes may refuse with a sentence; the framework's are English and for programmers."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def _where(error: BaseException) -> str:
    """Kinds and our own lines, from the outermost to what caused it; no message, no value."""
    told: list[str] = []
    found: BaseException | None = error
    while found is not None and len(told) < _CAUSES:
        frames = [each for each in traceback.extract_tb(found.__traceback__) if str(_ROOT) in each.filename]
        ours = [each for each in frames if "site-packages" not in each.filename][-4:]
        at = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(ours))
        told.append(f"{type(found).__name__} at {at or 'a library'}")
        found = found.__cause__
    return "; caused by ".join(told)
