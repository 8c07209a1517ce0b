"""The work list, and one case: what advisors read. What they do with a case is in acts.py."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection

from flows.casefile import opened
from flows.casepage import CasePage, case_page
from flows.contact import CITY
from flows.messages import SHANGHAI, Operator
from flows.replaying import Replay, replay
from flows.review import Desk
from models.desk import drop_view, save_view, views_of
from models.listed import MOST_COUNTED, count_of, page_of, states_of
from policy.quantities import show_yuan
from web.console import telling_cases as words
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.filters import NAMES as FILTER_NAMES
from web.console.filters import Asked, asked
from web.console.frame import Frame, to
from web.console.login import field

CASES = "/console/cases"
_LONGEST_NAME = 40
_READ = Permission.ASSESSMENT_READ


def desk_of(frame: Frame, signed: Signed) -> Desk:
    """Who acts, as the flows know them."""
    return Desk(signed.staff, signed.scope, signed.now, Operator(frame.issuer))


def worklist(frame: Frame) -> None:
    @frame.get(CASES, _READ)
    async def listed(request: Request, signed: SignedIn) -> Response:
        wanted = asked(request.query_params, signed.staff.id, signed.now)
        data = await frame.database.read_async(lambda c: _list(c, frame, signed, wanted))
        return frame.page(signed, "console/worklist.html", data)

    @frame.post(f"{CASES}/save-view", _READ)
    async def saved(request: Request, signed: SignedIn) -> Response:
        form = await request.form()
        name = " ".join(field(form, "name").split())[:_LONGEST_NAME]
        wanted = asked({each: field(form, each) for each in FILTER_NAMES}, signed.staff.id, signed.now)
        if name:
            await frame.database.turn_async(
                lambda c: save_view(c, signed.staff.id, name, wanted.but(q=""), signed.now)
            )
        return to(f"{CASES}?{wanted.query}")

    @frame.post(f"{CASES}/drop-view", _READ)
    async def dropped(request: Request, signed: SignedIn) -> Response:
        which = field(await request.form(), "view")
        if which.isdecimal() and len(which) < 19:  # noqa: PLR2004  a row's number
            await frame.database.turn_async(lambda c: drop_view(c, signed.staff.id, int(which)))
        return to(CASES)


def _list(connection: Connection, frame: Frame, signed: Signed, wanted: Asked) -> dict[str, Any]:
    page = page_of(connection, signed.scope, wanted.filters, wanted.after)
    edition = frame.editions.current(connection).edition
    measures = [(each.key, each.title) for each in (*edition.schemes, *edition.recognitions)]
    count = count_of(connection, signed.scope, wanted.filters) if wanted.is_narrowed else None
    cities = [option.key for option in CITY.options]
    return {
        "here": CASES,
        "page": page,
        "asked": wanted,
        "f": {name: wanted.words.get(name, "") for name in FILTER_NAMES},
        "after": None if page.after is None else f"{page.after[0]}.{page.after[1]}",
        "states": states_of(connection, signed.scope),
        "count": count,
        "most": MOST_COUNTED,
        "views": views_of(connection, signed.staff.id),
        "cities": cities if signed.scope.everything else list(signed.scope.cities),
        "measures": dict(measures),
        "years": range(signed.now.year - 1, signed.now.year - 4, -1),
        **spoken(),
    }


def spoken() -> dict[str, Any]:
    """The words and formats that the templates of this part choose from."""
    return {"words": words, "yuan": show_yuan, "local": _local, "pairs": _pairs, "told": _told}


def _pairs(values: Iterable[object]) -> list[tuple[str, str]]:
    """Choices that are called what they are."""
    return [(str(value), str(value)) for value in values]


def _told(phrases: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(phrases.items())


def _local(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def case(frame: Frame) -> None:
    @frame.get(f"{CASES}/{{case}}", _READ)
    async def one(case: str, signed: SignedIn) -> Response:
        return await shown(frame, signed, case)

    @frame.get(f"{CASES}/{{case}}/replay", _READ)
    async def replayed(case: str, signed: SignedIn) -> Response:
        desk = desk_of(frame, signed)

        def work(connection: Connection) -> tuple[CasePage, Replay] | None:
            paper = opened(connection, frame.editions, signed.scope, case)
            if paper is None:
                return None
            return case_page(connection, desk, paper), replay(connection, frame.editions, desk, paper)

        found = await frame.database.read_async(work)
        if found is None:
            raise NotThereError
        data = {"here": CASES, "case": found[0], "replay": found[1], **spoken()}
        return frame.page(signed, "console/replay.html", data)


async def shown(frame: Frame, signed: Signed, case: str, status: int = 200, **more: object) -> Response:
    """A case's page, with what an act has to say about it."""
    desk = desk_of(frame, signed)

    def work(connection: Connection) -> CasePage | None:
        paper = opened(connection, frame.editions, signed.scope, case)
        return None if paper is None else case_page(connection, desk, paper)

    found = await frame.database.read_async(work)
    if found is None:
        raise NotThereError
    data = {"here": CASES, "case": found, "wrong": None, "reading": None, "tried": "", "typed": {}, **more}
    return frame.page(signed, "console/case.html", {**data, **spoken()}, status)
