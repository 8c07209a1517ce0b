"""Messages to a firm's owner that nobody asked for just now: they go out over the account on which the owner talked last."""

from datetime import datetime

from sqlalchemy import Connection

from flows.messages import Reply
from models.outbox import NewMessage, put
from models.person import Account


def tell_owner(connection: Connection, account: Account, reply: Reply, key: str, at: datetime) -> None:
    """Store a message of its own for an account. `key` names it, so that it is stored once."""
    news = NewMessage(
        account.channel, account.address, key, reply.kind, reply.to_json(), account_id=account.id
    )
    put(connection, news, at)
