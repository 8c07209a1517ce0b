"""Who can be reached on a channel at all: people who block us, groups, and people to whom we owe an apology."""

from datetime import timedelta

from sqlalchemy import Connection

from flows.interview import Promise
from flows.messages import Incoming, Reply
from models.outbox import NewMessage, put, stored_reply
from models.person import find_account, set_account_state
from models.sending import bury_all, waiting


def went_away(connection: Connection, channel: str, address: str, newest: int | None = None) -> None:
    """Somebody blocked us: nothing more is sent there. What they told stays until they say otherwise.

    `newest`: the newest reply that was stored before they did, if that is told. Who was answered since is back.
    """
    bury_all(connection, channel, address, "blocked", newest)
    account = find_account(connection, channel, address)
    if account is not None and not waiting(connection, channel, 0, 1, address=address):
        set_account_state(connection, account.id, "blocked")


def came_back(connection: Connection, channel: str, address: str) -> None:
    """Somebody let us in again."""
    account = find_account(connection, channel, address)
    if account is not None and account.state == "blocked":
        set_account_state(connection, account.id, "active")


def decline_group(
    connection: Connection, incoming: Incoming, lease: timedelta | None = None
) -> Promise | None:
    """Say once (to one key) that groups are not served. Stored is that this was said, of the members nothing."""
    return _say_once(connection, incoming, Reply("notice", "group"), lease, forget=False)


def apologise(connection: Connection, incoming: Incoming, lease: timedelta | None = None) -> Promise | None:
    """Answer a message that could not be handled, so that nobody waits in vain. None where it is answered by now."""
    known = find_account(connection, incoming.channel, incoming.sender) is not None
    reply = Reply("hint", "unstored", data={"known": True} if known else {})
    return _say_once(connection, incoming.storable(), reply, lease, forget=True)


def _say_once(
    connection: Connection, incoming: Incoming, reply: Reply, lease: timedelta | None, *, forget: bool
) -> Promise | None:
    if stored_reply(connection, incoming.channel, incoming.sender, incoming.key) is not None:
        return None
    message = NewMessage(
        channel=incoming.channel,
        address=incoming.sender,
        reply_to=incoming.key,
        kind=reply.kind,
        payload=reply.to_json(),
        forget=forget,
        lease_until=None if lease is None else incoming.at + lease,
    )
    return Promise(put(connection, message, incoming.at), reply)
