"""A talk as bubbles, and what stands under the newest: buttons, and a field for what is typed, fit for what is asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.choosing import CHOSEN
from flows.choosing import NONE as NONE_OF_THEM
from flows.commands import Command
from flows.interview import reply_of
from flows.messages import Choice, Reply
from models.transcript import Exchange

_QUIET = {Command.UNKNOWN, Command.SKIP, Command.BACK, Command.EXPLAIN, Command.COLLEAGUE}
_PICKED = "✓ "
_ASIDES = {"echo", "started", "same", "welcome", "resumed", "first", "noted", "switched", "overtaken"}
_MODES = {
    "money": "decimal",
    "percent": "decimal",
    "count": "numeric",
    "year": "numeric",
    "month": "decimal",
}
_UNITS = ("万元", "亿元")


@dataclass(frozen=True, slots=True)
class Bubbles:
    """What somebody said and what they were answered; `said` None: nobody asked. `id` 0: shown, and stored nowhere."""

    id: int
    key: str
    said: str | None
    reply: Reply

    @property
    def told(self) -> Mapping[str, Any]:
        """What is told of the open question, be it after something by the way."""
        then = self.reply.data.get("then")
        return then if isinstance(then, dict) else self.reply.data


@dataclass(frozen=True, slots=True)
class Button:
    """A choice; `pressed` is None for one that is not switched on and off."""

    key: str
    label: str
    pressed: bool | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """What can be answered. The buttons bring `about` and `revision` back, the text brings `bound`: what was asked above it."""

    key: str
    about: str
    revision: str
    bound: int
    options: list[Button]
    quiet: list[Button]
    label: str
    mode: str
    units: tuple[str, ...]
    draft: str = ""
    example: str = ""


def bubbles_of(rows: Iterable[Exchange]) -> list[Bubbles]:
    """The exchanges that this version can read. Options tapped one after the other are one answer: only the last is shown."""
    shown: list[Bubbles] = []
    for row in rows:
        reply = reply_of(row)
        if reply is None:
            continue
        if shown and is_toggle(shown[-1].reply, reply):
            shown[-1] = Bubbles(row.id, row.reply_to, shown[-1].said, _kept(shown[-1].reply, reply))
        else:
            shown.append(Bubbles(row.id, row.reply_to, row.said, reply))
    return shown


def is_toggle(before: Reply, after: Reply) -> bool:
    """Whether only an option was switched on or off: the very same question again."""
    same = after.kind == "question" and (before.fact, before.revision) == (after.fact, after.revision)
    keys = {choice.key for choice in (*before.choices, *after.choices)}
    return same and CHOSEN in keys and not _ASIDES & after.data.keys()


def is_toggled(choice: str | None, revision: int | None, reply: Reply) -> bool:
    """The same of the reply to a tap."""
    options = {each.key for each in reply.choices}
    is_same = choice in options and revision == reply.revision and reply.kind == "question"
    return is_same and bool({CHOSEN, NONE_OF_THEM} & options) and not _ASIDES & reply.data.keys()


def with_what_is_asked(bubbles: list[Bubbles], asked: Reply | None) -> tuple[list[Bubbles], Reply]:
    """The bubbles, with what is asked now where their newest does not tell it (another phone or channel went on), and the
    reply under which one answers."""
    newest = next((each.reply for each in reversed(bubbles) if each.said is not None), None)
    if newest is not None and not _has_moved_on(newest, asked):
        return bubbles, newest
    last = bubbles[-1].reply if bubbles else None
    if last is not None and asked is not None and last.topic == asked.topic == "welcome":
        return bubbles, last  # the notice stands there already, with what a code opened
    if asked is None:
        asked = Reply("notice", "help", choices=_WAYS_ON, data={"then": None})
    elif bubbles and asked.topic not in {"welcome", "changed"}:
        asked = Reply(
            asked.kind,
            asked.topic,
            asked.fact,
            asked.choices,
            {**asked.data, "welcome": True},
            None,
            asked.revision,
        )
    return [*bubbles, Bubbles(0, "", None, asked)], asked


_WAYS_ON = (Choice(Command.RESUME, "继续"), Choice(Command.RESULT, "看结果"))


def _has_moved_on(newest: Reply, asked: Reply | None) -> bool:
    """Whether something else is asked by now than under the newest reply."""
    if asked is None or asked.revision is None:
        return newest.revision is not None and asked is None
    return asked.revision != newest.revision and (newest.revision is not None or newest.topic == "done")


def label_of(choice: str, replies: Iterable[Reply]) -> str:
    """The words on a button, by the newest reply that shows it."""
    for reply in replies:
        for each in (*map(_plain, reply.choices), *_change(reply)):
            if each.key == choice:
                return each.label
    return MENU.get(choice, "（按钮）")


def _plain(choice: Choice) -> Button:
    return Button(choice.key, choice.label.removeprefix(_PICKED))


MENU: dict[str, str] = {
    Command.RESUME: "继续",
    Command.RESULT: "看结果",
    Command.EDIT: "改答案",
    Command.PAUSE: "先到这里",
    Command.FIRMS: "换一家企业",
    Command.REPORT: "要报告",
    Command.MOVE: "换个地方接着答",
    Command.KEEP_CODE: "续测码",
    Command.ADVISOR: "找顾问",
    Command.SUBSCRIBE: "订阅",
    Command.HELP: "帮助",
    Command.MYDATA: "我的数据",
    Command.RESTART: "重新开始",
    Command.DELETE: "删除我的数据",
}
"""What can be said at any moment, behind one button of the page."""


def _kept(before: Reply, after: Reply) -> Reply:
    """The question with the options as they are now, and what was said before it as it was."""
    return Reply(
        before.kind, before.topic, after.fact, after.choices, before.data, before.result, after.revision
    )


def area_of(key: str, newest: Reply, asked: Reply | None, *, draft: str = "", plain: bool = False) -> Area:
    """What stands under `newest`; `asked` is what the talk waits for. `plain`: the ordinary keyboard is wanted."""
    told = Bubbles(0, "", None, newest).told
    is_put = asked is not None and newest.revision == asked.revision and bool(told.get("ask"))
    mode = _MODES.get(str(told.get("reads")), "text") if is_put else "text"
    is_open = is_put and mode != "text"
    buttons = [_button(choice, newest) for choice in newest.choices]
    return Area(
        key=key,
        about=newest.fact or "",
        revision="" if newest.revision is None else str(newest.revision),
        bound=(None if asked is None else asked.revision) or 0,
        options=[each for each in buttons if each.key not in _QUIET],
        quiet=[*_change(newest), *(each for each in buttons if each.key in _QUIET)],
        label=str(told["title"]) if is_put else "想说的话",
        mode="text" if plain else mode,
        units=_UNITS if is_open and mode == "decimal" and told["reads"] == "money" else (),
        draft=draft,
        example=str(told.get("example") or "") if is_put else "",
    )


def _button(choice: Choice, reply: Reply) -> Button:
    several = {each.key for each in reply.choices} & {CHOSEN, NONE_OF_THEM} and "ask" in Bubbles(
        0, "", None, reply
    ).told
    if not several or choice.key in _NEVER_PRESSED:
        return Button(choice.key, choice.label)
    return Button(choice.key, choice.label.removeprefix(_PICKED), pressed=choice.label.startswith(_PICKED))


_NEVER_PRESSED = {*_QUIET, CHOSEN, NONE_OF_THEM, Command.RESUME, "as-before"}


def _change(reply: Reply) -> Iterator[Button]:
    """What was typed is easily mistyped: one tap changes it."""
    echo = reply.data.get("echo")
    if echo and echo["kind"] == "value" and echo["by_hand"]:
        yield Button(f"{Command.EDIT}:{echo['slot']}", f"改{echo['title']}")
