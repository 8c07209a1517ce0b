"""Keeping the advisors' list true to each turn of a talk: where it stands, what the firm was told, what had to be corrected."""

from collections.abc import Sequence
from dataclasses import replace

from flows.contact import CITY
from flows.slots import Entry, Sheet
from flows.turn import Turn
from flows.wakening import wake_advisors, wake_newcomers
from models.assessment import Assessment
from models.determination import Finding
from models.review import Review, review_of, touch
from models.worklist import change, list_judged, move_firm, note_first_answer, row_of

_WAITS = {"new", "asked"}
"""For any advisor."""


def keep_listed(turn: Turn, slot: str | None, findings: Sequence[Finding] | None = None) -> bool:
    """Note where the talk stands (`slot` is the question that is open now) and, with `findings`, what the firm is told.

    While a talk is under way that is one statement a turn. Returns whether an advisor waits for the owner.
    """
    sheet, before = turn.before
    now = turn.assessment
    if now.version == before.version and findings is None:
        return False
    city = _city(turn.sheet)
    if city != _city(sheet):
        move_firm(turn.connection, now.firm_id, city)
        _wake_there(turn, _city(sheet))
    first = bool(turn.sheet.entries) and not sheet.entries and _is_first(turn, before)
    if findings is not None and now.finished_at is not None:
        return _judged(turn, city, findings).state == "waiting"
    if now.finished_at is not None or not touch(
        turn.connection, now.id, slot, city, turn.incoming.at, answered=bool(turn.sheet.entries)
    ):
        return _moved_on(turn, slot, city)
    if first:
        note_first_answer(turn.connection, now)
    return False


def _is_first(turn: Turn, before: Assessment) -> bool:
    """Whether nothing was ever answered before: who starts over has an empty sheet as well."""
    if before.version == 0:
        return True
    row = review_of(turn.connection, before.id)
    return row is not None and row.answered_at is None


def _judged(turn: Turn, city: str | None, findings: Sequence[Finding]) -> Review:
    """The row after a result; advisors who want to know at once are told of one that is new."""
    was = review_of(turn.connection, turn.assessment.id)
    row = list_judged(turn.connection, turn.assessment, turn.account.channel, city, findings)
    if row.state == "new" and (was is None or was.state != "new"):
        wake_advisors(turn.connection, row, turn.incoming.at)
    return row


def _wake_there(turn: Turn, came_from: str | None) -> None:
    """Who is in charge of where the firm is now learns of a case that waits already: most name their city last."""
    row = review_of(turn.connection, turn.assessment.id)
    if row is not None and row.state in _WAITS:
        wake_newcomers(turn.connection, row, came_from, turn.incoming.at)


def _moved_on(turn: Turn, slot: str | None, city: str | None) -> bool:
    """A talk that an advisor knows of already goes on."""
    row = row_of(turn.connection, turn.assessment, turn.account.channel)
    at = turn.incoming.at
    answered = row.answered_at or (at if turn.sheet.entries else None)
    after = replace(row, left_at=slot, city=city, changed_at=at, answered_at=answered)
    change(turn.connection, row, after)
    return row.state == "waiting"


def _city(sheet: Sheet) -> str | None:
    entry = sheet.entries.get(CITY.key, Entry("skipped"))
    return str(entry.value) if entry.kind == "value" else None
