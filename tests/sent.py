"""For tests that need a reply to have gone out, however it did."""

from datetime import datetime

from sqlalchemy import Connection

from models.sending import settle, take


def mark_sent(connection: Connection, message_id: int, at: datetime) -> None:
    """Take a reply that waits and mark it sent at once."""
    fence = take(connection, message_id, at, at)
    assert fence is not None
    assert settle(connection, message_id, fence, at, None)
