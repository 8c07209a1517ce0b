"""Rows by the million, as the driver has them and takes them: SQLAlchemy's own take longer than the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Select, Table, insert
from sqlalchemy.exc import DBAPIError


def read_bare(
    connection: Connection, wanted: Select[Any], told: Mapping[str, object]
) -> Sequence[tuple[Any, ...]]:
    """Return rows of numbers and bytes."""
    if connection.dialect.name == "sqlite":
        with (
            closing(connection.execute(wanted, told)) as result,
            _named_as_usual(connection, str(wanted)),
        ):
            return result.cursor.fetchall()
    # In binary form: as text bytes are twice as long, and take three times as long to read.
    compiled = wanted.compile(connection)
    statement = str(compiled)
    with _named_as_usual(connection, statement), _driver(connection).cursor(binary=True) as cursor:
        cursor.execute(statement, compiled.construct_params(dict(told)))
        return cursor.fetchall()  # type: ignore[no-any-return]  # the driver's own cursor


def write_bare(
    connection: Connection,
    table: Table,
    same: Mapping[str, object],
    names: Sequence[str],
    rows: Iterable[tuple[object, ...]],
) -> None:
    """Store rows: of each the columns `names`, in this order; the columns in `same` are the same in all."""
    dialect, keys = connection.dialect, [*same, *names]
    compiled: Any = insert(table).compile(dialect=dialect, column_keys=keys)
    forms = [table.c[key].type.dialect_impl(dialect).bind_processor(dialect) for key in keys]
    ahead = tuple(
        value if form is None else form(value) for value, form in zip(same.values(), forms, strict=False)
    )
    formed = [(place, form) for place, form in enumerate(forms[len(ahead) :]) if form is not None]
    places = [keys.index(key) for key in compiled.positiontup or keys]
    values: list[Any] = []
    for row in rows:
        told = list(row)
        for place, form in formed:
            told[place] = form(told[place])
        whole = (*ahead, *told)
        values.append(
            tuple(map(whole.__getitem__, places))
            if compiled.positional
            else dict(zip(keys, whole, strict=True))
        )
    if values:
        connection.exec_driver_sql(str(compiled), values)


def _driver(connection: Connection) -> Any:  # noqa: ANN401  psycopg's connection, which is optional
    return connection.connection.driver_connection


@contextmanager
def _named_as_usual(connection: Connection, statement: str) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's: by these a lost race is known, and what may not be logged."""
    base: Any = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        raise DBAPIError.instance(
            statement, None, error, base, hide_parameters=True, dialect=connection.dialect
        ) from error
