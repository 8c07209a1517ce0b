"""How what an owner told without being asked is read back: a list to agree to, or to pick the wrong one from."""

from collections.abc import Mapping
from typing import Any

from flows.contact import fact_at, title_at
from flows.messages import Choice, Json, Reply
from flows.slots import Entry
from flows.turn import Turn
from flows.wording import in_words

ROWS = "rows"
NONE = "none"
NOT_THIS = "not"


def put_list(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    """Read the rows back. `which` asks for the wrong one, `without` names what was just left out, `again` says that the
    answer was not understood."""
    rows = [_shown(turn, row) for row in waiting[ROWS]]
    if waiting.get("which"):
        wrong = (Choice(f"{NOT_THIS}:{row['slot']}", f"{row['title']}：{row['value']}") for row in rows)
        return _put(turn, waiting, "told-which", (*wrong, Choice(NONE, "都不记")), {"rows": rows})
    data = {"rows": rows, "again": waiting.get("again", False), "without": waiting.get("without")}
    return _put(turn, waiting, "told", (Choice("right", "对"), Choice("wrong", "改")), data)


def _put(
    turn: Turn, waiting: Mapping[str, Json], topic: str, choices: tuple[Choice, ...], data: Mapping[str, Any]
) -> Reply:
    slots = [row["slot"] for row in waiting[ROWS]]
    fact = slots[0] if len(slots) == 1 else None
    return Reply("confirm", topic, fact, choices, data, revision=stamp(turn, waiting))


def stamp(turn: Turn, waiting: Mapping[str, Json]) -> int:
    """The number that the buttons of this list carry: those of another list, or of its other form, settle nothing."""
    rows = [(row["slot"], _value(turn, row)) for row in waiting[ROWS]]
    return turn.stamp(ROWS, bool(waiting.get("which")), rows)


def _value(turn: Turn, row: Json) -> str:
    """In words: a stored JSON object may come back with its keys in another order."""
    return in_words(fact_at(turn.published.edition, row["slot"]), Entry(**row["entry"]))


def _shown(turn: Turn, row: Json) -> dict[str, Any]:
    """A row in words, beside what stood there before."""
    edition, slot = turn.published.edition, row["slot"]
    fact, stood = fact_at(edition, slot), turn.sheet.entries.get(slot)
    return {
        "slot": slot,
        "title": title_at(edition, turn.sheet, slot),
        "value": _value(turn, row),
        "before": None if stood is None else in_words(fact, stood),
    }
