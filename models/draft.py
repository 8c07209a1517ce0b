"""Drafts of editions until they are published: edited, reviewed by a second person, put out from a day on; and who did what.

Whether the files are a sound edition is asked before, in flows/drafts.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, ForeignKey, Index, Text, bindparam, false, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, RefusedError, columns_of, one_of, table_of
from models.edition import StoredEdition, by_id, editions, fingerprint, published

EventKind: TypeAlias = Literal["imported", "edited", "reviewed", "published"]


class EditionEventTable(Base):
    """Who did what to an edition; `detail` names the file of an edit."""

    __tablename__ = "edition_event"
    __table_args__ = (one_of("what", EventKind), Index(None, "edition_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    edition_id: Mapped[Reference] = mapped_column(ForeignKey("edition.id"))
    what: Mapped[EventKind] = mapped_column(Text)
    by: Mapped[str]
    detail: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class EditionEvent:
    """A row of `edition_event` without its key."""

    what: EventKind
    by: str
    detail: str
    at: datetime


Refused: TypeAlias = Literal[
    "own_work",
    "not_reviewed",
    "day_past",
    "overtaken",
    "earlier_day",
    "is_out",
    "changed",
    "never_out",
    "nothing_in_force",
]


class DraftRefusedError(RefusedError):
    """The same with its reason as one word, for a page: it has its own sentence for each, filled in with `told`."""

    def __init__(self, why: Refused, text: str, **told: str) -> None:
        super().__init__(text)
        self.why, self.told = why, told


class Deed(NamedTuple):
    """Who does something, and when."""

    by: str
    at: datetime


events = table_of(EditionEventTable)

_ONE = editions.c.id == bindparam("which")
_UNPUBLISHED = editions.c.state.in_(("draft", "reviewed"))
_AS_SEEN = (_ONE, _UNPUBLISHED, editions.c.version == bindparam("seen"))
_LAST = select(func.coalesce(func.max(editions.c.revision), 0)).where(editions.c.name == bindparam("name"))
_REVISIONS = select(editions.c.id).where(editions.c.name == bindparam("name")).with_for_update(key_share=True)
_ADD = insert(editions).returning(editions.c.id)
_EDIT = (
    update(editions)
    .where(*_AS_SEEN)
    .values(
        content=bindparam("files"),
        sha256=bindparam("print"),
        author=bindparam("editor"),
        version=editions.c.version + 1,
        state="draft",
        reviewer=None,
        reviewed_at=None,
    )
)
_REVIEW = (
    update(editions)
    .where(*_AS_SEEN)
    .values(state="reviewed", reviewer=bindparam("who"), reviewed_at=bindparam("now"))
)
_PUBLISH = (
    update(editions)
    .where(*_AS_SEEN, editions.c.state == "reviewed")
    .values(
        state="published",
        publisher=bindparam("who"),
        published_at=bindparam("now"),
        effective_from=bindparam("day"),
        revision=bindparam("number"),
    )
)
_SUPERSEDE = (
    update(editions)
    .where(
        editions.c.name == bindparam("of"),
        editions.c.state == "published",
        editions.c.id != bindparam("which"),
    )
    .where(editions.c.revision < bindparam("below"))
    .values(state="superseded")
)
_EVENTS = select(*columns_of(events, EditionEvent)).where(events.c.edition_id == bindparam("which"))
_NOTE = insert(events)


def add_draft(  # noqa: PLR0913, PLR0917  what makes a draft
    connection: Connection, name: str, files: Mapping[str, str], day: date, deed: Deed, origin: str = ""
) -> StoredEdition:
    """Store files as a draft of the next revision of `name`. `day` stands in until it is published with one; `origin` is
    the edition whose files they are, if they are one's.
    """
    latest = published(connection, name)
    values = {
        "name": name,
        "revision": connection.execute(_LAST, {"name": name}).scalar_one() + 1,
        "state": "draft",
        "content": dict(files),
        "sha256": fingerprint(files),
        "effective_from": day,
        "created_at": deed.at,
        "shipped": False,
        "author": deed.by,
        "based_on": None if latest is None else latest.id,
        "version": 0,
    }
    draft_id = int(connection.execute(_ADD, values).scalar_one())
    _note(connection, draft_id, "imported", origin, deed)
    return by_id(connection, draft_id)


def edit_draft(
    connection: Connection, seen: StoredEdition, file: str, files: Mapping[str, str], deed: Deed
) -> StoredEdition:
    """Replace the files of a draft as it was `seen`; a review that it had is void. Raises RefusedError where somebody
    else was faster, or it is published.
    """
    values = {"files": dict(files), "print": fingerprint(files), "editor": deed.by}
    _once(connection.execute(_EDIT, _seen(seen) | values).rowcount, connection, seen)
    _note(connection, seen.id, "edited", file, deed)
    return by_id(connection, seen.id)


def review_draft(connection: Connection, seen: StoredEdition, deed: Deed) -> StoredEdition:
    """Note that a second person looked through a draft as it was `seen`. Raises RefusedError."""
    if deed.by in authors(connection, seen.id):
        raise DraftRefusedError(
            "own_work", f"{deed.by} wrote some of {name_of(seen)}; a second person has to review it"
        )
    _once(
        connection.execute(_REVIEW, _seen(seen) | {"who": deed.by, "now": deed.at}).rowcount, connection, seen
    )
    _note(connection, seen.id, "reviewed", "", deed)
    return by_id(connection, seen.id)


def publish_draft(
    connection: Connection, seen: StoredEdition, day: date, today: date, deed: Deed
) -> StoredEdition:
    """Publish a reviewed draft as it was `seen`, in force from `day`. Raises RefusedError; nothing is half-published."""
    # Locked (on PostgreSQL), so that of two who publish at once one waits, and finds what the other has published.
    connection.execute(_REVISIONS, {"name": seen.name}).all()
    now = by_id(connection, seen.id)
    if now.version != seen.version or now.state in {"published", "superseded"}:
        _once(0, connection, seen)
    _refuse_early(now, published(connection, seen.name), day, today)
    last = connection.execute(_LAST, {"name": seen.name}).scalar_one()
    # Of those published the highest number is the newest; another draft may have taken a higher one meanwhile.
    number = now.revision if now.revision == last else last + 1
    values = {"who": deed.by, "now": deed.at, "day": day, "number": number}
    _once(connection.execute(_PUBLISH, _seen(seen) | values).rowcount, connection, seen)
    if day <= today:
        supersede_older(connection, seen.name, seen.id, number)
    _note(connection, seen.id, "published", day.isoformat(), deed)
    return by_id(connection, seen.id)


def _refuse_early(draft: StoredEdition, latest: StoredEdition | None, day: date, today: date) -> None:
    """Raise for what may not be published yet, or not from that day. `latest` is what was published last."""
    if draft.state != "reviewed":
        raise DraftRefusedError(
            "not_reviewed", f"{name_of(draft)} is not reviewed; a second person has to review it first"
        )
    if day < today:
        raise DraftRefusedError(
            "day_past",
            f"the effective day {day} is past; today is {today}, choose that or a later one",
            day=day.isoformat(),
            today=today.isoformat(),
        )
    if latest is not None and latest.id != draft.based_on:
        raise DraftRefusedError(
            "overtaken",
            f"{name_of(latest)} was published meanwhile by {latest.publisher or 'the program'}; compare with it and"
            f" bring {name_of(draft)} in anew",
            edition=name_of(latest),
            who=latest.publisher or "",
        )
    if latest is not None and latest.effective_from > day:
        raise DraftRefusedError(
            "earlier_day",
            f"{name_of(latest)} is published from {latest.effective_from} on; choose that day or a later one",
            edition=name_of(latest),
            day=latest.effective_from.isoformat(),
        )


def supersede_older(connection: Connection, name: str, edition_id: int, revision: int) -> None:
    """Mark what was published before this revision as superseded: its day has come."""
    connection.execute(_SUPERSEDE, {"of": name, "which": edition_id, "below": revision})


def find_edition(connection: Connection, told: str) -> StoredEdition | None:
    """Return the edition somebody names: `henan-2025` the newest draft or else the last published, `henan-2025@3` one."""
    name, _, number = told.partition("@")
    wanted = select(editions.c.id).where(editions.c.name == name)
    if number:
        wanted = (
            wanted.where(editions.c.revision == int(number)) if number.isdecimal() else wanted.where(false())
        )
    else:
        wanted = wanted.where(editions.c.state != "superseded").order_by(
            _UNPUBLISHED.desc(), editions.c.revision.desc()
        )
    found = connection.execute(wanted.limit(1)).scalar()
    return None if found is None else by_id(connection, int(found))


def name_of(edition: StoredEdition) -> str:
    """How an edition is named in one word: `henan-2025@3`."""
    return f"{edition.name}@{edition.revision}"


def authors(connection: Connection, edition_id: int) -> set[str]:
    """Return everybody who wrote some of an edition."""
    return {each.by for each in events_of(connection, edition_id) if each.what in {"imported", "edited"}}


def events_of(connection: Connection, edition_id: int) -> list[EditionEvent]:
    """Return who did what to an edition, the first first."""
    rows = connection.execute(_EVENTS.order_by(events.c.id), {"which": edition_id})
    return [EditionEvent(*row) for row in rows]


def _note(connection: Connection, edition_id: int, what: EventKind, detail: str, deed: Deed) -> None:
    values = {"edition_id": edition_id, "what": what, "by": deed.by, "detail": detail, "at": deed.at}
    connection.execute(_NOTE, values)


def _seen(seen: StoredEdition) -> dict[str, object]:
    return {"which": seen.id, "seen": seen.version}


def _once(count: int, connection: Connection, seen: StoredEdition) -> None:
    """Raise in one line why a draft is no longer as it was seen."""
    if count == 1:
        return
    now = by_id(connection, seen.id)
    if now.state in {"published", "superseded"}:
        raise DraftRefusedError(
            "is_out",
            f"{name_of(now)} is published already, by {now.publisher or 'the program'}; it is never changed",
            edition=name_of(now),
            who=now.publisher or "",
        )
    raise DraftRefusedError(
        "changed",
        f"{name_of(now)} was changed by {now.author} since you opened it; open it anew and do your change there",
        edition=name_of(now),
        who=now.author or "",
    )
