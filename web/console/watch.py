"""How somebody of the staff is told of new work: at once, daily or never, and in which chat."""

from typing import cast, get_args

from fastapi import Request, Response

from flows.linking import GOOD_FOR, choose_told, link_code, unlink
from models.desk import Told, watch_of
from web.console.access import Permission, SignedIn
from web.console.frame import Frame, to
from web.console.login import field
from web.console.wording import Phrase

WATCH = "/console/watch"
_OWN = Permission.ASSESSMENT_READ
TOLD = {
    "at_once": Phrase("有新答完的测评、有企业申请复核，或者答了我的问题，马上告诉我"),
    "daily": Phrase("每天早上九点以后说一次有几件"),
    "never": Phrase("不用告诉我"),
}


def watch(frame: Frame) -> None:
    @frame.get(WATCH, _OWN)
    async def page(signed: SignedIn) -> Response:
        found = await frame.database.read_async(lambda c: watch_of(c, signed.staff.id))
        return frame.page(
            signed, "console/watch.html", {"here": WATCH, "watch": found, "told": TOLD, "code": None}
        )

    @frame.post(f"{WATCH}/set", _OWN)
    async def chosen(request: Request, signed: SignedIn) -> Response:
        typed = field(await request.form(), "told")
        if typed in get_args(Told):
            how = cast("Told", typed)
            await frame.database.turn_async(lambda c: choose_told(c, signed.staff.id, how, signed.now))
        return to(WATCH)

    @frame.post(f"{WATCH}/code", _OWN)
    async def coded(signed: SignedIn) -> Response:
        code = await frame.database.turn_async(lambda c: link_code(c, signed.staff.id, signed.now))
        found = await frame.database.read_async(lambda c: watch_of(c, signed.staff.id))
        data = {"here": WATCH, "watch": found, "told": TOLD, "code": code, "minutes": GOOD_FOR.seconds // 60}
        return frame.page(signed, "console/watch.html", data)

    @frame.post(f"{WATCH}/unlink", _OWN)
    async def unlinked(signed: SignedIn) -> Response:
        await frame.database.turn_async(lambda c: unlink(c, signed.staff.id))
        return to(WATCH)
