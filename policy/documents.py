"""A JSON document as people write it: strictly read, and what is wrong said with file:line."""

import json
import re
from collections.abc import Iterator
from datetime import date

from policy.complaints import DocumentError, EditionError
from policy.determine import Outcome, determine
from policy.schemes import Edition
from policy.wire import read_document
from policy.wire_numbers import Json

_DIGITS = 100  # what is wrong with a shorter one is said with the path of its fact
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def read_facts_text(edition: Edition, text: str, file: str, day: date | None, today: date) -> Outcome:
    """Judge a document's facts. The day is `day`, else the document's own as_of, else today.

    Raises EditionError with one line: `file:line: what, what to do`.
    """
    document = _parse(text, file)
    try:
        _refuse_equal_keys(text)
        facts, as_of = read_document(edition, document)
    except DocumentError as error:
        raise EditionError([f"{file}:{line_of(text, error.where)}: {error}"]) from error
    return determine(edition, facts, day or as_of or today)


def _parse(text: str, file: str) -> Json:
    hint = "check commas, quotes and brackets"
    try:
        document: Json = json.loads(text, parse_constant=_no_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise EditionError([f"{file}:{error.lineno}: not readable as JSON: {error.msg}; {hint}"]) from error
    except RecursionError as error:
        raise EditionError([f"{file}:1: not readable as JSON: nested too deep; write it flatter"]) from error
    except ValueError as error:
        raise EditionError([f"{file}:1: not readable as JSON: {error}; correct it"]) from error
    return document


def _whole(digits: str) -> int:
    """A number of some thousand digits is refused by Python itself, in words that depend on its version."""
    if len(digits) > _DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _refuse_equal_keys(text: str) -> None:
    """JSON readers keep the last of two equal keys without a word."""
    seen = set()
    for path, _ in _places(text):
        if path in seen:
            raise DocumentError(path, "stands here twice; keep one")
        seen.add(path)


def line_of(text: str, where: str) -> int:
    """The line on which the last entry of a path (`facts.national_platforms[2].kind`) stands, or what it lies in; 1
    where nothing of it is there."""
    offsets = dict(_places(text))
    while where and where not in offsets:
        where = where[: max(where.rfind("."), where.rfind("["), 0)]
    return text.count("\n", 0, offsets.get(where, 0)) + 1


def _places(text: str) -> Iterator[tuple[str, int]]:
    """The path of every key and list entry of a well-formed document, with the offset at which it stands."""
    paths: list[str] = []  # of the collections that are open
    numbers: list[int] = []  # for each: the entry in a list, counted from 1, or 0 in an object
    path, begins = "", False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "]}":
            path = paths.pop()
            numbers.pop()
        elif begins and numbers[-1] == 0:
            path = f"{paths[-1]}.{json.loads(mark)}".removeprefix(".")
            yield path, token.start()
        elif begins:
            path = f"{paths[-1]}[{numbers[-1]}]"
            yield path, token.start()
        if mark in "[{":
            paths.append(path)
            numbers.append(int(mark == "["))
        elif mark == "," and numbers[-1]:
            numbers[-1] += 1
        begins = mark in "[{,"
