"""The console's front door: it leads on to where somebody's work is."""

from fastapi import Response

from web.console.access import Permission, SignedIn
from web.console.frame import HOME, Frame, to

WORK = "/console/account"


def home(frame: Frame) -> None:
    @frame.get(HOME, Permission.OWN_ACCOUNT)
    async def front(_signed: SignedIn) -> Response:
        return to(WORK)
