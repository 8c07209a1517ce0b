"""The console's front door: it leads on to where somebody's work is."""

from fastapi import Response

from web.console.access import Permission, SignedIn
from web.console.assessments import CASES
from web.console.frame import ACCOUNT, HOME, Frame, to


def home(frame: Frame) -> None:
    @frame.get(HOME, Permission.OWN_ACCOUNT)
    async def front(signed: SignedIn) -> Response:
        return to(CASES if signed.may(Permission.ASSESSMENT_READ) else ACCOUNT)
