"""What belongs to one advisor's desk: views of the list that they saved, how they are told of new work, what they export."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, one_of, table_of

Told: TypeAlias = Literal["at_once", "daily", "never"]
ExportKind: TypeAlias = Literal["xlsx", "csv"]
ExportState: TypeAlias = Literal["waiting", "running", "done", "failed"]


class SavedViewTable(Base):
    """A set of filters under a name, as the list's own query string."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff_id", "name"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    query: Mapped[str]
    at: Mapped[datetime]


class WatchTable(Base):
    """How somebody is told of new work, and in which chat; `told_until` is up to when they know."""

    __tablename__ = "staff_watch"
    __table_args__ = (UniqueConstraint("code_sha256"), one_of("told", Told))

    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    told: Mapped[Told] = mapped_column(Text)
    channel: Mapped[str | None]
    address: Mapped[str | None]
    code_sha256: Mapped[str | None]
    code_until: Mapped[datetime | None]
    told_until: Mapped[datetime]


class ExportTable(Base):
    """One export: by whom, of which list, how far it is, and the file it became. Of its link only the fingerprint is kept."""

    __tablename__ = "export"
    __table_args__ = (
        UniqueConstraint("public_id"),
        Index(None, "staff_id"),
        one_of("kind", ExportKind),
        one_of("state", ExportState),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[ExportKind] = mapped_column(Text)
    query: Mapped[str]
    state: Mapped[ExportState] = mapped_column(Text)
    rows: Mapped[int]
    file: Mapped[str | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SavedView:
    """A row of `saved_view`."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A row of `staff_watch`."""

    staff_id: int
    told: Told
    channel: str | None
    address: str | None
    code_sha256: str | None
    code_until: datetime | None
    told_until: datetime


@dataclass(frozen=True, slots=True)
class Export:
    """A row of `export`; `rows` counts those written so far."""

    public_id: str
    staff_id: int
    kind: ExportKind
    query: str
    state: ExportState
    rows: int
    file: str | None
    made_at: datetime
    expires_at: datetime
    id: int | None = None


saved_views, watches, exports = table_of(SavedViewTable), table_of(WatchTable), table_of(ExportTable)

_VIEWS = (
    select(*columns_of(saved_views, SavedView))
    .where(saved_views.c.staff_id == bindparam("who"))
    .order_by(saved_views.c.name)
)
_WATCH = select(*columns_of(watches, Watch))
_EXPORTS = select(*columns_of(exports, Export))


def views_of(connection: Connection, staff_id: int) -> list[SavedView]:
    """Return what somebody saved, by name."""
    return [SavedView(*row) for row in connection.execute(_VIEWS, {"who": staff_id})]


def save_view(connection: Connection, staff_id: int, name: str, query: str, at: datetime) -> None:
    """Save filters under a name; what was saved under it before is replaced."""
    there = (saved_views.c.staff_id == staff_id, saved_views.c.name == name)
    if connection.execute(update(saved_views).where(*there).values(query=query, at=at)).rowcount == 0:
        connection.execute(
            insert(saved_views), {"staff_id": staff_id, "name": name, "query": query, "at": at}
        )


def drop_view(connection: Connection, staff_id: int, view_id: int) -> bool:
    """Delete one's own view. False: there is none."""
    mine = delete(saved_views).where(saved_views.c.id == view_id, saved_views.c.staff_id == staff_id)
    return connection.execute(mine).rowcount == 1


def watch_of(connection: Connection, staff_id: int) -> Watch | None:
    row = connection.execute(_WATCH.where(watches.c.staff_id == staff_id)).first()
    return Watch(*row) if row else None


def watch_by_code(connection: Connection, sha256: str) -> Watch | None:
    """Return whose one-time code it is."""
    row = connection.execute(_WATCH.where(watches.c.code_sha256 == sha256)).first()
    return Watch(*row) if row else None


def watches_due(connection: Connection, told: Told) -> list[Watch]:
    """Return who is told in this way, in a chat that they linked."""
    chosen = _WATCH.where(watches.c.told == told, watches.c.address.is_not(None))
    return [Watch(*row) for row in connection.execute(chosen.order_by(watches.c.staff_id))]


def write_watch(connection: Connection, watch: Watch) -> None:
    """Store how somebody is told, in the place of what was stored before."""
    values = {name: value for name, value in asdict(watch).items() if name != "staff_id"}
    there = update(watches).where(watches.c.staff_id == watch.staff_id).values(values)
    if connection.execute(there).rowcount == 0:
        connection.execute(insert(watches), asdict(watch))


def add_export(connection: Connection, export: Export) -> int:
    values = {name: value for name, value in asdict(export).items() if name != "id"}
    return int(connection.execute(insert(exports).returning(exports.c.id), values).scalar_one())


def export_of(connection: Connection, staff_id: int, public_id: str) -> Export | None:
    """Return one's own export."""
    mine = _EXPORTS.where(exports.c.public_id == public_id, exports.c.staff_id == staff_id)
    row = connection.execute(mine).first()
    return Export(*row) if row else None


def exports_of(connection: Connection, staff_id: int) -> list[Export]:
    """Return one's own exports, the newest first."""
    mine = _EXPORTS.where(exports.c.staff_id == staff_id).order_by(exports.c.id.desc()).limit(20)
    return [Export(*row) for row in connection.execute(mine)]


def note_export(
    connection: Connection, export_id: int, state: ExportState, rows: int, file: str | None = None
) -> None:
    """Note how far an export is."""
    there = update(exports).where(exports.c.id == export_id)
    connection.execute(there.values(state=state, rows=rows, file=file))


def expired_exports(connection: Connection, now: datetime) -> list[str]:
    """Delete exports past their time and return the names of their files."""
    over = exports.c.expires_at <= now
    files = (
        connection.execute(select(exports.c.file).where(over, exports.c.file.is_not(None))).scalars().all()
    )
    connection.execute(delete(exports).where(over))
    return [str(name) for name in files]
