"""Rows read and written as the driver has them, with SQLAlchemy's errors."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import BigInteger, Connection, func, literal, select, union_all
from sqlalchemy.exc import DBAPIError

from models.assessment import assessments
from models.bare import read_bare, write_bare
from models.determination import determinations
from models.session import Database
from tests.models.firms import build

NOW = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
SAME = {"as_of": date(2026, 11, 24), "stored_at": NOW}
NAMES = ("assessment_id", "edition_id", "assessment_version", "subject", "verdict", "amount_yuan", "detail")


def test_rows_are_the_same_as_those_that_are_stored_one_by_one(database: Database) -> None:
    def work(connection: Connection) -> list[tuple[object, ...]]:
        build(connection)
        which, edition = connection.execute(select(assessments.c.id, assessments.c.edition_id)).one()
        detail = {"because": ["营业收入“3.2亿”"], "n": 1}
        told = (which, edition, 1, "ladder", "on_ladder", None, detail)
        write_bare(connection, determinations, SAME, NAMES, [told])
        connection.execute(determinations.insert(), {**SAME, **dict(zip(NAMES, told, strict=True))})
        columns = [each for each in determinations.c if each.name != "id"]
        rows = connection.execute(
            select(*columns).order_by(determinations.c.id).where(determinations.c.stored_at == NOW)
        )
        return [tuple(row) for row in rows]

    bare, usual = database.turn(work)
    assert bare == usual


def test_an_error_amid_the_rows_is_told_as_usual(database: Database) -> None:
    """Of the second row: what no 64 bits hold, or a division by zero."""
    least, zero = literal(-(2**63), BigInteger), literal(0, BigInteger)
    broken = func.abs(least) if database.is_sqlite else 1 / zero
    rows = union_all(select(literal(1).label("n")), select(broken.label("n"))).subquery()
    with pytest.raises(DBAPIError):
        database.read(lambda c: read_bare(c, select(rows.c.n), {}))
