"""What the loader complains of in an edition, in the language of the page: `file:line: what, what to do` taken apart, and said
in Chinese by locale/zh/complaints.po. What is not there is told as the loader said it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from models.staff import Language
from web.console.wording import LOCALE, entries_of

_COMPLAINT = re.compile(r"(.+?):(\d+): (.*)", re.DOTALL)
_BLANK = re.compile(r"\\\{([a-z])\\\}")
_HINTS = (
    (re.compile(r"; did you mean '([^']+)'\?$"), "；是不是想写“{}”？"),
    (re.compile(r"; known are: (.+)$"), "；可以写：{}"),
)
_FOUND = {"a mapping": "一对一对的键和值", "a list": "列表", "a single value": "一个值", "nothing": "空的"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong: in which file and line, what it is and what to do. `line` 0: it has no place."""

    file: str
    line: int
    text: str


def mistakes(lines: Iterable[str], language: Language) -> list[Mistake]:
    """Complaints as a page tells them."""
    found = []
    for each in lines:
        match = _COMPLAINT.fullmatch(each)
        file, line, text = (match[1], int(match[2]), match[3]) if match else ("", 0, each)
        found.append(Mistake(file, line, in_chinese(text) if language == "zh" else text))
    return found


def in_chinese(text: str) -> str:
    """A complaint without its place."""
    for hint, told in _HINTS:
        if match := hint.search(text):
            return _said(text[: match.start()]) + told.format(match[1])
    return _said(text)


def _said(text: str) -> str:
    for pattern, told in _patterns():
        if match := pattern.fullmatch(text):
            blanks = {name: _FOUND.get(value, value) for name, value in match.groupdict().items()}
            return told.format(**blanks)
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Those that say more by themselves come first."""
    text = (LOCALE.parent / "zh" / "complaints.po").read_text(encoding="utf-8")
    known = sorted(entries_of(text), key=lambda each: -len(re.sub(r"\{.\}", "", each[0])))
    return [
        (re.compile(_BLANK.sub(r"(?P<\1>.*?)", re.escape(source)), re.DOTALL), told) for source, told in known
    ]
