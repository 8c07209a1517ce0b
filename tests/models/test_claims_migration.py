"""What was on its way while the tables of claims came or went may have arrived: it is not sent again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, text

from models import schema
from models.bulletin import NewDelivery, deliveries
from models.bulletins import add_bulletin, change_bulletin
from models.delivering import add_deliveries
from models.person import add_person
from models.session import Database
from models.subscription import subscribe
from tests.models.taking import take

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BEFORE = "20261130_reminders"


def fill(connection: Connection) -> int:
    """A bulletin that is being sent to two people."""
    about: dict[str, Any] = {"topic": "policy", "title": "新政策", "body": "正文", "audience": {}}
    made = add_bulletin(connection, **about, urgent=True, author="周顾问", at=NOW)
    for address in ("1", "2"):
        account = add_person(connection, "telegram", address, NOW)
        subscribe(connection, account.person_id, account.id, "policy", frequency="at-once", at=NOW)
        new = NewDelivery(account.person_id, None, "telegram", address, {"kind": "notice"})
        add_deliveries(connection, made.id, [new], NOW)
    return change_bulletin(connection, made, {"state": "sending", "started_at": NOW}, ("draft",)).id


def states(url: str) -> Sequence[tuple[str, int]]:
    database = Database(url)
    wanted = select(deliveries.c.state, deliveries.c.attempts).order_by(deliveries.c.id)
    found = database.read(lambda c: [(row[0], row[1]) for row in c.execute(wanted)])
    database.close()
    return found


def test_what_is_on_its_way_is_unknown_in_either_direction(database_url: str) -> None:
    database = Database(database_url)
    which = database.turn(fill)
    assert len(take(database, [which], 1, NOW)) == 1
    database.close()
    schema.downgrade(database_url, BEFORE)
    assert states(database_url) == [("unknown", 1), ("waiting", 0)]
    database = Database(database_url)
    database.turn(lambda c: c.execute(text("UPDATE delivery SET state = 'sending' WHERE state = 'waiting'")))
    database.close()
    schema.upgrade(database_url)
    assert [state for state, _ in states(database_url)] == ["unknown", "unknown"]
