"""Narrowing the advisors' list to what they typed: a check code, the beginning of a credit code, or a part of a name."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from models.firm import firms
from models.report import reports
from models.review import reviews
from models.searching import GramTable, folded, name_grams, wanted_grams


class place_in(GenericFunction[int]):  # noqa: N801  it reads as the function that it is
    """Where a text begins within another, 0 where it does not: `instr` on SQLite, `strpos` on PostgreSQL."""

    type = Integer()
    inherit_cache = True


@compiles(place_in, "sqlite")
def _instr(element: place_in, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  as the compiler hands it on
    return f"instr({compiler.process(element.clauses, **how)})"


@compiles(place_in, "postgresql")
def _strpos(element: place_in, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  as the compiler hands it on
    return f"strpos({compiler.process(element.clauses, **how)})"


_CODE = 18  # signs of a credit code
_SHORTEST_CODE = 3
_MOST_CODED = 1000
_LAST_SIGN = "Z" * _CODE


def searched(connection: Connection, chosen: Select[Any], typed: str) -> Select[Any] | None:
    """Narrow a query over `review` and `firm` to what somebody typed; None where that can be nothing.

    A check code or the beginning of a credit code is looked for before a part of a name.
    """
    words = folded(typed)
    if not words:
        return None
    upper = words.upper()
    shown = set(connection.execute(_by_check_code(typed, upper)).scalars())
    if shown:
        return chosen.where(reviews.c.assessment_id.in_(shown))
    if _may_be_code(upper):
        coded = set(connection.execute(_by_credit_code(upper)).scalars())
        if coded:
            enough = len(coded) < _MOST_CODED
            return chosen.where(reviews.c.firm_id.in_(coded) if enough else _between(upper))
    return _by_name(connection, chosen, words)


def _may_be_code(upper: str) -> bool:
    is_plain = upper.isascii() and upper.isalnum() and any(each.isdigit() for each in upper)
    return is_plain and len(upper) >= _SHORTEST_CODE


def _by_check_code(typed: str, upper: str) -> Select[tuple[int]]:
    spelled = {typed.strip().upper(), upper, *(f"{upper[:at]}-{upper[at:]}" for at in (4, 5, 6))}
    return select(reports.c.assessment_id).where(reports.c.check_code.in_(spelled))


def _by_credit_code(upper: str) -> Select[tuple[int]]:
    return select(firms.c.id).where(_between(upper)).order_by(firms.c.credit_code).limit(_MOST_CODED)


def _between(upper: str) -> ColumnElement[bool]:
    return and_(firms.c.credit_code >= upper, firms.c.credit_code <= upper + _LAST_SIGN)


def _by_name(connection: Connection, chosen: Select[Any], words: str) -> Select[Any] | None:
    """Names that hold all pieces of the words and, since pieces may lie apart, the words themselves; None: no name does."""
    grams = wanted_grams(connection, words)
    if grams is None:
        return chosen.where(_holds(words))
    if not grams:
        return None
    first, *others = grams
    chosen = chosen.join(name_grams, name_grams.c.firm_id == reviews.c.firm_id).where(
        name_grams.c.gram == first
    )
    for gram in others:
        other = aliased(GramTable)
        there = select(other.firm_id).where(other.firm_id == reviews.c.firm_id, other.gram == gram)
        chosen = chosen.where(there.exists())
    return chosen if len(words) == 1 else chosen.where(_holds(words))


def _holds(words: str) -> ColumnElement[bool]:
    """Whether the name as written holds the words as folded; the brackets and spaces that folding drops are dropped here."""
    name: ColumnElement[str] = func.lower(firms.c.name)
    for sign in (" ", "（", "）", "(", ")", "·", "-"):
        name = func.replace(name, sign, "")
    # Not LIKE: PostgreSQL takes that for so rare that it would rather sort everything than walk the pieces in order.
    return place_in(name, words) > 0
