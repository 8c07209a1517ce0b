"""Two editions compared in words, by scheme or by article: a page with an address of its own, and good to print."""

from collections.abc import Iterable

from fastapi import Request, Response
from sqlalchemy import Connection

from models.edition import in_force
from models.edition_list import editions_listed
from policy.complaints import EditionError
from policy.diff import EditionChange, diff
from web.console.access import Permission, Signed, SignedIn
from web.console.editions import EDITIONS, READINGS, Data, day_of, found_edition, names_of, shared
from web.console.frame import Frame
from web.console.telling_editions import refused, state_of
from web.console.wording import Phrase

COMPARE = f"{EDITIONS}/compare"
NO_PLACE = Phrase("不在哪一条")


def comparing(frame: Frame) -> None:
    @frame.get(COMPARE, Permission.EDITION_READ)
    async def compared(request: Request, signed: SignedIn) -> Response:
        asked = request.query_params
        before, after = asked.get("before", ""), asked.get("after", "")
        by = "article" if asked.get("by") == "article" else "subject"
        data = await frame.database.read_async(lambda c: _compared(c, signed, before, after, by))
        return frame.page(signed, "console/edition_compare.html", data)


def _compared(connection: Connection, signed: Signed, before: str, after: str, by: str) -> Data:
    today = day_of(signed)
    lines = editions_listed(connection, drafts=signed.may(Permission.EDITION_WRITE))
    current = {each.name: in_force(connection, each.name, today) for each in lines}
    named: Data = {
        **shared(),
        "choices": [(each, state_of(each, current[each.name], today)) for each in lines],
        "by": by,
        "names": names_of(connection),
        "no_place": NO_PLACE,
        "before": None,
        "after": None,
        "groups": None,
        "count": 0,
        "deciding": 0,
        "today": today,
    }
    if not before and not after:
        named["suggested"] = _suggested([each.id for each in lines], list(current.values()))
        return named
    one, other = (found_edition(connection, signed, each) for each in (before, after))
    named |= {"before": one, "after": other, "suggested": (one.id, other.id)}
    try:
        found = diff(READINGS.of(one), READINGS.of(other))
    except EditionError as error:
        return named | {"wrong": refused("broken", error.lines)}
    deciding = sum(each.decides for each in found)
    return named | {"groups": _grouped(found, by), "count": len(found), "deciding": deciding}


def _suggested(newest_first: list[int], current: list[int | None]) -> tuple[int, int]:
    """What is in force against the newest."""
    last = newest_first[0] if newest_first else 0
    return next((each for each in current if each is not None), last), last


def _grouped(found: Iterable[EditionChange], by: str) -> list[tuple[str, list[EditionChange]]]:
    """The changes under the title of what they change, or under each article that it stands in."""
    groups: dict[str, list[EditionChange]] = {}
    for each in found:
        titles = (each.title.partition("·")[0],) if by == "subject" else each.places or ("",)
        for title in titles:
            groups.setdefault(title, []).append(each)
    return list(groups.items())
