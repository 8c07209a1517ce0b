"""What the commands do: back, edit, pause, start over. Other firms are in switching.py, a person's data in privacy.py."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from flows.asking import ask, asked_now, pending
from flows.commands import Command
from flows.conflicts import ask_conflict, conflict_slot, open_conflict, values_of
from flows.contact import fact_at, title_at
from flows.deep import TOPICS
from flows.listing import ROWS, put_list
from flows.messages import Choice, Json, Reply
from flows.progress import next_reply, result, skipped
from flows.slots import ABOUT, EXACTLY, KEPT, Entry
from flows.subscriptions import hear_no_more
from flows.turn import Turn
from flows.units import UNITS, put_units
from flows.wording import in_words

SURE, NOT_SURE = "sure", "unsure"
RIGHT, WRONG = "right", "wrong"
ASIDE = "aside"


def greet(turn: Turn) -> Reply:
    """Say hello again and put what is open, be it a reading that waits for a yes; a dangerous thing is let go of."""
    turn.focus = {name: held for name, held in turn.focus.items() if name != SURE}
    waiting = turn.focus.get("confirm")
    return next_reply(turn, welcome=True) if waiting is None else ask_whether(turn, waiting)


def resume(turn: Turn) -> Reply:
    """Go on where the answers end; after a pause, with what was being changed or waited for a yes before it."""
    kept = turn.focus if ASIDE in turn.focus else {}
    turn.focus = {name: held for name, held in kept.items() if name != ASIDE}
    waiting = turn.focus.get("confirm")
    return next_reply(turn, resumed=True) if waiting is None else ask_whether(turn, waiting)


def step_aside(turn: Turn) -> None:
    """What is under way is kept for the next "go on", which else lets go of it."""
    if turn.focus:
        turn.focus = {**turn.focus, ASIDE: True}


def ask_whether(turn: Turn, waiting: Mapping[str, Json]) -> Reply:
    """Something was assumed in a reading, or told without being asked: is it right?"""
    if UNITS in waiting:
        return put_units(turn, waiting)
    if ROWS in waiting:
        return put_list(turn, waiting)
    edition, slot = turn.published.edition, waiting["slot"]
    value = in_words(fact_at(edition, slot), Entry(**waiting["entry"]))
    data = {"title": title_at(edition, turn.sheet, slot), "value": value}
    choices = (Choice(RIGHT, "对"), Choice(WRONG, "改"))
    return Reply("confirm", "confirm", slot, choices, data, revision=turn.stamp("confirm", slot, value))


def awaited(turn: Turn) -> Reply | None:
    """What the talk waits for just now, as it is put: a yes to something, or what is open (see asking.asked_now).

    It may look as if it changed the focus: only for who closes the turn afterwards.
    """
    sure, waiting = turn.focus.get(SURE), turn.focus.get("confirm")
    if sure is not None:
        name, _, slot = str(sure).partition(":")
        return offer_edit(turn, slot) if name == Command.EDIT else be_sure(turn, Command(sure))
    return asked_now(turn) if waiting is None else ask_whether(turn, waiting)


def overtaken(turn: Turn) -> Reply | None:
    """What is asked now, where a text was typed under something else: on a page that another tab or phone has overtaken.

    None where it was not, and on channels that do not say under what a text was typed. 0 stands for nothing.
    """
    incoming = turn.incoming
    if incoming.choice is not None or incoming.revision is None:
        return None
    now = awaited(turn)
    if incoming.revision == ((None if now is None else now.revision) or 0):
        return None
    now = next_reply(turn) if now is None else now
    return replace(now, data={**now.data, "overtaken": True})


def go_back(turn: Turn) -> Reply:
    """Ask again what was answered before this; what was answered after it still holds."""
    order = list(_answered(turn))
    at = order.index(turn.focus["slot"]) if turn.focus.get("slot") in order else len(order)
    if at == 0:
        return next_reply(turn, first=True)
    return start_edit(turn, order[at - 1])


def start_edit(turn: Turn, slot: str) -> Reply:
    """Ask one slot again, showing what is noted there now."""
    turn.focus = {"slot": slot}
    question = pending(turn)
    if question is None:
        return next_reply(turn)
    return ask(turn, question)


def offer_edit(turn: Turn, slot: str) -> Reply:
    """A question that is answered already: shall it be changed?"""
    turn.focus = {SURE: f"{Command.EDIT}:{slot}"}
    data = {"title": title_at(turn.published.edition, turn.sheet, slot), "value": shown(turn, slot)}
    choices = (Choice(f"{Command.EDIT}:{slot}", "修改"), Choice(Command.RESUME, "不改，继续"))
    return Reply("confirm", "stale", slot, choices, data)


def shown(turn: Turn, slot: str) -> str | None:
    """What stands in a slot, in words."""
    entry = turn.sheet.entries.get(slot)
    if entry is None:
        return None
    return in_words(fact_at(turn.published.edition, slot), entry)


def explain(turn: Turn) -> Reply:
    """What the open question means, with an example, and the question again."""
    conflict = open_conflict(turn)
    if conflict is not None:
        return ask_conflict(turn, conflict, explained=True)
    question = pending(turn)
    return next_reply(turn) if question is None else ask(turn, question, "hint", "explain")


def choose_edit(turn: Turn, slots: Iterable[str] | None = None) -> Reply:
    """The answers so far (or some of them), to pick the one to change."""
    edition = turn.published.edition
    choices = [
        Choice(f"{Command.EDIT}:{slot}", f"{title_at(edition, turn.sheet, slot)}：{shown(turn, slot)}")
        for slot in (_answered(turn) if slots is None else slots)
    ]
    return Reply(
        "notice",
        "edit",
        choices=(*choices, Choice(Command.RESUME, "不改了，继续")),
        data={"any": bool(choices)},
    )


def edit_named(turn: Turn, words: str) -> Reply | None:
    """Change the answer that somebody names; where several may be meant, ask which."""
    close = _named(turn, words)
    if len(close) == 1:
        return start_edit(turn, close[0])
    return choose_edit(turn, close) if close else None


def slot_named(turn: Turn, words: str) -> str | None:
    """The one answered slot that the words name."""
    close = _named(turn, words)
    return close[0] if len(close) == 1 else None


def _named(turn: Turn, words: str) -> list[str]:
    """The answered slots that words may name, by title or by letters of it in order (营收 for 营业收入)."""
    edition = turn.published.edition
    titles = {slot: title_at(edition, turn.sheet, slot) for slot in _answered(turn)}
    exact = [slot for slot, title in titles.items() if words == title]
    return exact or [slot for slot, title in titles.items() if words in title or _in_order(words, title)]


def _in_order(words: str, title: str) -> bool:
    letters = iter(title)
    return len(words) > 1 and all(letter in letters for letter in words)


def _answered(turn: Turn) -> Iterator[str]:
    """The slots in the order in which they were first answered."""
    return (slot for slot in turn.sheet.entries if slot.rsplit(".", 1)[-1] not in {EXACTLY, KEPT})


def show_result(turn: Turn) -> Reply:
    """The result as far as it is known; what is being changed stays being changed."""
    if all(slot.startswith(ABOUT) for slot in turn.sheet.entries):
        return tell(turn, "no-result")
    if asked_now(turn) is None and turn.state != "finished":
        return next_reply(turn)
    return result(turn)


def pause(turn: Turn, *, stopped: bool = False) -> Reply:
    """Stop here; everything answered, and what is being changed, is kept until the owner comes back. `stopped`: nothing
    goes to them unasked from now on, whatever they subscribed to.
    """
    step_aside(turn)
    if stopped:
        hear_no_more(turn)
    if turn.state == "open":
        turn.state = "paused"
    asked = asked_now(turn)
    left = 0 if asked is None else asked.data.get("remaining", 0)
    data = {"remaining": left, "finished": turn.state == "finished", "stopped": stopped}
    return Reply("notice", "paused", choices=(Choice(Command.RESUME, "继续"),), data=data)


def be_sure(turn: Turn, what: Command, **data: Json) -> Reply:
    """Ask for a yes before something that cannot be taken back."""
    turn.focus = {**turn.focus, SURE: str(what)}
    labels = {Command.RESTART: "确认重来", Command.DELETE: "确认删除"}
    choices = (Choice(f"{SURE}:{what}", labels[what]), Choice(NOT_SURE, "不，回到原来的地方"))
    return Reply("confirm", f"sure-{what}", choices=choices, data={"new_year": _new_year_of(turn), **data})


def _new_year_of(turn: Turn) -> int | None:
    """The year that a restart would begin, None where it begins the same one again."""
    return None if turn.year == turn.last_year else turn.last_year


def restart(turn: Turn) -> Reply:
    """Withdraw every answer (they stay on record) and begin anew; in a new year, with a new assessment."""
    turn.focus = {}
    if turn.year != turn.last_year:
        return _new_year(turn)
    for slot in list(turn.sheet.entries):
        if not slot.startswith(ABOUT):
            turn.fill(slot, Entry("withdrawn"), rule="restart")
    turn.state = "open"
    return next_reply(turn, restarted=True)


def _new_year(turn: Turn) -> Reply:
    """A fresh assessment of the same firm, which keeps its name, city and code."""
    described = [(slot, entry) for slot, entry in turn.sheet.entries.items() if slot.startswith(ABOUT)]
    turn.move_to(turn.begin(turn.assessment.firm_id))
    for slot, entry in described:
        turn.fill(slot, entry, rule="carried over")
    return next_reply(turn, new_year=turn.year)


def answer_skipped(turn: Turn) -> Reply:
    """Bring back what was put aside."""
    for slot in skipped(turn):
        turn.fill(slot, Entry("withdrawn"), rule="unskip")
    turn.state = "open"
    return next_reply(turn)


def keep_conflict(turn: Turn) -> Reply:
    """The owner insists on two answers that do not fit: note it and go on."""
    conflict = open_conflict(turn)
    if conflict is not None:
        turn.fill(conflict_slot(conflict), Entry("value", values_of(turn, conflict)), rule="button")
    return next_reply(turn)


def tell(turn: Turn, topic: str, **data: Json) -> Reply:
    """Something by the way, and what is open."""
    asked = asked_now(turn)
    return Reply(
        "notice",
        topic,
        fact=None if asked is None else asked.fact,
        choices=asked.choices if asked else (Choice(Command.RESUME, "继续"),),
        data={**data, "then": dict(asked.data) if asked else None},
        revision=None if asked is None else asked.revision,
    )


def cannot_read(turn: Turn, kind: str) -> Reply:
    """A photo, a voice message, a changed message: what helps instead, and what is open."""
    turn.focus = {name: held for name, held in turn.focus.items() if name != SURE}
    return tell(turn, "unreadable", what=kind)


CONTROLS: Mapping[Command, Callable[[Turn], Reply]] = {
    Command.START: greet,
    Command.RESUME: resume,
    Command.BACK: go_back,
    Command.EXPLAIN: explain,
    Command.EDIT: choose_edit,
    Command.RESULT: show_result,
    Command.PAUSE: pause,
    Command.STOP: lambda turn: pause(turn, stopped=True),
    Command.RESTART: lambda turn: be_sure(turn, Command.RESTART),
    Command.DELETE: lambda turn: be_sure(turn, Command.DELETE),
    Command.UNSKIP: answer_skipped,
    Command.DEEP: lambda turn: start_edit(turn, TOPICS),
    Command.HELP: lambda turn: tell(turn, "help"),
}
