"""The overview page, and its figures as CSV."""

from fastapi import Request, Response
from sqlalchemy import Connection

from flows.overview import Overview, as_csv, overview
from models.audit import Act, append_act
from web.console import telling_cases as words
from web.console.access import Permission, SignedIn
from web.console.assessments import spoken
from web.console.frame import Frame
from web.console.wording import Phrase

OVERVIEW = "/console/overview"
_READ = Permission.OVERVIEW_READ
TITLES = {
    "funnel": Phrase("走到哪一步"),
    "rung": Phrase("企业在阶梯哪一级"),
    "city": Phrase("企业在哪个城市"),
    "industry": Phrase("企业做哪一行"),
    "money": Phrase("看得见的钱"),
    "left": Phrase("停在哪一题（一天以上没动）"),
    "misread": Phrase("哪些答复改得最多"),
    "wait": Phrase("复核用了多久"),
}
COLUMNS = {"money": (Phrase("已确认"), Phrase("要看认定"))}
KEYS = {
    "funnel": {
        "started": Phrase("开始"),
        "answered": Phrase("答了第一题"),
        "finished": Phrase("答完"),
        "reviewed": Phrase("复核完"),
    },
    "rung": words.RUNGS,
    "industry": words.INDUSTRIES,
    "wait": {
        "1d": Phrase("1 天以内"),
        "3d": Phrase("3 天以内"),
        "7d": Phrase("7 天以内"),
        "longer": Phrase("更久"),
    },
}
NOT_TOLD = Phrase("没有说")
NUMBER = Phrase("件数")


def figures(frame: Frame) -> None:
    def read(request: Request, signed: SignedIn, connection: Connection) -> Overview:
        typed = request.query_params.get("year", "")
        year = int(typed) if typed.isdecimal() and len(typed) == 4 else None  # noqa: PLR2004  a year
        return overview(connection, frame.editions, year, signed.now)

    @frame.get(OVERVIEW, _READ)
    async def page(request: Request, signed: SignedIn) -> Response:
        found = await frame.database.read_async(lambda c: read(request, signed, c))
        data = {"here": OVERVIEW, "found": found, "titles": TITLES, "keys": KEYS, "columns": COLUMNS}
        told = {"not_told": NOT_TOLD, "number": NUMBER}
        return frame.page(signed, "console/overview.html", {**data, **told, **spoken()})

    @frame.post(f"{OVERVIEW}/csv", _READ)
    async def table(request: Request, signed: SignedIn) -> Response:
        def work(connection: Connection) -> Overview:
            found = read(request, signed, connection)
            act = Act(signed.actor, "export.overview", "export", str(found.year), {"year": found.year})
            append_act(connection, act, signed.now)
            return found

        found = await frame.database.turn_async(work)
        headers = {
            "Content-Disposition": f'attachment; filename="overview-{found.year}.csv"',
            "Cache-Control": "no-store",
        }
        return Response("\ufeff" + as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)
