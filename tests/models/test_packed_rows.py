"""Rows read as the driver has them: the same values on both databases, by edition, and errors as everywhere."""

import pytest
from sqlalchemy import Select, column, select, table, update
from sqlalchemy.exc import DBAPIError

from benchmarks.reassess import lowered, seed
from flows.editions import publish_shipped
from models.assessment import assessments
from models.bare import read_bare
from models.packing import Packed, read_packed
from models.session import Database
from tests.flows.test_reassess import firms


def test_assessments_of_earlier_years_stand_under_their_own_edition(database: Database) -> None:
    edition, pool = database.turn(publish_shipped), firms(6)
    seed(database, edition, pool, 6)
    other = lowered(database).id
    earlier = {"firm_id": 1, "fiscal_year": 2024, "edition_id": other}
    database.turn(lambda c: c.execute(update(assessments).where(assessments.c.id == 4).values(earlier)))
    records = [pool[n % 6].record for n in range(7)]
    read = database.read(lambda c: read_packed(c, (2, 5), edition))
    assert {which: (list(each.ids), list(each.records)) for which, each in read.items()} == {
        edition: ([2, 3, 5], [records[2], records[3], records[5]]),
        other: ([4], [records[4]]),
    }
    bare = database.read(lambda c: read_packed(c, (2, 3), edition, records=False))
    assert bare == {edition: Packed((2, 3), (None, None))}
    assert database.read(lambda c: read_packed(c, (7, 9), edition)) == {}


def test_an_error_of_the_driver_is_told_as_everywhere(database: Database) -> None:
    nowhere: Select[tuple[object]] = select(column("a")).select_from(table("there_is_no_such_table"))
    with pytest.raises(DBAPIError):
        database.read(lambda c: read_bare(c, nowhere, {}))
