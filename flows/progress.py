"""What comes next in the talk: a conflict to clear, the next question, the result, what describes the firm, or nothing."""

from collections.abc import Iterator

from flows.asking import ask, asked_now, is_settled, pending, topics
from flows.commands import Command
from flows.conflicts import ask_conflict, open_conflict
from flows.depth import in_depth, told_in_depth
from flows.handback import hand_back
from flows.messages import Choice, Json, Reply
from flows.reporting import report
from flows.slots import FOR_A_COLLEAGUE
from flows.turn import Turn
from flows.wording import title_of
from policy.determine import Outcome
from policy.measures import Topic
from policy.results import write_told
from policy.truth import Truth


def next_reply(turn: Turn, **data: Json) -> Reply:
    """Go on with the talk; `data` is told first (an echo of what was noted, a welcome back)."""
    conflict = open_conflict(turn)
    if conflict is not None:
        return ask_conflict(turn, conflict, **data)
    question = pending(turn)
    if question is not None and not question.is_about:
        return ask(turn, question, **data)
    if turn.handed is not None:
        return hand_back(turn, turn.handed, **data)
    if turn.state != "finished":
        turn.state = "finished"
        return result(turn, **data)
    return ask(turn, question, **data) if question is not None else done(turn, **data)


def result(turn: Turn, **data: Json) -> Reply:
    """The result as it stands, with what is still open at its end."""
    asked = asked_now(turn)
    told = {
        **report(turn.outcome),
        **in_depth(turn.outcome, topics(turn)),
        "provisional": not is_settled(turn),
        "year": turn.year,
        "skipped": [_title(turn, slot) for slot in skipped(turn) if slot not in aside(turn)],
        "aside": [_title(turn, slot) for slot in aside(turn)],
        "then": dict(asked.data) if asked is not None else None,
    }
    choices = (*(asked.choices if asked is not None else ()), *_menu(turn))
    return Reply(
        "result",
        "result",
        fact=None if asked is None else asked.fact,
        choices=tuple({choice.key: choice for choice in choices}.values()),
        data={**told, **data},
        result=write_told(turn.outcome, told_in_depth(turn.outcome, topics(turn))),
        revision=None if asked is None else asked.revision,
    )


def outright(outcome: Outcome) -> Reply:
    """A result without a talk: facts that were handed in all at once."""
    told = {
        **report(outcome),
        **in_depth(outcome, tuple(Topic)),
        "provisional": False,
        "year": None,
        "skipped": [],
        "aside": [],
        "then": None,
    }
    return Reply(
        "result", "result", data=told, result=write_told(outcome, told_in_depth(outcome, tuple(Topic)))
    )


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


def aside(turn: Turn) -> list[str]:
    """What of it waits for a colleague."""
    return [slot for slot in skipped(turn) if turn.sheet.entries[slot] == FOR_A_COLLEAGUE]


def _title(turn: Turn, slot: str) -> str:
    return title_of(turn.published.edition, turn.sheet, slot)


def _menu(turn: Turn) -> Iterator[Choice]:
    if skipped(turn):
        yield Choice(Command.UNSKIP, "补答跳过的题")
    if aside(turn):
        yield Choice(Command.HAND, "让同事来答")
    if turn.state == "finished":
        yield Choice(Command.RESULT, "看结果")
        yield Choice(Command.REPORT, "要报告")
        if len(topics(turn)) < len(Topic) and turn.outcome.in_scope.truth is not Truth.NO:
            yield Choice(Command.DEEP, "再细测：资格、平台、资金、人才、项目")
        yield Choice(Command.SUBSCRIBE, "有变化告诉我")
    yield Choice(Command.EDIT, "改答案")
    yield Choice(Command.RESTART, "重新开始")
    yield Choice(Command.MOVE, "换个地方接着答")
