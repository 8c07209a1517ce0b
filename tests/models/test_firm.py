"""Firms and who speaks for them."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from models.firm import About, add_firm, describe_firm, firms_of, join_firm, memberships
from models.person import add_person
from models.session import Database
from tests.models.firms import NOW


def test_a_firm_and_its_speakers(database: Database) -> None:
    owner = database.turn(lambda c: add_person(c, "web", "1", NOW)).person_id
    other = database.turn(lambda c: add_person(c, "web", "2", NOW)).person_id
    firm = database.turn(lambda c: add_firm(c, owner, "owner", About(), NOW))
    assert database.read(lambda c: firms_of(c, owner)) == [firm]
    database.turn(lambda c: join_firm(c, other, firm.id, "finance", NOW))
    with pytest.raises(IntegrityError):
        database.turn(lambda c: join_firm(c, other, firm.id, "finance", NOW))
    database.turn(lambda c: describe_firm(c, firm.id, About("洛轴", "91410300MA0000000X", "洛阳")))
    (seen,) = database.read(lambda c: firms_of(c, other))
    assert (seen.name, seen.credit_code, seen.city) == ("洛轴", "91410300MA0000000X", "洛阳")
    database.turn(
        lambda c: c.execute(update(memberships).where(memberships.c.person_id == owner).values(until=NOW))
    )
    assert database.read(lambda c: firms_of(c, owner)) == []
