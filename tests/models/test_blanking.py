"""A firm that goes is taken out of messages about several firms: by its number, whatever it was called then."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from models.base import JsonObject
from models.blanking import take_out_firm
from models.bulletin import NewDelivery, deliveries
from models.bulletins import add_bulletin
from models.delivering import add_deliveries
from models.firm import firms, memberships
from models.person import add_person
from models.session import Database
from tests.models.test_delivering import NOW

GOES, STAYS = 1, 2


def told(connection: Connection, data: JsonObject, state: str = "waiting") -> None:
    """A message to who speaks for both firms."""
    for number in (GOES, STAYS):
        row = {"id": number, "public_id": f"{number:032x}", "name": "甲公司", "city": None, "created_at": NOW}
        connection.execute(insert(firms), row)
    who = add_person(connection, "telegram", "1", NOW).person_id
    owned = {"person_id": who, "role": "owner", "since": NOW, "until": None}
    connection.execute(insert(memberships), [{**owned, "firm_id": number} for number in (GOES, STAYS)])
    about: Any = {"topic": "policy", "title": "新政策", "body": "正文", "audience": {}}
    made = add_bulletin(connection, **about, urgent=True, author="周顾问", at=NOW)
    add_deliveries(connection, made.id, [NewDelivery(who, None, "telegram", "1", {"data": data})], NOW)
    connection.execute(update(deliveries).values(state=state))


def left(database: Database) -> tuple[str, JsonObject]:
    row = database.read(lambda c: c.execute(select(deliveries.c.state, deliveries.c.payload)).one())
    return row[0], row[1]


def firm(number: int) -> JsonObject:
    return {"firm": number, "name": "甲公司", "changes": [{"title": "补助"}]}


def goes(connection: Connection) -> None:
    connection.execute(update(firms).where(firms.c.id == GOES).values(name="乙公司"))
    take_out_firm(connection, GOES)


def test_a_firm_that_was_renamed_goes_and_its_namesake_stays(database: Database) -> None:
    database.turn(lambda c: told(c, {"firms": [firm(GOES), firm(STAYS)]}))
    database.turn(goes)
    assert left(database) == ("waiting", {"data": {"firms": [firm(STAYS)]}})


@pytest.mark.parametrize(
    ("state", "then"), [("waiting", "cancelled"), ("held", "cancelled"), ("sent", "sent")]
)
def test_where_nothing_else_was_told_nothing_is_left(database: Database, state: str, then: str) -> None:
    database.turn(lambda c: told(c, {"firms": [firm(GOES)]}, state))
    database.turn(goes)
    assert left(database) == (then, {})


def test_no_heading_is_left_without_what_stood_under_it(database: Database) -> None:
    part = {"title": "该办的事", "body": "", "reminders": [{"firm": GOES, "name": "甲公司", "items": []}]}
    news = {"title": "新政策", "body": "正文", "reminders": []}
    database.turn(lambda c: told(c, {"firms": [], "others": [part, news]}))
    database.turn(goes)
    assert left(database) == ("waiting", {"data": {"firms": [], "others": [news]}})


def test_a_gathering_of_which_only_headings_would_be_left_is_cancelled(database: Database) -> None:
    part = {"title": "该办的事", "body": "", "reminders": [{"firm": GOES, "name": "甲公司", "items": []}]}
    database.turn(lambda c: told(c, {"firms": [], "others": [part]}))
    database.turn(goes)
    assert left(database) == ("cancelled", {})


def test_a_firm_without_a_name_takes_no_others_message_of_before_firms_had_their_number(
    database: Database,
) -> None:
    nameless = {"name": None, "changes": [{"title": "补助"}]}
    database.turn(lambda c: told(c, {"firms": [nameless]}))
    database.turn(lambda c: c.execute(update(firms).values(name=None)))
    database.turn(lambda c: c.execute(update(deliveries).values(firm_id=STAYS)))
    database.turn(lambda c: take_out_firm(c, GOES))
    assert left(database) == ("waiting", {"data": {"firms": [nameless]}})
