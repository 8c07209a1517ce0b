"""Bulletins as a list, and one of them: its text as people get it, how far it is, what became of it. Writing is bulletin_writing.py's."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection

from flows.audience import Audience
from flows.auditing import told_of
from flows.broadcasting import KIND, Hand
from flows.bulletins import ALONE, Report, report_on
from flows.messages import SHANGHAI
from flows.quiet import first_allowed, is_quiet
from models.bulletin import Bulletin
from models.bulletins import bulletin_by_public_id
from models.delivered import STATES, bulletins_before, channels_of, counts_of, reasons_of
from models.desk import watch_of
from models.staff import all_staff
from web.console import telling_bulletins as words
from web.console import telling_cases
from web.console.access import NotThereError, Permission, Signed, SignedIn
from web.console.bulletin_form import choices, of_bulletin
from web.console.bulletin_preview import look
from web.console.frame import Frame

BULLETINS = "/console/bulletins"
_READ = Permission.BULLETIN_READ
_PAGE = 30
_NEWEST = 1 << 62
_LONGEST_NUMBER = 18
UNDER_WAY = frozenset({"scheduled", "preparing", "sending"})
_MOST_LOOKS = 300
"""So often a page looks by itself how far it is: whoever left it open is signed out like anybody else."""


def bulletins(frame: Frame) -> None:
    @frame.get(BULLETINS, _READ)
    async def listed(request: Request, signed: SignedIn) -> Response:
        before = number_of(request.query_params.get("before", ""), _NEWEST)

        def read(connection: Connection) -> dict[str, Any]:
            rows = bulletins_before(connection, before, _PAGE + 1)
            counts = counts_of(connection, [each.id for each in rows[:_PAGE]])
            return {
                "rows": rows[:_PAGE],
                "counts": counts,
                "people": names_of(connection),
                "more": rows[_PAGE:],
            }

        data = await frame.database.read_async(read)
        return frame.page(signed, "console/bulletins.html", {"here": BULLETINS, **data, **spoken()})


def bulletin(frame: Frame) -> None:
    one = f"{BULLETINS}/{{bulletin}}"

    @frame.get(one, _READ)
    async def page(bulletin: str, signed: SignedIn) -> Response:
        return await shown(frame, signed, bulletin)

    @frame.get(f"{one}/progress", _READ)
    async def progress(request: Request, bulletin: str, signed: SignedIn) -> Response:
        looks = number_of(request.query_params.get("n", ""), 0)

        def read(connection: Connection) -> dict[str, Any]:
            return _progress(connection, found(connection, bulletin), signed)

        data = await frame.database.read_async(read)
        return frame.piece(signed, "console/bulletin_progress.html", {**data, **spoken(), "looks": looks})


async def shown(  # noqa: PLR0913  what a page may have to say besides
    frame: Frame,
    signed: Signed,
    which: str,
    status: int = 200,
    *,
    wrong: str | None = None,
    done: str | None = None,
    typed: Mapping[str, str] | None = None,
    **told: object,
) -> Response:
    """A bulletin's page, with what an act has to say about it."""

    def read(connection: Connection) -> dict[str, Any]:
        seen = found(connection, which)
        part = _draft(connection, frame, signed, seen) if seen.state == "draft" else {}
        entries = told_of(connection, KIND, which)
        return {
            **_progress(connection, seen, signed),
            **part,
            "entries": entries,
            **_asked(connection, frame, seen),
        }

    data = await frame.database.read_async(read)
    shared = {"here": BULLETINS, "wrong": wrong, "done": done, "typed": typed or {}, "told": told}
    return frame.page(signed, "console/bulletin.html", {**data, **shared, **spoken(), "looks": 0}, status)


def found(connection: Connection, which: str) -> Bulletin:
    """The bulletin of that id; NotThereError where there is none."""
    row = bulletin_by_public_id(connection, which)
    if row is None:
        raise NotThereError
    return row


def _progress(connection: Connection, seen: Bulletin, signed: Signed) -> dict[str, Any]:
    """All counts are of one reading, so that they add up."""
    report = report_on(connection, seen)
    return {
        "bulletin": seen,
        "people": names_of(connection),
        "report": report,
        "left": _left(report),
        "reasons": reasons_of(connection, seen.id),
        "channels": list(channels_of(connection, seen.id)),
        "under_way": seen.state in UNDER_WAY,
        "sleeps_until": _sleeps_until(seen, signed),
        "most_looks": _MOST_LOOKS,
        "alone": ALONE,
    }


def _left(report: Report) -> int:
    return sum(report.states.get(each, 0) for each in ("waiting", "sending"))


def _sleeps_until(seen: Bulletin, signed: Signed) -> str | None:
    """Until when nothing goes out because people sleep."""
    waits = seen.state in {"preparing", "sending"} and not seen.urgent and is_quiet(signed.now)
    return f"{first_allowed(signed.now):%H:%M}" if waits else None


def _draft(connection: Connection, frame: Frame, signed: Signed, seen: Bulletin) -> dict[str, Any]:
    """What is decided by: how it looks, whom it reaches, who may release it."""
    looked = look(connection, frame, of_bulletin(seen), seen, counted=True)
    watch = watch_of(connection, signed.staff.id)
    count = 0 if looked.reach is None else looked.reach.count
    return {
        "look": looked,
        "count": count,
        "is_linked": watch is not None and watch.address is not None,
        "is_own": seen.author == signed.actor,
        "needs_second": count > ALONE,
        "quiet_until": f"{first_allowed(signed.now):%m-%d %H:%M}" if is_quiet(signed.now) else None,
        "today": f"{signed.now.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
    }


def _asked(connection: Connection, frame: Frame, seen: Bulletin) -> dict[str, Any]:
    """The audience, and the names of what it is made of."""
    return {"audience": Audience.from_json(seen.audience), **choices(connection, frame.editions)}


def names_of(connection: Connection) -> dict[str, str]:
    """What whoever wrote or released is called; who worked from a shell stands there by the name they gave."""
    return {each.public_id: each.name for each in all_staff(connection)}


def hand_of(frame: Frame, signed: Signed) -> Hand:
    """Who acts, as the flows know them."""
    return Hand(signed.actor, signed.actor, signed.now, frame.public_url)


def spoken() -> dict[str, Any]:
    """The words that the templates of this part choose from."""
    return {"words": words, "case_words": telling_cases, "states": STATES, "summed": _summed}


def _summed(counts: Mapping[str, int], names: Iterable[str]) -> int:
    return sum(counts.get(name, 0) for name in names)


def number_of(typed: str, otherwise: int) -> int:
    """A row's number as an address tells it."""
    is_one = typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_NUMBER
    return int(typed) if is_one else otherwise
