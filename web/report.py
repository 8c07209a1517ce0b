"""The owner's report on the web: the page to print, PDF and PNG, and the links by which they show it to others.

What somebody with a link or only a check code sees is in shared.py. What a report says is flows/frozen.py's.
"""

import secrets
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from pydantic import Field
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from flows.messages import SHANGHAI
from flows.printing import BusyError, can_print, file_name, printed
from flows.printing import Form as Sheet
from flows.report import outdated_by
from flows.sharing import GOOD_FOR, share
from models.assessment import open_at
from models.report import Report, newest_report, report_of_person, reports_of
from models.session import Database
from models.share import Share, live_shares, report_shown_by, revoke_share
from web.pages import PRIVATE, Pages
from web.visitors import CHANNEL, Visitor, remember, secret_after, visitor_of

_MEDIA: dict[Sheet, str] = {"pdf": "application/pdf", "png": "image/png"}
# A picture is looked at (and long-pressed) in the page, a document is kept.
_SHOWN: dict[Sheet, str] = {"pdf": "attachment", "png": "inline"}


Number: TypeAlias = Annotated[int, Field(ge=1, lt=2**63)]
"""The number of a row, as an address or a form tells it: what no database holds is refused."""


def report(database: Database, pages: Pages) -> APIRouter:
    """`no` names one of the visitor's own reports; without it the newest of the firm and year they talk about."""
    router = APIRouter()

    @router.get("/report")
    async def page(request: Request, no: Number | None = None) -> Response:
        return await _page(database, pages, request, visitor_of(request), no)

    @router.get("/report.pdf")
    async def pdf(request: Request, no: Number | None = None) -> Response:
        return await _sheet(database, request, no, "pdf")

    @router.get("/report.png")
    async def png(request: Request, no: Number | None = None) -> Response:
        return await _sheet(database, request, no, "png")

    _add_links(router, database, pages)
    return router


def _add_links(router: APIRouter, database: Database, pages: Pages) -> None:
    """Showing a report to others, and taking that back."""

    @router.post("/report/share")
    async def show_to_others(
        request: Request,
        no: Annotated[Number, Form()],
        tap: Annotated[str, Form(max_length=40)],
        with_figures: Annotated[str, Form()] = "no",
    ) -> Response:
        visitor = visitor_of(request)
        figures, now = with_figures == "yes", datetime.now(UTC)
        token = secret_after(visitor, "share", str(no), tap, str(figures))
        work = partial(_share, visitor=visitor, no=no, token=token, with_figures=figures, now=now)
        made = await database.turn_async(work)
        link = f"{_site(request)}/s/{token}" if made else None
        return await _page(
            database, pages, request, visitor, no, link=link, refused=not made, figures=figures
        )

    @router.post("/report/share/{share_id}/revoke")
    async def take_back(request: Request, share_id: Annotated[Number, Path()]) -> Response:
        visitor = visitor_of(request)
        work = partial(_revoke, visitor=visitor, share_id=share_id, now=datetime.now(UTC))
        number = await database.turn_async(work)
        if number is None:
            return pages.page("report/none.html", {}, 404)
        return RedirectResponse(f"/report?no={number}#share", 303, PRIVATE)

    @router.get("/report/share")
    async def shown_before() -> Response:
        """Some browsers open the address of a form again later."""
        return RedirectResponse("/report#share", 303, PRIVATE)


def _own(connection: Connection, visitor: Visitor, no: int | None) -> Report | None:
    """The visitor's own report; None where they have none, or it is somebody else's."""
    situation = open_at(connection, CHANNEL, visitor.address)
    if situation is None:
        return None
    if no is not None:
        return report_of_person(connection, no, situation.account.person_id)
    return None if situation.assessment is None else newest_report(connection, situation.assessment.id)


def _share(  # noqa: PLR0913  whose, what of it, by which secret and when
    connection: Connection, visitor: Visitor, no: int, token: str, *, with_figures: bool, now: datetime
) -> bool:
    found = _own(connection, visitor, no)
    return found is not None and share(connection, found, token, with_figures=with_figures, at=now)


def _revoke(connection: Connection, visitor: Visitor, share_id: int, now: datetime) -> int | None:
    """Take back a link to any report of theirs, and return which report that is; None where it is not theirs."""
    number = report_shown_by(connection, share_id)
    found = None if number is None else _own(connection, visitor, number)
    if found is None:
        return None
    revoke_share(connection, share_id, found.id, now)
    return found.id


def _told(
    connection: Connection, visitor: Visitor, no: int | None, now: datetime
) -> dict[str, object] | None:
    """What the page tells, None without a report."""
    found = _own(connection, visitor, no)
    if found is None:
        return None
    others = reports_of(connection, found.assessment_id)
    links = live_shares(connection, found.assessment_id, now)
    return {
        "paper": found.payload,
        "no": found.id,
        "outdated": outdated_by(connection, found, now.astimezone(SHANGHAI).date()),
        "is_newest": others[0].id == found.id,
        "others": [_named(each) for each in others if each.id != found.id],
        "links": [_link_told(each) for each in links],
    }


def _named(report: Report) -> dict[str, object]:
    return {"no": report.id, "check_code": report.check_code, "made": _day(report.made_at)}


def _link_told(link: Share) -> dict[str, object]:
    return {
        "id": link.id,
        "made": _day(link.made_at),
        "until": _day(link.expires_at),
        "figures": link.with_figures,
    }


def _day(at: datetime) -> str:
    return at.astimezone(SHANGHAI).date().isoformat()


async def _page(  # noqa: PLR0913  what the page shows besides
    database: Database,
    pages: Pages,
    request: Request,
    visitor: Visitor,
    no: int | None,
    *,
    link: str | None = None,
    refused: bool = False,
    figures: bool = False,
) -> Response:
    told = await database.read_async(partial(_told, visitor=visitor, no=no, now=datetime.now(UTC)))
    if told is None:
        return pages.page("report/none.html", {}, 404)
    beside = {
        "link": link,
        "refused": refused,
        "figures": figures,
        "days": GOOD_FOR.days,
        "prints": can_print(),
        "form_token": visitor.form_token,
        "own": True,
        "tap": secrets.token_urlsafe(16),
    }
    response = pages.page("report/page.html", {**told, **beside})
    remember(response, request, visitor)
    return response


async def _sheet(database: Database, request: Request, no: int | None, form: Sheet) -> Response:
    found = await database.read_async(partial(_own, visitor=visitor_of(request), no=no))
    if found is None:
        return PlainTextResponse("这里没有您的报告。", 404, PRIVATE)
    return await printed_response(found, form)


async def printed_response(report: Report, form: Sheet) -> Response:
    """The sheet itself, or one line on why there is none."""
    paper = report.payload
    try:
        content = await run_in_threadpool(printed, paper, form)
    except BusyError:
        return PlainTextResponse("现在要报告的人多，请过几秒再试。", 503, {**PRIVATE, "Retry-After": "5"})
    if content is None:
        return PlainTextResponse("这里做不出图片和 PDF，请打印报告页。", 404, PRIVATE)
    # RFC 6266: the plain name for old clients, the Chinese one for all others.
    named = (
        f"filename=\"report-{paper['check_code']}.{form}\"; filename*=UTF-8''{quote(file_name(paper, form))}"
    )
    headers = {**PRIVATE, "Content-Disposition": f"{_SHOWN[form]}; {named}"}
    return Response(content, media_type=_MEDIA[form], headers=headers)


def _site(request: Request) -> str:
    return str(request.app.state.public_url or str(request.base_url).rstrip("/"))
