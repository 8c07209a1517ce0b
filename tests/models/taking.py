"""Taking deliveries as a worker does: the claim first, what it holds afterwards."""

from datetime import datetime

from models.delivering import Taken, read_taken, take_deliveries
from models.session import Database


def take(
    database: Database, bulletin_ids: list[int], most: int, at: datetime, channel: str = "telegram"
) -> list[Taken]:
    """What one worker has in its hands from now on."""
    claim = database.turn(lambda c: take_deliveries(c, channel, bulletin_ids, most, at))
    return [] if claim is None else database.read(lambda c: read_taken(c, claim))
