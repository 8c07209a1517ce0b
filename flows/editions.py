"""The editions in force and the older ones that assessments were made with, read once and kept in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from flows.answers.named import Names
from models import edition as stored
from policy.gathering import read_folder
from policy.layout import Layout, layout_of
from policy.load import SHIPPED, parse_edition, parse_stored
from policy.schemes import Edition

HENAN = "henan-2025"
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Published:
    """An edition as stored: its row's id and its rules."""

    id: int
    edition: Edition

    @cached_property
    def names(self) -> Names:
        """What people call the facts that are asked in chat, or that are taken in though they are not."""
        facts = [fact for fact in self.edition.facts.values() if fact.ask or fact.called]
        return Names({name: fact.key for fact in facts for name in (fact.title, *fact.called)})

    @cached_property
    def layout(self) -> Layout:
        """How the facts of its catalogue are packed beside their JSON."""
        return layout_of(self.edition.facts)


class Editions:
    """Looks editions up by their row's id, so that an assessment keeps the rules it was made with."""

    def __init__(self) -> None:
        self._by_id: dict[int, Published] = {}
        self._lock = Lock()

    def by_id(self, connection: Connection, edition_id: int) -> Published:
        with self._lock:
            if edition_id not in self._by_id:
                files = stored.by_id(connection, edition_id).content
                self._by_id[edition_id] = Published(edition_id, parse_stored(files))
            return self._by_id[edition_id]

    def current(self, connection: Connection, day: date | None = None) -> Published:
        """The edition in force on a day (None: today). Raises LookupError where none is yet (`ladder db upgrade` sees to it)."""
        found = stored.in_force(connection, HENAN, day or datetime.now(CHINA).date())
        if found is None:
            raise LookupError(f"no edition {HENAN} is published; run `ladder db upgrade`")
        return self.by_id(connection, found)


def is_in_force(connection: Connection) -> bool:
    """Whether there is an edition to judge by."""
    return stored.published(connection, HENAN) is not None


def id_in_force(connection: Connection, day: date) -> int | None:
    """The row of the edition in force on a day, None where none is."""
    return stored.in_force(connection, HENAN, day)


def files_of(connection: Connection, edition_id: int) -> Mapping[str, str]:
    """The texts of an edition's files, as they were published."""
    return stored.by_id(connection, edition_id).content


def publish_shipped(connection: Connection, now: datetime | None = None) -> int:
    """Put the edition that comes with the product in force; the id of the row that is in force then.

    Where an administrator published another one, that one stays.
    """
    files = read_folder(SHIPPED)
    edition = parse_edition(files, f"{SHIPPED}/")
    since = edition.valid.since
    if since is None:
        raise LookupError(f"{SHIPPED}: an edition to publish needs a first day ('valid: {{from: ...}}')")
    return stored.ship_files(connection, edition.name, files, since, now or datetime.now(UTC))
