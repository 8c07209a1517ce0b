"""The codes by which questions are handed on and talks go on elsewhere: how they look, how they are recognised, how often
one may guess.

Of tries, and of who sent a code before agreeing to the notice, only this process knows, and only for a while: of people
who did not agree nothing is stored. After a restart the code is simply sent once more.
"""

import hashlib
import re
import secrets
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from flows.messages import Incoming

_LETTERS, _DIGITS = "ABCDEFGHJKMNPQRSTVWXYZ", "23456789"  # nothing that is taken for something else
_GROUP = 4
SHORT, LONG = 2, 4  # groups of a code that is good once, and of one that is good for long: 39 and 78 bits
_MOST_WRONG, _WITHIN = 5, timedelta(hours=1)
_MOST = 10_000  # people remembered for one database; whoever came first is forgotten first
_DASHES = re.compile(r"\s*[-‐‑‒–—―−﹣]+\s*")
_SIGNS = rf"[{_LETTERS}{_DIGITS}]{{{_GROUP}}}"
_CODE = re.compile(rf"(?:{_SIGNS}){{{SHORT}}}(?:(?:{_SIGNS}){{{LONG - SHORT}}})?")
_DASHED = re.compile(rf"(?<![0-9A-Z-]){_SIGNS}-{_SIGNS}(?:-{_SIGNS}-{_SIGNS})?(?![0-9A-Z-])")
_LINKED = re.compile(r"/(?:START(?:@\w+)?\s+)?[HM]_(\S+)")
_HIDDEN = "（码）"
_LONGEST = 100

Sender: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class _Remembered:
    """`wrong`: the messages that held a wrong code, with their time; `carried`: codes that wait for consent."""

    wrong: OrderedDict[Sender, dict[str, datetime]] = field(default_factory=OrderedDict)
    carried: OrderedDict[Sender, str] = field(default_factory=OrderedDict)


_remembered: WeakKeyDictionary[Engine, _Remembered] = WeakKeyDictionary()
_lock = Lock()


def new_code(groups: int = SHORT) -> str:
    """A fresh code as people see it: `K7MQ-2XPD`; always with a letter and a digit, so that it is no word and no number."""
    while True:
        code = "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(groups * _GROUP))
        if _is_code(code):
            return _grouped(code)


def fingerprint(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(f"handover:{code.replace('-', '')}".encode()).hexdigest()


def code_in(text: str | None) -> str | None:
    """The code that a message is, or that stands in it with its dash (also as `/start h_...`); None for anything else."""
    if not text or len(text) > _LONGEST:
        return None
    said = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip().strip(".。!,，「」“”\"'").upper()
    linked = _LINKED.fullmatch(said)
    whole = (said if linked is None else linked[1]).replace("-", "").replace(" ", "")
    if _is_code(whole):
        return _grouped(whole)
    if linked is not None:
        return linked[1]  # meant for a code, though it cannot be one of ours
    within = _DASHED.search(said)
    return within[0] if within is not None and _is_code(within[0].replace("-", "")) else None


def without_code(text: str | None) -> str | None:
    """What may be kept of a message: one that is, or holds, a code is not."""
    return text if code_in(text) is None else _HIDDEN


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _is_code(word: str) -> bool:
    return _CODE.fullmatch(word) is not None and not (word.isalpha() or word.isdecimal())


def may_try(connection: Connection, incoming: Incoming) -> bool:
    """Whether this sender has not sent too many wrong codes within the hour."""
    with _lock:
        wrong = _of(connection).wrong.get(_sender(incoming), {})
        since = incoming.at - _WITHIN
        return len([at for key, at in wrong.items() if at > since and key != incoming.key]) < _MOST_WRONG


def note_wrong(connection: Connection, incoming: Incoming) -> None:
    """One more wrong code; the same message tried again counts once."""
    with _lock:
        people = _of(connection).wrong
        since = incoming.at - _WITHIN
        fresh = {key: at for key, at in people.pop(_sender(incoming), {}).items() if at > since}
        people[_sender(incoming)] = {**fresh, incoming.key: incoming.at}
        if len(people) > _MOST:
            people.popitem(last=False)


def carry(connection: Connection, incoming: Incoming, code: str) -> None:
    """Keep a good code's fingerprint until its sender has agreed to the notice."""
    with _lock:
        people = _of(connection).carried
        people[_sender(incoming)] = fingerprint(code)
        if len(people) > _MOST:
            people.popitem(last=False)


def carried(connection: Connection, incoming: Incoming) -> str | None:
    """The fingerprint of the code that they sent before they agreed. It stays, because a turn may run again."""
    with _lock:
        return _of(connection).carried.get(_sender(incoming))


def put_down(connection: Connection, incoming: Incoming) -> None:
    """The code that waited has done its work."""
    with _lock:
        _of(connection).carried.pop(_sender(incoming), None)


def _of(connection: Connection) -> _Remembered:
    return _remembered.setdefault(connection.engine, _Remembered())


def _sender(incoming: Incoming) -> Sender:
    return incoming.channel, incoming.sender
