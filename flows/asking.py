"""What is asked next, and how the question is put. Reading the answer is answering.py's business."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.commands import Command
from flows.contact import CONTACT, fact_at, title_at
from flows.messages import Choice, Json, Reply, ReplyKind
from flows.reporting import standing
from flows.slots import ABOUT, KEPT, entry_name, fact_of
from flows.turn import Turn
from policy.facts import NUMERIC, Fact, Kind
from policy.narrowing import Conflict
from policy.quantities import Number
from policy.questions import conflicts, next_question
from policy.truth import Truth

_BY_HAND = NUMERIC | {Kind.TEXT}  # typed, so easily mistyped
_ALWAYS = (
    Choice(Command.UNKNOWN, "不确定"),
    Choice(Command.SKIP, "跳过"),
    Choice(Command.BACK, "上一步"),
    Choice(Command.EXPLAIN, "这是什么意思"),
)


@dataclass(frozen=True, slots=True)
class Pending:
    """The question that is open: its slot and fact. `bound` is the one threshold to settle, `vague` says that the
    fact was told, but not precisely enough; `remaining` counts the questions that can still change a result."""

    slot: str
    fact: Fact
    remaining: int = 0
    vague: bool = False
    bound: Number | None = None

    @property
    def is_about(self) -> bool:
        return self.slot.startswith(ABOUT)


def pending(turn: Turn) -> Pending | None:
    """The question to put now: the one being changed, else the one that decides most, else what describes the firm."""
    edition = turn.published.edition
    slot = turn.focus.get("slot")
    if slot is not None:
        return Pending(slot, fact_at(edition, slot))
    question = next_question(turn.outcome, turn.given, turn.sheet.withheld(edition))
    if question is None:
        return _about(turn)
    fact, remaining = edition.facts[question.fact], question.remaining
    if fact.kind is not Kind.RECORDS or turn.sheet.value(fact.key) is not True:
        return Pending(fact.key, fact, remaining, question.vague, question.bound)
    inner = turn.sheet.open_in_list(edition, fact)
    return Pending(inner[0], fact_of(edition, inner[0]), remaining - 1 + len(inner))


def _about(turn: Turn) -> Pending | None:
    if turn.outcome.in_scope.truth is Truth.NO:
        return None  # nothing to advise on
    return next(
        (Pending(slot, fact) for slot, fact in CONTACT.items() if slot not in turn.sheet.entries), None
    )


def open_conflict(turn: Turn) -> Conflict | None:
    """Two answers that cannot both be right and that the owner has not insisted on, unless one is being changed."""
    if "slot" in turn.focus:
        return None
    return next(
        (each for each in conflicts(turn.outcome) if conflict_slot(each) not in turn.sheet.entries), None
    )


def conflict_slot(conflict: Conflict) -> str:
    """Hangs on the part's slot, so that it goes when that answer changes."""
    return f"{conflict.part.key}.{KEPT}"


def ask(
    turn: Turn, question: Pending, kind: ReplyKind = "question", topic: str = "question", **data: Json
) -> Reply:
    """Put a question; `data` is what the reply tells besides (an echo, a hint, a welcome)."""
    bound = question.bound
    return Reply(
        kind,
        topic,
        fact=question.slot,
        choices=tuple(_choices(question)),
        data={**_told(turn, question), **data},
        revision=turn.stamp(question.slot, None if bound is None else int(bound)),
    )


def asked_now(turn: Turn) -> Reply | None:
    """What is open just now, as it is put: a conflict, a question, or nothing."""
    conflict = open_conflict(turn)
    if conflict is not None:
        return ask_conflict(turn, conflict)
    question = pending(turn)
    return None if question is None else ask(turn, question)


def _told(turn: Turn, question: Pending) -> dict[str, Any]:
    fact = question.fact
    bound = None if question.bound is None else fact.show_number(question.bound)
    given = turn.given.get(question.slot)
    return {
        "title": fact.title,
        "ask": fact.ask.replace("{year}", str(turn.year)),
        "help": fact.help,
        "example": fact.example,
        "entry": None if question.is_about else entry_name(turn.published.edition, turn.sheet, question.slot),
        "bound": bound,
        "vague": fact.show(given) if question.vague and given is not None else None,
        "remaining": 0 if question.is_about else question.remaining,
        "begins_list": fact.kind is Kind.RECORDS,
        "can_be_unknown": not question.is_about,
    }


def _choices(question: Pending) -> Iterator[Choice]:
    fact = question.fact
    if question.bound is not None:
        yield Choice(Command.YES, f"到了 {fact.show_number(question.bound)}")
        yield Choice(Command.NO, "没到")
    elif fact.kind in {Kind.YESNO, Kind.RECORDS}:
        labels = {option.key: option.label for option in fact.options}
        yield Choice(Command.YES, labels.get("yes", "有"))
        yield Choice(Command.NO, labels.get("no", "没有"))
    elif not question.is_about:
        yield from (Choice(option.key, option.label) for option in fact.options)
    yield from (choice for choice in _ALWAYS if not (question.is_about and choice.key == Command.UNKNOWN))


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


def echo_of(turn: Turn, slot: str, value: str, *, vague: bool = False) -> dict[str, Any]:
    """What was noted, to be read back in the next reply; with the ladder as soon as revenue is known."""
    edition = turn.published.edition
    shown = standing(turn.outcome) if slot == edition.ladder.measure.key else None
    entry = turn.sheet.entries.get(slot)
    echo = {
        "slot": slot,
        "title": title_at(edition, turn.sheet, slot),
        "value": value,
        "kind": "unknown" if entry is None else entry.kind,
        "vague": vague,
        "by_hand": fact_at(edition, slot).kind in _BY_HAND,
        "standing": shown,
    }
    return {"echo": echo}
