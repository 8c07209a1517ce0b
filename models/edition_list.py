"""Editions as a list shows them: everything of a row but its files, which weigh a few hundred kilobytes each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.base import columns_of
from models.draft import EditionEvent, events
from models.edition import EditionState, StoredEdition, editions

MOST = 200
"""So many are listed, the newest; an edition a week for four years."""


@dataclass(frozen=True, slots=True)
class EditionLine:
    """A row of `edition` without its content. `shipped`: it came with the program."""

    id: int
    name: str
    revision: int
    state: EditionState
    effective_from: date
    created_at: datetime
    published_at: datetime | None
    shipped: bool
    author: str | None
    reviewer: str | None
    reviewed_at: datetime | None
    publisher: str | None
    based_on: int | None
    version: int


_LINES = select(*columns_of(editions, EditionLine)).order_by(editions.c.id.desc())
_OUT = editions.c.state.in_(("published", "superseded"))


def editions_listed(connection: Connection, *, drafts: bool = True) -> list[EditionLine]:
    """Return the editions, the newest first; without `drafts` those alone that are or were published."""
    wanted = _LINES if drafts else _LINES.where(_OUT)
    return [EditionLine(*row) for row in connection.execute(wanted.limit(MOST))]


def edition_at(connection: Connection, edition_id: int, *, drafts: bool = True) -> StoredEdition | None:
    """Return an edition with its files; None where there is none, or where it is a draft and those are not for them."""
    wanted = select(*columns_of(editions, StoredEdition)).where(editions.c.id == edition_id)
    row = connection.execute(wanted if drafts else wanted.where(_OUT)).first()
    return None if row is None else StoredEdition(*row)


def last_events(connection: Connection, edition_ids: Iterable[int]) -> dict[int, EditionEvent]:
    """Return what was done to each edition last."""
    wanted = select(events.c.edition_id, *columns_of(events, EditionEvent))
    rows = connection.execute(wanted.where(events.c.edition_id.in_(list(edition_ids))).order_by(events.c.id))
    return {row[0]: EditionEvent(*row[1:]) for row in rows}
