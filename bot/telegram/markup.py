"""Neutral markup into Telegram's HTML, in pieces that Telegram takes. The one place that escapes."""

import re
from functools import lru_cache

LONGEST = 4096  # UTF-16 units
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@lru_cache(16)  # a bulletin goes to many in the same words
def to_html(text: str) -> str:
    """Everything is escaped; then `**` becomes bold."""
    return _BOLD.sub(r"<b>\1</b>", text.translate(_ESCAPES))


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Pieces of at most `longest` units: cut between paragraphs, else between lines, else anywhere."""
    if 2 * len(text) <= longest or units(text) <= longest:  # short ones need no counting
        return [text]
    for mark in ("\n\n", "\n"):
        pieces = _packed(text.split(mark), mark, longest)
        if len(pieces) > 1:
            return [part for piece in pieces for part in split(piece, longest)]
    head, tail = _halved(text, longest // 2 - 2)  # whatever the letters, that fits with two asterisks
    return [head, *split(tail, longest)]


def _halved(text: str, cut: int) -> tuple[str, str]:
    """Cut a line; what is bold on both sides of the cut is closed and opened again."""
    bold = next((each for each in _BOLD.finditer(text) if each.start() < cut < each.end()), None)
    if bold is None:
        return text[:cut], text[cut:]
    if not bold.start(1) < cut < bold.end(1):  # beside the asterisks or between them
        cut = bold.start() if cut <= bold.start(1) else bold.end()
        return text[:cut], text[cut:]
    return f"{text[:cut]}**", f"**{text[cut:]}"


def _packed(parts: list[str], mark: str, longest: int) -> list[str]:
    """Neighbouring parts joined again as long as they fit."""
    pieces = [parts[0]]
    for part in parts[1:]:
        joined = f"{pieces[-1]}{mark}{part}"
        if units(joined) <= longest:
            pieces[-1] = joined
        else:
            pieces.append(part)
    return [piece for piece in pieces if piece.strip()]
