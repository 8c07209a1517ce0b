"""A reply's choices as rows of buttons: the options by their length, then what can always be said, then the rest."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from bot.telegram.buttons import pack
from flows.commands import Command
from flows.messages import Choice, Reply

Keyboard: TypeAlias = dict[str, list[list[dict[str, Any]]]]
"""An InlineKeyboardMarkup as the Bot API takes it: the library's objects cost a tenth of a whole turn."""

_ROW_WIDTH, _MOST_IN_ROW, _MOST_ROWS = 28, 4, 23
_OPENS_THE_PAGE = {"welcome", "help", "passage-move", "passage-code"}
_ALWAYS = {Command.UNKNOWN, Command.SKIP, Command.BACK, Command.EXPLAIN}


def keyboard_of(reply: Reply, app: str = "") -> Keyboard | None:
    """The buttons, None where there are none to show. `app`: the address of the same talk as a page."""
    choices = [choice for choice in reply.choices if choice.key not in _ALWAYS]
    always = [choice for choice in reply.choices if choice.key in _ALWAYS]
    rows = [*_by_length(choices), *([always] if always else []), *_change(reply)]
    packed = ([(choice.label, pack(reply, choice)) for choice in row] for row in rows[:_MOST_ROWS])
    buttons: list[list[dict[str, Any]]] = [
        [{"text": label, "callback_data": data} for label, data in row if data] for row in packed
    ]
    if app and reply.topic in _OPENS_THE_PAGE:
        buttons.append([{"text": "用网页测", "web_app": {"url": app}}])
    return {"inline_keyboard": [row for row in buttons if row]} if any(buttons) else None


def _change(reply: Reply) -> Iterator[list[Choice]]:
    """What was typed is easily mistyped: one tap changes it."""
    echo = reply.data.get("echo")
    if echo and echo["kind"] == "value" and echo["by_hand"]:
        yield [Choice(f"{Command.EDIT}:{echo['slot']}", f"改{echo['title']}")]


def _by_length(choices: Iterable[Choice]) -> Iterator[list[Choice]]:
    """Buttons of a row are equally wide on a phone, so the longest label decides how many fit."""
    row: list[Choice] = []
    for choice in choices:
        longer = [*row, choice]
        if (
            len(longer) > _MOST_IN_ROW
            or len(longer) * max(_width(each.label) for each in longer) > _ROW_WIDTH
        ):
            if row:
                yield row
            longer = [choice]
        row = longer
    if row:
        yield row


@lru_cache(4096)  # most labels are said again and again
def _width(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in label)
