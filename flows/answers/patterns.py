"""Regular expressions compiled when first used: compiling them all would triple the start-up time."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property

Match = re.Match[str]


class Pattern:
    """The part of `re.Pattern` this package uses, compiled on first use."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source = source
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> Match | None:
        return self.compiled.match(text, start, end)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> Match | None:
        return self.compiled.search(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> Match | None:
        return self.compiled.fullmatch(text, start, end)

    def finditer(self, text: str) -> Iterator[Match]:
        return self.compiled.finditer(text)

    def sub(self, replacement: str | Callable[[Match], str], text: str) -> str:
        return self.compiled.sub(replacement, text)

    def split(self, text: str) -> list[str]:
        return self.compiled.split(text)
