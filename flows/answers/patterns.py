"""Regular expressions compiled when first used: compiling them all would triple the start-up time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Match = re.Match[str]
_METHODS = ("match", "search", "fullmatch", "finditer", "sub", "split")


class Pattern:
    """The part of `re.Pattern` this package uses. From the second use on, its methods are those of the compiled one."""

    match: Callable[..., Match | None]
    search: Callable[..., Match | None]
    fullmatch: Callable[..., Match | None]
    finditer: Callable[..., Iterator[Match]]
    sub: Callable[[str | Callable[[Match], str], str], str]
    split: Callable[[str], list[str]]

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - one of the methods above
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
