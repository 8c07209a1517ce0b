"""The audit only grows, notices what was changed behind its back, and forgets people without breaking."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import Connection, Executable, delete, text, update
from sqlalchemy.exc import DBAPIError

from models.audit import Act, acts_on, append_act, audit, blank_personal, chain, first_broken
from models.doctor import doctor
from models.erasure import forget_firm
from models.session import Database
from tests.models.firms import NOW, build


def _act(number: int = 1, **personal: str) -> Act:
    return Act("someone", "case.note", "assessment", f"case-{number}", {"n": number}, personal or None)


def _filled(database: Database, count: int = 5) -> None:
    def fill(connection: Connection) -> None:
        for number in range(count):
            append_act(connection, _act(number, words=f"皇甫{number}"), NOW)

    database.turn(fill)


def _execute(statement: Executable, connection: Connection) -> None:
    connection.execute(statement)


def _broken(database: Database) -> tuple[int, int | None]:
    return database.read(lambda c: first_broken(chain(c)))


def test_the_chain_holds(database: Database) -> None:
    assert _broken(database) == (0, None)
    _filled(database)
    assert _broken(database) == (5, None)
    (found,) = database.read(lambda c: acts_on(c, "assessment", "case-3"))
    assert (found.id, found.detail, found.at) == (4, {"n": 3}, NOW)


def test_writers_at_once_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: database.turn(lambda c: append_act(c, _act(n), NOW)), range(40)))
    assert _broken(database) == (40, None)


def test_an_act_that_is_rolled_back_leaves_no_gap(database: Database) -> None:
    _filled(database, 2)

    def fail(connection: Connection) -> None:
        append_act(connection, _act(9), NOW)
        raise RuntimeError("the act itself failed")

    with pytest.raises(RuntimeError):
        database.turn(fail)
    _filled(database, 1)
    assert _broken(database) == (3, None)


@pytest.mark.parametrize("change", [{"actor": "x"}, {"detail": {}}, {"hash": "x"}, {"personal": {"a": 1}}])
def test_the_database_refuses_changes(database: Database, change: dict[str, object]) -> None:
    _filled(database, 2)
    for statement in (update(audit).values(change), delete(audit)):
        with pytest.raises(DBAPIError, match="append-only"):
            database.turn(partial(_execute, statement))
    assert _broken(database) == (2, None)


@pytest.mark.parametrize("column", ["actor", "action", "object_id", "detail", "personal", "at"])
def test_a_change_behind_its_back_is_found(database: Database, column: str, database_url: str) -> None:
    _filled(database)
    value = {"detail": '{"n": 7}', "personal": '{"salt": "x"}', "at": "2026-01-01 00:00:00"}.get(column, "x")

    def tamper(connection: Connection) -> None:
        off = "DROP TRIGGER audit_append_only" + ("" if database.is_sqlite else " ON audit")
        connection.execute(text(off))
        connection.execute(text(f"UPDATE audit SET {column} = '{value}' WHERE id = 3"))  # noqa: S608  names of ours

    database.turn(tamper)
    assert _broken(database) == (3, 3)
    (check,) = [each for each in doctor(database_url) if each.name == "audit"]
    assert (check.health, "row 3" in check.line) == ("fail", True)


def test_a_row_taken_out_is_found(database: Database) -> None:
    _filled(database)

    def tamper(connection: Connection) -> None:
        off = "DROP TRIGGER audit_kept" + ("" if database.is_sqlite else " ON audit")
        connection.execute(text(off))
        connection.execute(text("DELETE FROM audit WHERE id = 2"))

    database.turn(tamper)
    assert _broken(database) == (2, 3)


def test_what_is_personal_is_blanked_and_the_chain_holds(database: Database) -> None:
    _filled(database)
    database.turn(lambda c: blank_personal(c, "assessment", ["case-1"]))
    (found,) = database.read(lambda c: acts_on(c, "assessment", "case-1"))
    assert found.personal is None
    assert found.personal_digest
    assert _broken(database) == (5, None)


def test_erasing_a_firm_blanks_what_the_audit_tells_of_it(database: Database, database_url: str) -> None:
    world = database.turn(build)
    told = Act(
        "someone", "case.note", "assessment", world.assessment.public_id, {}, {"reason": "皇甫电话一三九"}
    )
    database.turn(lambda c: append_act(c, told, NOW))
    database.turn(lambda c: forget_firm(c, world.firm.id))
    with closing(Database(database_url)) as again:
        assert "皇甫" not in str(again.read(lambda c: c.execute(audit.select()).all()))
        assert _broken(again) == (1, None)
