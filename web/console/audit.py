"""The audit as a list, for administrators."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from fastapi import Request, Response
from sqlalchemy import Connection

from flows.auditing import ACTIONS, PAGE, Entry, Wanted, listed
from models.staff import Staff, all_staff
from web.console.access import Permission, SignedIn
from web.console.frame import AUDIT, Frame

_YEARS = range(2000, 2200)  # beyond them days cannot be counted in every time zone
_FILTERS = ("actor", "action", "object_kind", "object_id", "since", "until")


def audit(frame: Frame) -> None:
    @frame.get(AUDIT, Permission.AUDIT_READ)
    async def shown(request: Request, signed: SignedIn) -> Response:
        asked = {name: request.query_params.get(name, "").strip() for name in _FILTERS}
        before = request.query_params.get("before", "")

        def read(connection: Connection) -> tuple[list[Entry], list[Staff]]:
            return listed(connection, wanted(asked, before)), all_staff(connection)

        entries, people = await frame.database.read_async(read)
        data = {
            "here": AUDIT,
            "entries": entries[:PAGE],
            "older": _older(asked, entries),
            "asked": asked,
            "people": people,
            "actions": ACTIONS,
        }
        return frame.page(signed, "console/audit.html", data)


def wanted(asked: Mapping[str, str], before: str) -> Wanted:
    """What the form asks for; what cannot be read as a day or a number asks for nothing."""
    return Wanted(
        actor=asked["actor"] or None,
        action=asked["action"] or None,
        object_kind=asked["object_kind"] or None,
        object_id=asked["object_id"] or None,
        since=_day(asked["since"]),
        until=_day(asked["until"]),
        before=int(before)
        if before.isascii() and before.isdecimal() and len(before) < len(str(1 << 62))
        else None,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _older(asked: Mapping[str, str], entries: list[Entry]) -> str | None:
    """The address of the next page, None on the last one."""
    if len(entries) <= PAGE:
        return None
    kept = {name: value for name, value in asked.items() if value}
    return f"{AUDIT}?{urlencode({**kept, 'before': entries[PAGE - 1].id})}"
