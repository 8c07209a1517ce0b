"""Taking deliveries as a worker does: the claim first, what it holds afterwards."""

from datetime import datetime
from functools import partial

from models.delivering import Taken, read_taken, take_deliveries
from models.session import Database


def take(
    database: Database, bulletin_ids: list[int], most: int, at: datetime, channel: str = "telegram"
) -> list[Taken]:
    """What one worker has in its hands from now on."""
    claims = database.turn(lambda c: take_deliveries(c, channel, bulletin_ids, most, at))
    return [taken for claim in claims for taken in database.read(partial(read_taken, claim=claim))]
