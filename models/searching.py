"""Finding firms by a part of their name: an own table of two-character pieces (bigrams), the same on both databases.

SQLite's and PostgreSQL's text search cannot find two Chinese characters, and extensions cannot be counted on.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, ForeignKey, Index, bindparam, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY, Base, Reference, table_of

_BITS = 21  # a character's number takes so many
_ENOUGH = 2000
_IN_EVERY_NAME = ("有限责任公司", "股份有限公司")


class GramTable(Base):
    """One piece of one firm's name; `gram` is the two characters as one number, or the first one alone."""

    __tablename__ = "name_gram"
    __table_args__ = (Index(None, "firm_id"), {"sqlite_with_rowid": False})

    gram: Mapped[int] = mapped_column(KEY, primary_key=True, autoincrement=False)
    firm_id: Mapped[Reference] = mapped_column(ForeignKey("firm.id"), primary_key=True, autoincrement=False)


name_grams = table_of(GramTable)

_FORGET = delete(name_grams).where(name_grams.c.firm_id == bindparam("firm"))
_ADD = insert(name_grams)
_SOME = select(name_grams.c.firm_id).where(name_grams.c.gram == bindparam("which")).limit(_ENOUGH)
_HOW_MANY = select(func.count()).select_from(_SOME.subquery())


def folded(name: str) -> str:
    """A name as it is looked for: full width folded, small letters, nothing but letters and digits."""
    return "".join(each for each in unicodedata.normalize("NFKC", name).casefold() if each.isalnum())


def _number(piece: str) -> int:
    return sum(ord(each) << _BITS * place for place, each in enumerate(reversed(piece)))


def _pieces(words: str) -> set[str]:
    return {words[start : start + 2] for start in range(len(words) - 1)}


_SILENT = frozenset[str]().union(*map(_pieces, _IN_EVERY_NAME))
"""Pieces that (nearly) every name has: kept of none, and of no use for finding one."""


def grams_of(name: str | None) -> list[int]:
    """The pieces of a name, as numbers; the first character alone too, for who types only that."""
    words = folded(name or "")
    return sorted({_number(each) for each in {*(_pieces(words) - _SILENT), words[:1]} if each})


def index_name(connection: Connection, firm_id: int, name: str | None) -> None:
    """Make a firm findable by this name, and by no former one."""
    forget_names(connection, (firm_id,))
    rows = [{"gram": gram, "firm_id": firm_id} for gram in grams_of(name)]
    if rows:
        connection.execute(_ADD, rows)


def index_new(connection: Connection, names: Mapping[int, str | None]) -> None:
    """The same for firms of which nothing is kept yet."""
    rows = [{"gram": gram, "firm_id": firm} for firm, name in names.items() for gram in grams_of(name)]
    if rows:
        connection.execute(_ADD, rows)


def forget_names(connection: Connection, firm_ids: Iterable[int]) -> None:
    for firm_id in firm_ids:
        connection.execute(_FORGET, {"firm": firm_id})


def wanted_grams(connection: Connection, words: str) -> list[int] | None:
    """The pieces to look for, the rarest first (as far as that is cheap to tell); none where one is in no name at all; None where
    no piece narrows anything.

    `words` must be folded.
    """
    if len(words) == 1:
        return [_number(words)]
    grams = [_number(each) for each in sorted(_pieces(words) - _SILENT)]
    if len(grams) < 2:  # noqa: PLR2004  nothing to put in order
        return grams or None
    many = {gram: connection.execute(_HOW_MANY, {"which": gram}).scalar_one() for gram in grams}
    return sorted(grams, key=many.__getitem__) if all(many.values()) else []
