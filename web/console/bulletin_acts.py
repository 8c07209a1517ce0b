"""What is done with a written bulletin: tried on oneself, released (by a second person where many get it), held, ended."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy import Connection

from flows import broadcasting
from flows.audience import Audience, Readership
from flows.broadcasting import Hand, in_hand, note_act
from flows.bulletins import HeldBackError
from flows.composing import FaultyError
from flows.concerned import count
from flows.messages import SHANGHAI
from flows.sampling import example
from flows.to_oneself import send_to_oneself
from models.base import RefusedError
from models.bulletin import Bulletin
from web.console import telling_bulletins as words
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.bulletin_preview import NOBODY
from web.console.bulletins import BULLETINS, found, hand_of, number_of, shown
from web.console.frame import Frame, to
from web.console.login import field

_ONE = f"{BULLETINS}/{{bulletin}}"
_CONFLICT, _REFUSED = 409, 422
Act = Callable[[Connection, Bulletin, Hand], Bulletin]


def bulletin_acts(frame: Frame) -> None:
    """Pause, resume, cancel, retry: each on the bulletin as it was seen."""
    for name, act in broadcasting.CHANGES.items():
        frame.post(f"{_ONE}/{name}", Permission.BULLETIN_RELEASE)(_endpoint(frame, act))


def _endpoint(frame: Frame, act: Act) -> Callable[..., Awaitable[Response]]:
    async def done(request: Request, bulletin: str, signed: SignedIn) -> Response:
        seen = field(await request.form(), "seen")
        await frame.database.read_async(lambda c: found(c, bulletin))
        try:
            await frame.database.turn_async(lambda c: _act(c, bulletin, seen, hand_of(frame, signed), act))
        except RefusedError as error:
            return await refused(frame, signed, bulletin, error)
        return to(f"{BULLETINS}/{bulletin}")

    return done


def _act(connection: Connection, which: str, seen: str, by: Hand, act: Act) -> Bulletin:
    before = in_hand(connection, which, seen)
    if before is None:
        raise NotThereError
    return act(connection, before, by)


def releasing(frame: Frame) -> None:
    @frame.post(f"{_ONE}/release", Permission.BULLETIN_RELEASE, confirmed=True)
    async def released(request: Request, bulletin: str, signed: SignedIn) -> Response:
        form = await request.form()
        now_there = await frame.database.read_async(lambda c: found(c, bulletin))
        typed = {name: field(form, name) for name in ("how", "when")}
        when = _moment(typed["when"]) if typed["how"] == "later" else None
        if typed["how"] == "later" and when is None:
            wrong = words.UNREADABLE_TIME
            return await shown(frame, signed, bulletin, _REFUSED, wrong=wrong, typed=typed)
        number = await frame.database.read_async(lambda c: _count(c, frame, now_there))
        if now_there.state == "draft" and number_of(field(form, "counted"), -1) != number:
            wrong = words.COUNTED_ANEW
            return await shown(frame, signed, bulletin, _CONFLICT, wrong=wrong, typed=typed, count=number)
        try:
            await frame.database.turn_async(
                lambda c: _act(
                    c, bulletin, field(form, "seen"), hand_of(frame, signed), _release(frame, number, when)
                )
            )
        except RefusedError as error:
            return await refused(frame, signed, bulletin, error, typed)
        return to(f"{BULLETINS}/{bulletin}")

    @frame.post(f"{_ONE}/test", Permission.BULLETIN_WRITE)
    async def tried(request: Request, bulletin: str, signed: SignedIn) -> Response:
        await request.form()
        went = await frame.database.turn_async(lambda c: _try_out(c, frame, signed, bulletin))
        if not went:
            return await shown(frame, signed, bulletin, _REFUSED, wrong=words.NOT_LINKED)
        return await shown(frame, signed, bulletin, done=words.TRIED_OUT)


def _release(frame: Frame, number: int, when: datetime | None) -> Act:
    return lambda connection, before, by: broadcasting.release(
        connection, frame.editions, before, number, by, when=when
    )


def _count(connection: Connection, frame: Frame, seen: Bulletin) -> int:
    return count(connection, frame.editions, Readership(seen.topic, Audience.from_json(seen.audience)))


def _try_out(connection: Connection, frame: Frame, signed: Signed, which: str) -> bool:
    seen = found(connection, which)
    like = example(connection, frame.editions, seen.topic, Audience.from_json(seen.audience))
    if not send_to_oneself(connection, seen, like or NOBODY, signed.staff.id, signed.now):
        return False
    note_act(connection, hand_of(frame, signed), "test", which, {"version": seen.version})
    return True


async def refused(
    frame: Frame, signed: Signed, which: str, error: RefusedError, typed: dict[str, str] | None = None
) -> Response:
    """The bulletin as it is now, with why nothing was done."""
    if isinstance(error, HeldBackError):
        return await shown(frame, signed, which, _REFUSED, wrong=words.HELD_BACK[error.why], typed=typed)
    if isinstance(error, FaultyError):
        return await shown(frame, signed, which, _REFUSED, wrong=words.FAULTY, typed=typed)
    return await shown(frame, signed, which, _CONFLICT, wrong=words.CHANGED, typed=typed)


def _moment(typed: str) -> datetime | None:
    """A time in China as a form or a person writes it: 2026-12-01T09:00 or with a space."""
    try:
        when = datetime.fromisoformat(typed.strip())
    except ValueError:
        return None
    return when.replace(tzinfo=SHANGHAI) if when.tzinfo is None else when
