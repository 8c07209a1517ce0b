"""Who a page has been shown to be on another channel (Telegram says who opens its Mini App). Of a stranger only memory knows
it: their other account is stored once they agree, with the one that they agree on.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from flows.messages import Incoming
from models.merging import current_assessment, firms_answered
from models.person import Account, add_account, find_account
from models.talk import set_focus

Place: TypeAlias = tuple[str, str]
"""A channel and an address there."""

_MOST = 10_000
_vouched: WeakKeyDictionary[Engine, OrderedDict[Place, Place]] = WeakKeyDictionary()
_lock = Lock()


def recognise(connection: Connection, here: Place, elsewhere: Place, at: datetime) -> None:
    """Let a fresh address `here` belong to the person at `elsewhere`, which its holder has said to be their own.

    What the same browser was known by before stays whose it is: that two tell of themselves through one browser does not
    make them one person. Only a code brings such a talk along.
    """
    known = find_account(connection, *elsewhere)
    if known is None:
        _vouch(connection, here, elsewhere)
    elif find_account(connection, *here) is None:  # else the same button again
        account = add_account(connection, known.person_id, *here, at)
        set_focus(connection, account.id, current_assessment(connection, known.person_id), None, at)


@dataclass(frozen=True, slots=True)
class Met:
    """What there is where two places meet in one browser: whether there is a talk here with answers in it, whether the other
    channel knows its account, and whether both are one person already."""

    has_talk: bool
    is_known: bool
    is_same: bool


def met(connection: Connection, here: Place, elsewhere: Place) -> Met:
    """What Telegram signed tells who is on Telegram, not that the same human holds the browser: a link can bring anybody's.
    Unless both are one person already, somebody has to say so by a button; this is what it has to name."""
    mine, theirs = find_account(connection, *here), find_account(connection, *elsewhere)
    return Met(
        has_talk=mine is not None and firms_answered(connection, mine.person_id) > 0,
        is_known=theirs is not None,
        is_same=mine is not None and theirs is not None and mine.person_id == theirs.person_id,
    )


def admit_vouched(connection: Connection, incoming: Incoming) -> Account | None:
    """Who agrees now, as the person whom the other channel knows by now; None where it knows nobody."""
    elsewhere = _elsewhere(connection, incoming)
    known = None if elsewhere is None else find_account(connection, *elsewhere)
    if known is None:
        return None
    return add_account(connection, known.person_id, incoming.channel, incoming.sender, incoming.at)


def add_vouched(connection: Connection, incoming: Incoming, account: Account) -> None:
    """Who agreed is reached on the other channel too, where that is nobody's yet."""
    elsewhere = _elsewhere(connection, incoming)
    if elsewhere is not None and find_account(connection, *elsewhere) is None:
        add_account(connection, account.person_id, *elsewhere, incoming.at)


def _vouch(connection: Connection, here: Place, elsewhere: Place) -> None:
    with _lock:
        people = _vouched.setdefault(connection.engine, OrderedDict())
        people[here] = elsewhere
        if len(people) > _MOST:
            people.popitem(last=False)


def _elsewhere(connection: Connection, incoming: Incoming) -> Place | None:
    """It stays, because a turn may run again."""
    with _lock:
        return _vouched.get(connection.engine, OrderedDict()).get((incoming.channel, incoming.sender))
