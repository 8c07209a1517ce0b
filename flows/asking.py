"""What is asked next, and how the question is put. Reading the answer is answering.py's business."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flows.choosing import PICKED, choices_of
from flows.commands import Command
from flows.conflicts import ask_conflict, clash, open_conflict
from flows.contact import CONTACT, fact_at, title_at
from flows.deep import topics_of
from flows.handback import open_slots
from flows.handed import Handed
from flows.lastyear import AS_BEFORE, offer
from flows.messages import Choice, Json, Reply, ReplyKind
from flows.reporting import standing
from flows.slots import ABOUT, fact_of
from flows.turn import Turn
from flows.wording import entry_name, in_words
from policy.facts import NUMERIC, Fact, Kind
from policy.measures import Topic
from policy.quantities import Number
from policy.questions import next_question
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
    if turn.handed is not None:
        return _handed_on(turn, turn.handed)
    question = next_question(turn.outcome, turn.given, turn.sheet.withheld(edition), topics(turn))
    if question is None:
        return _about(turn)
    fact, remaining = edition.facts[question.fact], question.remaining
    if fact.kind is not Kind.RECORDS or fact.several or turn.sheet.value(fact.key) is not True:
        return Pending(fact.key, fact, remaining, question.vague, question.bound)
    inner = turn.sheet.open_in_list(edition, fact)
    return Pending(inner[0], fact_of(edition, inner[0]), remaining - 1 + len(inner))


def _handed_on(turn: Turn, handed: Handed) -> Pending | None:
    """The next question for a colleague. That the owner told a rough figure is known here, and never shown to them."""
    slots = list(open_slots(turn, handed))
    if not slots:
        return None
    fact = fact_at(turn.published.edition, slots[0])
    return Pending(slots[0], fact, len(slots), vague=slots[0] in turn.given)


def is_settled(turn: Turn) -> bool:
    """Whether no further answer can change the result; an answer that is being changed still stands until it is."""
    withheld = turn.sheet.withheld(turn.published.edition)
    question = next_question(turn.outcome, turn.given, withheld, topics(turn))
    return question is None and clash(turn) is None


def topics(turn: Turn) -> tuple[Topic, ...]:
    """What the owner wants to see in depth."""
    return topics_of(turn.sheet)


def _about(turn: Turn) -> Pending | None:
    if turn.outcome.in_scope.truth is Truth.NO:
        return None  # nothing to advise on
    return next(
        (Pending(slot, fact) for slot, fact in CONTACT.items() if slot not in turn.sheet.entries), None
    )


def ask(
    turn: Turn, question: Pending, kind: ReplyKind = "question", topic: str = "question", **data: Json
) -> Reply:
    """Put a question; `data` is what the reply tells besides (an echo, a hint, a welcome)."""
    bound = question.bound
    return Reply(
        kind,
        topic,
        fact=question.slot,
        choices=(*_choices(turn, question), *_way_out(turn, question)),
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
        "ask": _dated(fact.ask, turn.year),
        "help": fact.help,
        "example": fact.example,
        "entry": None if question.is_about else entry_name(turn.published.edition, turn.sheet, question.slot),
        "bound": bound,
        "vague": fact.show(given) if question.vague and given is not None and turn.handed is None else None,
        "remaining": 0 if question.is_about else question.remaining,
        "before": _before(turn, question),
        "begins_list": fact.kind is Kind.RECORDS and not fact.several,
        "answered": _answered(turn),
        "reads": str(fact.kind),
        "can_be_unknown": not question.is_about,
        "options": [choice.label for choice in _options(question)],
    }


def _answered(turn: Turn) -> int:
    """How many questions of the rules are behind them, beside how many may remain."""
    facts = turn.published.edition.facts
    return (
        len(turn.handed.done)
        if turn.handed is not None
        else sum(slot in facts for slot in turn.sheet.entries)
    )


def _dated(ask: str, year: int) -> str:
    """The question with the fiscal year, or those before it, filled in."""
    for back, name in enumerate(("{year}", "{year-1}", "{year-2}")):
        ask = ask.replace(name, str(year - back))
    return ask


def _before(turn: Turn, question: Pending) -> str | None:
    """What stands now in the slot that is being changed."""
    entry = turn.sheet.entries.get(question.slot)
    if entry is None or turn.focus.get("slot") != question.slot:
        return None
    if turn.handed is not None and question.slot not in turn.handed.done:
        return None  # not theirs to see
    return in_words(question.fact, entry)


def _way_out(turn: Turn, question: Pending) -> Iterator[Choice]:
    """Who looks at an answer to change it may well leave it as it is."""
    if _before(turn, question) is not None:
        yield Choice(Command.RESUME, "不改了，继续")


def _options(question: Pending, picked: Sequence[str] = ()) -> Iterator[Choice]:
    """The answers that can be tapped."""
    fact = question.fact
    if fact.several:
        yield from choices_of(fact, picked)
    elif question.bound is not None:
        yield Choice(Command.YES, f"到了 {fact.show_number(question.bound)}")
        yield Choice(Command.NO, "没到")
    elif fact.kind in {Kind.YESNO, Kind.RECORDS}:
        labels = {option.key: option.label for option in fact.options}
        yield Choice(Command.YES, labels.get("yes", "有"))
        yield Choice(Command.NO, labels.get("no", "没有"))
    elif not question.is_about:
        yield from (Choice(option.key, option.label) for option in fact.options)


def _choices(turn: Turn, question: Pending) -> Iterator[Choice]:
    before = offer(turn, question.slot) if turn.sheet.value(question.slot) is None else None
    if before is not None and not turn.focus.get(PICKED):
        yield Choice(AS_BEFORE, before.label)
    yield from _options(question, turn.focus.get(PICKED, ()))
    if question.fact.kind in NUMERIC and not question.is_about and turn.handed is None:
        yield Choice(Command.COLLEAGUE, "得问同事")
    yield from (choice for choice in _ALWAYS if not (question.is_about and choice.key == Command.UNKNOWN))


def echo_of(turn: Turn, slot: str, value: str, *, vague: bool = False) -> dict[str, Any]:
    """What was noted, to be read back in the next reply; with the ladder as soon as revenue is known."""
    edition = turn.published.edition
    is_measure = slot == edition.ladder.measure.key and turn.handed is None
    shown = standing(turn.outcome) if is_measure else None
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
