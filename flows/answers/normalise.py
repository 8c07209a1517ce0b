"""One spelling for what people type: width, script, case, dashes, spaces. No meaning is read here."""

from __future__ import annotations

import unicodedata
from functools import cache

import opencc

from flows.answers.patterns import Pattern

LONGEST = 200  # an answer is a sentence; longer texts are pasted documents

_DASHES = Pattern(r"[-‐‑‒–—―−﹣~〜∼˜]+")
_SKIN_TONES = Pattern("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
_SURROGATES = Pattern("[\ud800-\udfff]")
_POINT_BETWEEN_DIGITS = Pattern(r"(?<=[0-9])[。·](?=[0-9])")
_BREAKS = Pattern(r"[\r\n]+")
_SPACES = Pattern(r"\s+")
_SPACE_THAT_SEPARATES = Pattern(r"(?<=[0-9a-z.,]) (?=[0-9a-z])")
# NFKC would glue these to the digits before them: 10² must not become 102, nor 3½ become 31/2.
_GLUED = ("<super>", "<sub>", "<fraction>", "<square>")
_ENUMERATED = Pattern("[①-⒛❶-➓㈠-㈩㊀-㊉]")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("tw2s")


def normalise(text: str) -> str:
    """Simplified, half width, lower case, spaces only where they part two ASCII words. Never raises."""
    text = _SURROGATES.sub("\ufffd", text).replace("\0", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", "".join(map(_unglued, text)))
        text = _SKIN_TONES.sub("", _converter().convert(text))
    text = "".join(c for c in text.lower() if unicodedata.category(c) not in {"Cf", "Cc"} or c in "\r\n\t")
    text = _close_up(_SPACES.sub(" ", _BREAKS.sub(",", text.strip())))
    return _POINT_BETWEEN_DIGITS.sub(".", _DASHES.sub("-", text))


def _unglued(char: str) -> str:
    if _ENUMERATED.match(char):
        return f" {int(unicodedata.numeric(char, 0))} "
    if unicodedata.decomposition(char).startswith(_GLUED):
        return "^"
    return char


def _close_up(text: str) -> str:
    """Drop the spaces of `百 分 之 2`; keep the one of `2 3`, which may be two numbers."""
    if " " not in text:
        return text
    return _SPACE_THAT_SEPARATES.sub("\0", text).replace(" ", "").replace("\0", " ")
