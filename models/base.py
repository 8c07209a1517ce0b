"""What all tables share: names of constraints, times, money, public ids, errors. No table lives here."""

import dataclasses
import json
import secrets
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar, TypeAlias, get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

JsonObject: TypeAlias = dict[str, Any]
Reference: TypeAlias = Annotated[int, "key of a row, here or in another table"]
Yuan: TypeAlias = Annotated[int, "whole yuan; 10^13 does not fit into 32 bits"]

# SQLite counts rows by itself only in a column declared exactly INTEGER.
KEY = BigInteger().with_variant(Integer, "sqlite")
PLAIN_JSON = JSON(none_as_null=True)
# A deleted row's number must not come back: a late `settle` would then hit somebody else's message.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}

# Chinese stays readable in the file (and findable when an erasure is checked); NaN is not JSON.
write_json = partial(json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class LostRaceError(Exception):
    """Another transaction was first. `Database.turn` runs the work again, a few times."""


class RefusedError(Exception):
    """A person asked for something that cannot be done. The text is one clear line for the command line."""


class UtcTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, on SQLite too. A naive datetime raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value.isoformat()}: say which time zone it is in")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The one metadata. Every constraint has a name from day one, so that a migration can alter it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: UtcTime(),
        JsonObject: PLAIN_JSON,
        Reference: KEY,
        Yuan: BigInteger(),
    }


def new_public_id() -> str:
    """Return 128 random bits as 32 hex digits: the only id of a row that leaves the product."""
    return secrets.token_hex(16)


def one_of(column: str, words: object) -> CheckConstraint:
    """Return the constraint that `column` holds one of the words of a `Literal`."""
    listed = ", ".join(f"'{word}'" for word in get_args(words))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def table_of(mapped: type[Base]) -> Table:
    """Return the Core table of a mapped class: statements on the turn's path are built on it."""
    table = mapped.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{mapped.__name__} is not mapped to a table")
    return table


def columns_of(table: Table, value: type) -> list[ColumnElement[Any]]:
    """Return the columns that fill dataclass `value`, in the order of its fields, so that `value(*row)` works."""
    return [table.c[field.name] for field in dataclasses.fields(value)]
