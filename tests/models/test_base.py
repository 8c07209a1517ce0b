"""Times, ids and constraint names that all tables share."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from models.base import Base, RefusedError, new_public_id, table_of
from models.person import Account, PersonTable, add_person, find_account
from models.session import Database
from tests.models.firms import NOW


def test_a_naive_datetime_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime 2026-11-23T06:00:00"):
        database.turn(lambda c: add_person(c, "web", "a", NOW.replace(tzinfo=None)))


def test_a_moment_comes_back_as_utc(database: Database) -> None:
    in_beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    database.turn(lambda c: add_person(c, "web", "a", in_beijing))
    found = database.read(lambda c: find_account(c, "web", "a"))
    assert isinstance(found, Account)
    assert found.created_at == NOW
    assert found.created_at.utcoffset() == timedelta(0)
    assert isinstance(found.created_at, datetime)


def test_public_ids_are_128_random_bits() -> None:
    ids = {new_public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(bytes.fromhex(one)) == 16 for one in ids)


def test_every_constraint_and_index_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def test_only_a_table_has_columns_to_fill() -> None:
    assert table_of(PersonTable).name == "person"
    with pytest.raises(TypeError, match="Fake is not mapped"):
        table_of(type("Fake", (), {"__table__": None}))
    assert issubclass(RefusedError, Exception)
