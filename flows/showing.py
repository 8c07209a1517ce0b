"""How a message stands on a channel before anybody gets it (预览). A channel shows its own; a letter is the same everywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from flows.messages import Reply
from flows.render import render


@dataclass(frozen=True, slots=True)
class Piece:
    """One message on a channel: `text` in neutral markup, `sent` as it goes over the wire, `size` of `most` as that counts."""

    text: str
    sent: str
    size: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a channel shows it: its pieces, and under the last one the buttons by their labels, row by row."""

    pieces: tuple[Piece, ...]
    buttons: tuple[tuple[str, ...], ...] = ()
    subject: str = ""


Show: TypeAlias = Callable[[Reply], Shown]


def as_letter(reply: Reply) -> Shown:
    """As e-mail: a subject, and plain words."""
    words = render(reply)
    return Shown((Piece(words, words.replace("**", "")),), subject=str(reply.data.get("title", "")))
