"""One spelling for what people type: width, script, case, dashes, spaces. No meaning is read here."""

from __future__ import annotations

import unicodedata
from functools import cache

import opencc

from flows.answers.patterns import Pattern
from flows.answers.spacing import close_up

LONGEST = 200  # an answer is a sentence; longer texts are pasted documents

_DASHES = Pattern(r"[-‐‑‒–—―−﹣~〜∼˜]+")
_SKIN_TONES = Pattern("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
_SURROGATES = Pattern("[\ud800-\udfff]")
_POINT_BETWEEN_DIGITS = Pattern(r"(?<=[0-9])[。·](?=[0-9])")
_BREAKS = Pattern(r"[\r\n]+")
_SPACES = Pattern(r"\s+")
# NFKC would glue these to the digits before them: 10² must not become 102, nor 3½ become 31/2.
_GLUED = ("<super>", "<sub>", "<fraction>", "<square>")
_ENUMERATED = Pattern("[①-⒛❶-➓㈠-㈩㊀-㊉]")
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_NEVER_CHANGED = "\t\n\r、。“”《》【】—·" + "".join(map(chr, range(0x20, 0x7F)))
_TO_CLOSE_UP = frozenset(" |\t\r\n\f\v-‐‑‒–—―−﹣~〜∼˜。·\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029")
_CHANGED_IN_PHRASES = "坏覆沈"  # 答覆 becomes 答复, though neither character changes alone


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("tw2s")


@cache
def _settled() -> frozenset[str]:
    """Give the characters no step but case and spaces can touch: most answers have no others, and skip those steps."""
    level_one = bytes(b for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    han = level_one.decode("gb2312", "ignore")
    converted = _converter().convert("\n".join(han)).split("\n")
    kept = {char for char, simple in zip(han, converted, strict=True) if char == simple}
    return frozenset(kept.union(_NEVER_CHANGED).difference(_CHANGED_IN_PHRASES))


def normalise(text: str) -> str:
    """Simplified, half width, lower case, spaces only where they part two ASCII words. Never raises."""
    text = text.translate(_HALF_WIDTH)
    text = text if _settled().issuperset(text) else _converted(text).replace("软着", "软著")
    text = text.strip().lower()
    return text if _TO_CLOSE_UP.isdisjoint(text) else _closed_up(text)


def _converted(text: str) -> str:
    text = text.replace("\u20e3", " ")  # a keycap
    if text.isprintable() and unicodedata.is_normalized("NFKC", text) and not _ENUMERATED.search(text):
        return _SKIN_TONES.sub("", _converter().convert(text))
    text = _SURROGATES.sub("\ufffd", text).replace("\0", " ")
    text = unicodedata.normalize("NFKC", "".join(map(_unglued, text)))
    text = _SKIN_TONES.sub("", _converter().convert(text))
    return "".join(c for c in text.lower() if c in "\r\n\t" or unicodedata.category(c) not in {"Cf", "Cc"})


def _unglued(char: str) -> str:
    if _ENUMERATED.match(char):
        return f" {int(unicodedata.numeric(char, 0))} "
    if unicodedata.decomposition(char).startswith(_GLUED):
        return "^"
    return char


def _closed_up(text: str) -> str:
    """One dash for all, a point between digits; drop the spaces of `百 分 之 2`, keep that of `2 3`, which may be two numbers."""
    text = _SPACES.sub(" ", _BREAKS.sub(",", text.replace("|", " ")))
    text = close_up(text) if " " in text else text
    return _POINT_BETWEEN_DIGITS.sub(".", _DASHES.sub("-", text))
