"""Who a page has been shown to be on another channel (Telegram says who opens its Mini App). Of a stranger only memory knows
it: their other account is stored once they agree, with the one that they agree on.
"""

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from flows.messages import Incoming
from models.merging import current_assessment, rename_address
from models.person import Account, accounts_of, add_account, find_account
from models.talk import set_focus

Place: TypeAlias = tuple[str, str]
"""A channel and an address there."""

_MOST = 10_000
_vouched: WeakKeyDictionary[Engine, OrderedDict[Place, Place]] = WeakKeyDictionary()
_lock = Lock()


def recognise(  # noqa: PLR0913, PLR0917  two places, and the one that takes the second one's stead
    connection: Connection, channel: str, before: str, after: str, elsewhere: Place, at: datetime
) -> None:
    """Let the address `after` belong to the person at `elsewhere`; `before` is what the same browser was known by.

    A talk of somebody else's at `before` stays theirs, and is left there: two people may share a browser.
    """
    known, here = find_account(connection, *elsewhere), find_account(connection, channel, before)
    if known is not None and (here is None or here.person_id != known.person_id):
        account = add_account(connection, known.person_id, channel, after, at)
        set_focus(connection, account.id, current_assessment(connection, known.person_id), None, at)
        return
    if known is None and here is not None:
        theirs = {each.channel for each in accounts_of(connection, here.person_id)}
        if elsewhere[0] in theirs:  # of another account there
            here = None
        else:
            add_account(connection, here.person_id, *elsewhere, at)
    if here is not None:
        rename_address(connection, channel, before, after)
    else:
        _vouch(connection, (channel, after), elsewhere)


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
