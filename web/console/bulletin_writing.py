"""Writing a bulletin: the form, its preview as one types, and storing the draft. What is wrong stands beside its field."""

from collections.abc import Callable

from fastapi import Request, Response
from sqlalchemy import Connection

from flows import broadcasting
from flows.announcing import Letter
from flows.composing import Composed, FaultyError
from models.bulletin import Bulletin
from models.bulletins import StaleBulletinError, bulletin_by_public_id
from web.console import telling_bulletins as words
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.bulletin_form import Typed, choices, of_bulletin, typed
from web.console.bulletin_preview import look
from web.console.bulletins import BULLETINS, hand_of, spoken
from web.console.frame import Frame, to
from web.console.login import field

NEW = f"{BULLETINS}/new"
_EDIT = f"{BULLETINS}/{{bulletin}}/edit"
_WRITE = Permission.BULLETIN_WRITE
_CONFLICT, _REFUSED = 409, 422
Store = Callable[[Connection, Typed], Bulletin]


def new_bulletin(frame: Frame) -> None:
    @frame.get(NEW, _WRITE)
    async def blank(request: Request, signed: SignedIn) -> Response:
        changed_by = request.query_params.get("changed_by", "")
        return await _form(frame, signed, NEW, Typed(changed_by=changed_by))

    @frame.post(f"{NEW}/preview", _WRITE)
    async def previewed(request: Request, signed: SignedIn) -> Response:
        return await _previewed(frame, signed, request, NEW)

    @frame.post(f"{NEW}/save", _WRITE)
    async def saved(request: Request, signed: SignedIn) -> Response:
        by = hand_of(frame, signed)

        def store(connection: Connection, said: Typed) -> Bulletin:
            return broadcasting.write(connection, frame.editions, Composed(said.text, said.audience), by)

        return await _saved(frame, signed, request, NEW, store)


def draft_bulletin(frame: Frame) -> None:
    @frame.get(_EDIT, _WRITE)
    async def edited(bulletin: str, signed: SignedIn) -> Response:
        found = await _draft(frame, bulletin)
        if found.state != "draft":
            return to(f"{BULLETINS}/{bulletin}")
        return await _form(frame, signed, _edit(bulletin), of_bulletin(found), seen=str(found.version))

    @frame.post(f"{_EDIT}/preview", _WRITE)
    async def previewed(request: Request, bulletin: str, signed: SignedIn) -> Response:
        await _draft(frame, bulletin)
        return await _previewed(frame, signed, request, _edit(bulletin))

    @frame.post(f"{_EDIT}/save", _WRITE)
    async def saved(request: Request, bulletin: str, signed: SignedIn) -> Response:
        by, seen = hand_of(frame, signed), field(await request.form(), "seen")
        await _draft(frame, bulletin)

        def store(connection: Connection, said: Typed) -> Bulletin:
            before = broadcasting.in_hand(connection, bulletin, seen)
            if before is None:
                raise NotThereError
            return broadcasting.rewrite(
                connection, frame.editions, before, Composed(said.text, said.audience), by
            )

        return await _saved(frame, signed, request, _edit(bulletin), store)


def _edit(bulletin: str) -> str:
    return f"{BULLETINS}/{bulletin}/edit"


async def _draft(frame: Frame, bulletin: str) -> Bulletin:
    found = await frame.database.read_async(lambda c: bulletin_by_public_id(c, bulletin))
    if found is None:
        raise NotThereError
    return found


async def _previewed(frame: Frame, signed: Signed, request: Request, page: str) -> Response:
    """The preview alone for a script, else the whole page with it; `count` asks for everybody to be counted."""
    form = await request.form()
    said, seen = typed(form), field(form, "seen")
    counted = field(form, "count") == "1"
    if "hx-request" not in request.headers:
        return await _form(frame, signed, page, said, seen=seen, counted=counted, looked=True)
    letter = _letter(said)
    found = await frame.database.read_async(lambda c: look(c, frame, said, letter, counted=counted))
    return frame.piece(signed, "console/bulletin_preview.html", {"look": found, **spoken()})


async def _saved(frame: Frame, signed: Signed, request: Request, page: str, store: Store) -> Response:
    form = await request.form()
    said, seen = typed(form), field(form, "seen")
    try:
        stored = await frame.database.turn_async(lambda c: store(c, said))
    except FaultyError:
        return await _form(frame, signed, page, said, _REFUSED, seen=seen, wrong=words.FAULTY, looked=True)
    except StaleBulletinError:
        # What they typed is kept; only the newer draft's page lets them store over it.
        return await _form(frame, signed, page, said, _CONFLICT, seen=seen, wrong=words.CHANGED)
    return to(f"{BULLETINS}/{stored.public_id}")


async def _form(  # noqa: PLR0913  what the page shows
    frame: Frame,
    signed: Signed,
    page: str,
    said: Typed,
    status: int = 200,
    *,
    seen: str = "",
    wrong: str | None = None,
    counted: bool = False,
    looked: bool = False,
) -> Response:
    letter = _letter(said)

    def read(connection: Connection) -> dict[str, object]:
        found = look(connection, frame, said, letter, counted=counted) if looked or seen else None
        return {"look": found, **choices(connection, frame.editions)}

    data = await frame.database.read_async(read)
    shared = {"here": BULLETINS, "page": page, "typed": said, "seen": seen, "wrong": wrong}
    return frame.page(signed, "console/bulletin_form.html", {**data, **shared, **spoken()}, status)


def _letter(said: Typed) -> Letter:
    return Letter(said.topic, said.title.strip(), said.body.strip())
