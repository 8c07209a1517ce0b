"""The talk on a phone's browser: the page with its bubbles, what is said on it, and what comes unasked.

A reply counts as sent once it stands in a page that was served. What a form may bring is checked in spoken.py, how a talk
is laid out is talk_view.py's business, and reading and storing is talk_store.py's.
"""

import secrets
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from web.errors import AWAY, log_away
from web.pages import PRIVATE, Pages
from web.passing import TOO_MANY, Codes
from web.spoken import NotOursError, Spoken, spoken
from web.talk_store import Answered, Seen, TalkStore
from web.talk_view import Area, Bubbles, area_of, bubbles_of, is_toggled, with_what_is_asked
from web.visitors import Visitor, remember, visitor_of

_MOST_FIELDS, _LONGEST_NUMBER = 20, 15


class Chat:
    """The pages of the talk."""

    def __init__(self, store: TalkStore, pages: Pages, codes: Codes) -> None:
        self._store, self._pages, self._codes = store, pages, codes

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/chat", self.look, methods=["GET"])
        router.add_api_route("/chat", self.say, methods=["POST"])
        router.add_api_route("/chat/new", self.news, methods=["GET"])
        router.add_api_route("/result", self.result, methods=["GET"])
        return router

    async def look(self, request: Request, before: str = "", keyboard: str = "") -> Response:
        """The talk so far, with what is asked now; `before` pages back."""
        visitor = visitor_of(request)
        older = _row(before)
        try:
            page = await self._page(visitor, older, plain=keyboard == "text")
        except AWAY as error:
            return self._trouble(request, error, visitor, None)
        remember(page, request, visitor)
        return page

    async def say(self, request: Request) -> Response:
        """One message: told at once to a script, else by going back to the page; what is kept nowhere is told at once."""
        visitor, by_script = visitor_of(request), "hx-request" in request.headers
        try:
            heard = spoken(dict(await request.form(max_files=0, max_fields=_MOST_FIELDS)))
        except (NotOursError, HTTPException):
            return self._pages.page("chat/refused.html", {"said": None}, 400)
        try:
            if self._codes.bars(request, heard.text):
                return self._pages.page("chat/refused.html", {"said": TOO_MANY}, 403)
            tried = await self._codes.from_talk(request, visitor, heard.text, heard.key)
            if tried is not None:
                return _as_somebody_else(request, tried.visitor, by_script=by_script)
            answered = await self._store.answer(visitor.address, heard)
            self._codes.note(request, answered.reply)
            response = await self._told(visitor, heard, answered, by_script=by_script)
            await self._store.went_out(answered)
        except AWAY as error:
            return self._trouble(request, error, visitor, heard)
        remember(response, request, visitor)
        return response

    async def news(self, request: Request, after: str = "") -> Response:
        """What came unasked since, as bubbles to append; 204 for nothing."""
        visitor, since = visitor_of(request), _row(after)
        if visitor.is_new or since is None:
            return Response(status_code=204, headers=PRIVATE)
        try:
            rows = await self._store.unasked(visitor.address, since)
            shown = bubbles_of(rows)
            if not shown:
                return Response(status_code=204, headers=PRIVATE)
            data = self._data(visitor, shown, None)
            page = self._pages.page("chat/_log.html", {**data, "newest": None})
            await self._store.were_shown(rows)
        except AWAY as error:
            log_away(request, error)
            return Response(status_code=503, headers=PRIVATE)
        return page

    async def result(self, request: Request) -> Response:
        """The result by itself, to read and to print."""
        visitor = visitor_of(request)
        try:
            reply = None if visitor.is_new else await self._store.result(visitor.address)
        except AWAY as error:
            return self._trouble(request, error, visitor, None)
        alone = None if reply is None else replace(reply, choices=(), data={**reply.data, "then": None})
        data: dict[str, object] = {"reply": alone, "form_token": visitor.form_token, "new_key": _new_key}
        page = self._pages.page("chat/own_result.html", data)
        remember(page, request, visitor)
        return page

    async def _page(self, visitor: Visitor, before: int | None, *, plain: bool = False) -> HTMLResponse:
        seen = await self._store.seen(None if visitor.is_new else visitor.address, before)
        page = self._shown(visitor, seen, bubbles_of(seen.rows), is_newest=before is None, plain=plain)
        await self._store.were_shown(seen.rows)
        return page

    def _shown(
        self,
        visitor: Visitor,
        seen: Seen,
        bubbles: list[Bubbles],
        *,
        is_newest: bool = True,
        plain: bool = False,
    ) -> HTMLResponse:
        area = None
        if is_newest:
            bubbles, newest = with_what_is_asked(bubbles, seen.asked)
            overtaken = bubbles[-1].said if "overtaken" in newest.data else None
            area = area_of(_new_key(), newest, seen.asked, draft=overtaken or "", plain=plain)
        data = self._data(visitor, bubbles, area)
        return self._pages.page("chat/talk.html", {**data, "older": seen.older, "is_newest": is_newest})

    async def _told(
        self, visitor: Visitor, heard: Spoken, answered: Answered, *, by_script: bool
    ) -> Response:
        reply = answered.reply
        bubbles = Bubbles(answered.id, heard.key, answered.said, reply)
        if by_script:
            draft = heard.text or "" if "overtaken" in reply.data else ""
            newest = reply if answered.promise else with_what_is_asked([bubbles], answered.asked)[1]
            area = area_of(_new_key(), newest, answered.asked, draft=draft)
            shown = [] if is_toggled(heard.choice, heard.revision, reply) else [bubbles]
            return self._pages.page("chat/answered.html", self._data(visitor, shown, area))
        if not answered.forget:
            return RedirectResponse("/chat#latest", 303, PRIVATE)
        seen = await self._store.seen(visitor.address, None)
        earlier = [each for each in bubbles_of(seen.rows) if each.key != heard.key]
        return self._shown(visitor, replace(seen, asked=answered.asked), [*earlier, bubbles])

    def _trouble(
        self, request: Request, error: Exception, visitor: Visitor, heard: Spoken | None
    ) -> Response:
        """The database does not answer: nothing was stored, and what was said stands in the page to be sent again."""
        log_away(request, error)
        data: dict[str, object] = {"form_token": visitor.form_token, "heard": heard}
        return self._pages.page("chat/trouble.html", data, 503)

    @staticmethod
    def _data(visitor: Visitor, bubbles: list[Bubbles], area: Area | None) -> dict[str, object]:
        newest = bubbles[-1] if bubbles else None
        return {
            "talk": bubbles,
            "area": area,
            "newest": newest,
            "form_token": visitor.form_token,
            "new_key": _new_key,
        }


def _as_somebody_else(request: Request, visitor: Visitor, *, by_script: bool) -> Response:
    """A code brought them to another talk: the whole page is that one's from now on."""
    elsewhere = (
        Response(status_code=204, headers={**PRIVATE, "HX-Redirect": "/chat"})
        if by_script
        else RedirectResponse("/chat", 303, PRIVATE)
    )
    remember(elsewhere, request, visitor)
    return elsewhere


def _row(told: str) -> int | None:
    """A row's number as an address tells it; None for what is none."""
    return int(told) if told.isdecimal() and len(told) <= _LONGEST_NUMBER else None


def _new_key() -> str:
    return secrets.token_urlsafe(12)
