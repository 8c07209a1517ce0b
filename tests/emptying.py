"""PostgreSQL databases that are emptied after a test and serve the next: to make one anew costs ten times as much."""

import time
from functools import cache

from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

_USES = 25  # what was deleted stays in the files
_PATIENCE = 5.0
# Whoever changes a table, trigger, function, setting or the revision writes a row of these anew.
_SHAPE = " UNION ALL ".join(
    f"SELECT '{catalogue}', count(*), sum(xmin::text::bigint) FROM {catalogue}"  # noqa: S608  names from the lines below
    for catalogue in (
        *("pg_attribute", "pg_class", "pg_constraint", "pg_index", "pg_namespace", "pg_proc", "pg_trigger"),
        *("pg_attrdef", "pg_db_role_setting", "pg_sequence", "pg_type", "pg_extension", "pg_rewrite"),
        "alembic_version",
    )
)
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# Without triggers and keys: those refuse that rows of the audit go, and would ask for an order.
_EMPTY = """
DO $$
DECLARE each regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '5s';
    FOR each IN SELECT oid::regclass FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP
        EXECUTE 'DELETE FROM ' || each;
    END LOOP;
    PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
END
$$
"""


class Kept:
    """A migrated database for one test after the other."""

    def __init__(self, server: str, name: str) -> None:
        self.url = named(server, name)
        self._server, self._name = server, name
        self._uses = 0
        self._beside = _connect(self.url)
        self._shape = self._beside.exec_driver_sql(_SHAPE).all()

    def empty(self) -> bool:
        """Make it as it was; False where its tables were changed, or it cannot be emptied: then it must go."""
        self._uses += 1
        try:
            if (
                not self._alone()
                or self._uses == _USES
                or self._beside.exec_driver_sql(_SHAPE).all() != self._shape
            ):
                return False
            self._beside.exec_driver_sql(_EMPTY)
        except OperationalError:  # somebody holds on to a row or table
            return False
        return True

    def _alone(self) -> bool:
        """End whoever the test left connected; False where one does not go."""
        until = time.monotonic() + _PATIENCE
        while self._beside.exec_driver_sql(_ALONE).all():
            if time.monotonic() > until:
                return False
            time.sleep(0.002)  # its own waiting goes in steps of a tenth of a second
        return True

    def drop(self) -> None:
        self._beside.close()
        administer(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


def administer(server: str, statement: str) -> None:
    _administrator(server).exec_driver_sql(statement)


def named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def leave(server: str) -> None:
    """Before the server ends."""
    _administrator(server).close()


@cache
def _administrator(server: str) -> Connection:
    return _connect(server)


def _connect(url: str) -> Connection:
    address = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
