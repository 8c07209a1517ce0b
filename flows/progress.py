"""What comes next in the talk: a conflict to clear, the next question, the result, what describes the firm, or nothing."""

from collections.abc import Iterator

from flows.asking import ask, asked_now, is_settled, pending
from flows.commands import Command
from flows.conflicts import ask_conflict, open_conflict
from flows.messages import Choice, Json, Reply
from flows.reporting import report
from flows.turn import Turn
from flows.wording import title_of
from policy.determine import Outcome
from policy.results import write_outcome
from policy.truth import Truth


def next_reply(turn: Turn, **data: Json) -> Reply:
    """Go on with the talk; `data` is told first (an echo of what was noted, a welcome back)."""
    conflict = open_conflict(turn)
    if conflict is not None:
        return ask_conflict(turn, conflict, **data)
    question = pending(turn)
    if question is not None and not question.is_about:
        return ask(turn, question, **data)
    if turn.state != "finished":
        turn.state = "finished"
        return result(turn, **data)
    return ask(turn, question, **data) if question is not None else done(turn, **data)


def result(turn: Turn, **data: Json) -> Reply:
    """The result as it stands, with what is still open at its end."""
    asked = asked_now(turn)
    told = {
        **report(turn.outcome),
        "provisional": not is_settled(turn),
        "year": turn.year,
        "skipped": [title_of(turn.published.edition, turn.sheet, slot) for slot in skipped(turn)],
        "then": dict(asked.data) if asked is not None else None,
    }
    choices = (*(asked.choices if asked is not None else ()), *_menu(turn))
    return Reply(
        "result",
        "result",
        fact=None if asked is None else asked.fact,
        choices=tuple({choice.key: choice for choice in choices}.values()),
        data={**told, **data},
        result=write_outcome(turn.outcome),
        revision=None if asked is None else asked.revision,
    )


def outright(outcome: Outcome) -> Reply:
    """A result without a talk: facts that were handed in all at once."""
    told = {**report(outcome), "provisional": False, "year": None, "skipped": [], "then": None}
    return Reply("result", "result", data=told, result=write_outcome(outcome))


def done(turn: Turn, **data: Json) -> Reply:
    """Everything is told and noted; what can be done now."""
    outside = turn.outcome.in_scope.truth is Truth.NO
    return Reply("notice", "done", choices=tuple(_menu(turn)), data={"out_of_scope": outside, **data})


def skipped(turn: Turn) -> list[str]:
    """The facts that were put aside for now."""
    edition = turn.published.edition
    return [
        slot
        for slot, entry in turn.sheet.entries.items()
        if entry.kind == "skipped" and slot.split(".", 1)[0] in edition.facts
    ]


def _menu(turn: Turn) -> Iterator[Choice]:
    if skipped(turn):
        yield Choice(Command.UNSKIP, "补答跳过的题")
    if turn.state == "finished":
        yield Choice(Command.RESULT, "看结果")
    yield Choice(Command.EDIT, "改答案")
    yield Choice(Command.RESTART, "重新开始")
