"""Who was shown which notice but has not agreed yet. In memory only: of people who did not agree nothing is stored.

After a restart, or from another process, the notice is simply shown once more.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from flows.messages import Incoming

_MOST = 10_000  # people at the door of one database; whoever came first is forgotten first


@dataclass(frozen=True, slots=True)
class _Shown:
    """The fingerprint of the notice, and which message it answered: that one tried again has not seen it yet."""

    sha256: str
    key: str
    at: datetime


_shown: WeakKeyDictionary[Engine, OrderedDict[tuple[str, str], _Shown]] = WeakKeyDictionary()
_lock = Lock()


def was_shown(connection: Connection, incoming: Incoming, sha256: str) -> bool:
    """Whether an earlier message of this sender was answered with this very notice."""
    with _lock:
        people = _shown.get(connection.engine)
        shown = None if people is None else people.get((incoming.channel, incoming.sender))
    return (
        shown is not None and shown.sha256 == sha256 and (shown.key, shown.at) != (incoming.key, incoming.at)
    )


def note_shown(connection: Connection, incoming: Incoming, sha256: str) -> None:
    """Remember that this message is answered with the notice."""
    with _lock:
        people = _shown.setdefault(connection.engine, OrderedDict())
        people[incoming.channel, incoming.sender] = _Shown(sha256, incoming.key, incoming.at)
        if len(people) > _MOST:
            people.popitem(last=False)


def forget_shown(connection: Connection, incoming: Incoming) -> None:
    """They agreed, and are no strangers any more."""
    with _lock:
        people = _shown.get(connection.engine)
        if people is not None:
            people.pop((incoming.channel, incoming.sender), None)
