"""Who works in the console: administrators and advisors, and which cities and firms are an advisor's. Signing in: signing.py."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, new_public_id, one_of, table_of

StaffRole: TypeAlias = Literal["administrator", "advisor"]
StaffState: TypeAlias = Literal["invited", "active", "disabled"]
Language: TypeAlias = Literal["zh", "en"]


class StaffTable(Base):
    """One account. `name_key` is the name as it is compared; `totp_step` the last 30 seconds whose code was used.

    `totp_secret` is sealed (flows/secrecy.py); `totp_pending` is one that waits for its first code.
    """

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("name_key"),
        one_of("role", StaffRole),
        one_of("state", StaffState),
        one_of("language", Language),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    role: Mapped[StaffRole] = mapped_column(Text)
    state: Mapped[StaffState] = mapped_column(Text)
    language: Mapped[Language] = mapped_column(Text)
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_pending: Mapped[str | None]
    totp_step: Mapped[int]
    created_at: Mapped[datetime]


class StaffCityTable(Base):
    """A city whose firms an advisor sees, as firm.city spells it (洛阳)."""

    __tablename__ = "staff_city"

    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    city: Mapped[str] = mapped_column(primary_key=True)


class StaffFirmTable(Base):
    """A firm that an advisor sees wherever it is."""

    __tablename__ = "staff_firm"
    __table_args__ = (Index(None, "firm_id"),)

    staff_id: Mapped[Reference] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    firm_id: Mapped[Reference] = mapped_column(ForeignKey("firm.id"), primary_key=True)


@dataclass(frozen=True, slots=True)
class Staff:
    """A row of `staff`, without what is secret."""

    id: int
    public_id: str
    name: str
    role: StaffRole
    state: StaffState
    language: Language
    created_at: datetime


staff = table_of(StaffTable)
staff_cities = table_of(StaffCityTable)
staff_firms = table_of(StaffFirmTable)

STAFF_COLUMNS = columns_of(staff, Staff)
_ALL = select(*STAFF_COLUMNS).order_by(staff.c.id)
_BY_ID = select(*STAFF_COLUMNS).where(staff.c.id == bindparam("which"))
_BY_PUBLIC_ID = select(*STAFF_COLUMNS).where(staff.c.public_id == bindparam("which"))
_BY_NAME = select(*STAFF_COLUMNS).where(staff.c.name_key == bindparam("which"))


def name_key(name: str) -> str:
    """The name as it is compared: capitals and spaces make no other person."""
    return "".join(name.split()).casefold()


def add_staff(connection: Connection, name: str, role: StaffRole, at: datetime) -> Staff:
    """Store somebody who has not signed in yet. A name that is taken raises IntegrityError."""
    values = {
        "public_id": new_public_id(),
        "name": name,
        "name_key": name_key(name),
        "role": role,
        "state": "invited",
        "language": "zh",
        "totp_step": 0,
        "created_at": at,
    }
    return Staff(*connection.execute(insert(staff).returning(*STAFF_COLUMNS), values).one())


def all_staff(connection: Connection) -> list[Staff]:
    """Return every account, the oldest first."""
    return [Staff(*row) for row in connection.execute(_ALL)]


def staff_by_id(connection: Connection, staff_id: int) -> Staff:
    return Staff(*connection.execute(_BY_ID, {"which": staff_id}).one())


def staff_by_public_id(connection: Connection, public_id: str) -> Staff | None:
    row = connection.execute(_BY_PUBLIC_ID, {"which": public_id}).first()
    return Staff(*row) if row else None


def staff_by_name(connection: Connection, name: str) -> Staff | None:
    row = connection.execute(_BY_NAME, {"which": name_key(name)}).first()
    return Staff(*row) if row else None


def set_state(connection: Connection, staff_id: int, state: StaffState) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(state=state))


def set_role(connection: Connection, staff_id: int, role: StaffRole) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(role=role))


def set_language(connection: Connection, staff_id: int, language: Language) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(language=language))


def lock_administrators(connection: Connection) -> list[int]:
    """Return the ids of active administrators, kept from changing (on PostgreSQL) until the turn ends."""
    chosen = select(staff.c.id).where(staff.c.role == "administrator", staff.c.state == "active")
    return list(connection.execute(chosen.order_by(staff.c.id).with_for_update()).scalars())


def count_staff(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(staff)).scalar_one())


def cities_of(connection: Connection, staff_id: int) -> list[str]:
    """Return the cities assigned to somebody."""
    found = select(staff_cities.c.city).where(staff_cities.c.staff_id == staff_id)
    return sorted(connection.execute(found).scalars())


def set_cities(connection: Connection, staff_id: int, cities: Iterable[str]) -> None:
    """Replace the cities assigned to somebody."""
    connection.execute(delete(staff_cities).where(staff_cities.c.staff_id == staff_id))
    rows = [{"staff_id": staff_id, "city": city} for city in sorted(set(cities))]
    if rows:
        connection.execute(insert(staff_cities), rows)


def firm_ids_of(connection: Connection, staff_id: int) -> list[int]:
    """Return the firms assigned to somebody by name."""
    found = select(staff_firms.c.firm_id).where(staff_firms.c.staff_id == staff_id)
    return sorted(connection.execute(found).scalars())


def set_firms(connection: Connection, staff_id: int, firm_ids: Iterable[int]) -> None:
    """Replace the firms assigned to somebody by name."""
    connection.execute(delete(staff_firms).where(staff_firms.c.staff_id == staff_id))
    rows = [{"staff_id": staff_id, "firm_id": firm_id} for firm_id in sorted(set(firm_ids))]
    if rows:
        connection.execute(insert(staff_firms), rows)
