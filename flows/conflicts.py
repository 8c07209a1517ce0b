"""Answers that cannot both be right: noticing them, and asking which one shall be changed."""

from collections.abc import Mapping
from typing import Any

from flows.commands import Command
from flows.messages import Choice, Json, Reply
from flows.slots import KEPT
from flows.turn import Turn
from policy.narrowing import Conflict
from policy.questions import conflicts


def open_conflict(turn: Turn) -> Conflict | None:
    """Two answers that cannot both be right and that the owner has not insisted on, unless one is being changed,
    or a colleague answers who has but one of them."""
    return None if "slot" in turn.focus or turn.handed is not None else clash(turn)


def clash(turn: Turn) -> Conflict | None:
    """The same, whatever is being changed just now."""
    return next((each for each in conflicts(turn.outcome) if not _insisted_on(turn, each)), None)


def _insisted_on(turn: Turn, conflict: Conflict) -> bool:
    """The owner kept these very figures; when either changes, the matter is raised again."""
    return bool(turn.sheet.value(conflict_slot(conflict)) == values_of(turn, conflict))


def values_of(turn: Turn, conflict: Conflict) -> str:
    """The two figures, in words, as they stand now."""
    return "、".join(fact.show(turn.given[fact.key]) for fact in (conflict.part, conflict.whole))


def conflict_slot(conflict: Conflict) -> str:
    """Hangs on the part's slot, so that it goes when that answer changes."""
    return f"{conflict.part.key}.{KEPT}"


def ask_conflict(turn: Turn, conflict: Conflict, **data: Json) -> Reply:
    """Two answers cannot both be right: which one shall be changed?"""
    part, whole = conflict.part, conflict.whole
    given: Mapping[str, Any] = turn.given
    told = {
        each: {"title": fact.title, "value": fact.show(given[fact.key])}
        for each, fact in (("part", part), ("whole", whole))
    }
    choices = (
        Choice(f"{Command.EDIT}:{part.key}", f"改{part.title}"),
        Choice(f"{Command.EDIT}:{whole.key}", f"改{whole.title}"),
        Choice(KEPT, "都没错，先这样"),
    )
    stamp = turn.stamp("conflict", *(each["value"] for each in told.values()))
    return Reply("confirm", "conflict", part.key, choices, {**told, **data}, revision=stamp)
