"""The console in Chinese and in English: Chinese is the key, locale/en/*.po holds the English, stdlib gettext looks it up."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import TypeAlias

from models.staff import Language

LOCALE = Path(__file__).parent / "locale" / "en"
Translate: TypeAlias = Callable[..., str]


class Phrase(str):
    """Words in Python code that a page shows; a test looks for their English. (`t("...")` in templates needs no mark.)"""

    __slots__ = ()


class _Catalogue(NullTranslations):
    def __init__(self, entries: dict[str, str]) -> None:
        super().__init__()
        self._entries = entries

    def gettext(self, message: str) -> str:
        return self._entries.get(message, message)


def translator(language: Language) -> Translate:
    """Return `t(text, **values)`: the text in that language, with `{name}` filled in."""
    catalogue = _catalogue(language)

    def translate(text: str, **values: object) -> str:
        told = catalogue.gettext(text)
        return told.format(**values) if values else told

    return translate


@cache
def _catalogue(language: Language) -> NullTranslations:
    return NullTranslations() if language == "zh" else _Catalogue(english())


def english() -> dict[str, str]:
    """Return every entry of every file; one that is there twice with two meanings raises ValueError."""
    found: dict[str, str] = {}
    for path in sorted(LOCALE.glob("*.po")):
        for source, told in entries_of(path.read_text(encoding="utf-8")):
            if found.setdefault(source, told) != told:
                raise ValueError(f"{path.name}: '{source}' is translated in two ways")
    return found


def entries_of(text: str) -> Iterator[tuple[str, str]]:
    """Read what we write of the format, msgid and msgstr of a line each: pairs of the two."""
    source = ""
    for line in text.splitlines():
        word, _, quoted = line.partition(" ")
        if word == "msgid":
            source = json.loads(quoted)
        elif word == "msgstr" and source:
            yield source, json.loads(quoted)
