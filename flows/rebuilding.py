"""Records for assessments that have none, or one of another catalogue: those stored before, or by hand."""

from functools import partial

from sqlalchemy import Connection

from flows.editions import Editions
from flows.slots import Sheet
from models.packing import read_snapshots, store_records
from models.session import Database

_AT_ONCE = 1000


def rebuild_records(database: Database) -> int:
    """Pack the facts of every assessment anew, some at a time; how many were looked at. It can be cut off and run again."""
    editions, after, count = Editions(), 0, 0
    while True:
        found, last = database.read(partial(_pack, editions=editions, after=after))
        if not found:
            return count
        database.turn(partial(store_records, found=found))
        after, count = last, count + len(found)


def _pack(
    connection: Connection, editions: Editions, after: int
) -> tuple[list[tuple[int, int, bytes | None]], int]:
    """The next records beyond an id, and the last id among them."""
    found = []
    for which, version, edition_id, facts in read_snapshots(connection, after, _AT_ONCE):
        published, sheet = editions.by_id(connection, edition_id), Sheet.from_json(facts)
        found.append((which, version, sheet.record(published.layout, sheet.facts(published.edition))))
    return found, found[-1][0] if found else after
