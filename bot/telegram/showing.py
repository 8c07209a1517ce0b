"""How a reply will stand on Telegram: in which pieces, how long each is, its HTML and its buttons; nothing is sent."""

from bot.telegram.keyboard import keyboard_of
from bot.telegram.markup import LONGEST, split, to_html, units
from flows.messages import Reply
from flows.render import render
from flows.showing import Piece, Shown


def as_shown(reply: Reply) -> Shown:
    """Sizes are UTF-16 units without the marks, as Telegram counts them."""
    pieces = (
        Piece(text, to_html(text), units(text.replace("**", "")), LONGEST) for text in split(render(reply))
    )
    keyboard = keyboard_of(reply)
    rows = () if keyboard is None else keyboard["inline_keyboard"]
    return Shown(tuple(pieces), tuple(tuple(button["text"] for button in row) for row in rows))
