"""Firms and who speaks for them. What a firm told us is in assessment.py and answer.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, new_public_id, table_of
from models.searching import index_name


class FirmTable(Base):
    """A firm. Name, credit code and city only describe it; no rule reads them."""

    __tablename__ = "firm"
    __table_args__ = (UniqueConstraint("public_id"), Index(None, "credit_code"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    public_id: Mapped[str]
    name: Mapped[str | None]
    credit_code: Mapped[str | None]
    city: Mapped[str | None]
    created_at: Mapped[datetime]


class MembershipTable(Base):
    """Who may speak for a firm; `until` None means now."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "firm_id"), Index(None, "firm_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    firm_id: Mapped[Reference] = mapped_column(ForeignKey("firm.id"))
    role: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class About:
    """What describes a firm, as far as it is known."""

    name: str | None = None
    credit_code: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A row of `firm`."""

    id: int
    public_id: str
    name: str | None
    credit_code: str | None
    city: str | None
    created_at: datetime


firms, memberships = table_of(FirmTable), table_of(MembershipTable)

_ADD = insert(firms).returning(firms.c.id)
_DESCRIBE = (
    update(firms)
    .where(firms.c.id == bindparam("which"))
    .values(name=bindparam("new_name"), credit_code=bindparam("new_code"), city=bindparam("new_city"))
)
_JOIN = insert(memberships)
_FIRMS_OF = (
    select(*columns_of(firms, Firm))
    .join(memberships, memberships.c.firm_id == firms.c.id)
    .where(memberships.c.person_id == bindparam("person"), memberships.c.until.is_(None))
    .order_by(firms.c.id)
)


def add_firm(connection: Connection, person_id: int, role: str, about: About, at: datetime) -> Firm:
    """Store a firm together with the first person who speaks for it."""
    firm = Firm(0, new_public_id(), about.name, about.credit_code, about.city, at)
    values = {
        "public_id": firm.public_id,
        "name": firm.name,
        "credit_code": firm.credit_code,
        "city": firm.city,
    }
    firm_id = connection.execute(_ADD, {**values, "created_at": at}).scalar_one()
    if about.name is not None:
        index_name(connection, firm_id, about.name)
    join_firm(connection, person_id, firm_id, role, at)
    return Firm(firm_id, firm.public_id, firm.name, firm.credit_code, firm.city, at)


def join_firm(connection: Connection, person_id: int, firm_id: int, role: str, at: datetime) -> None:
    """Let a person speak for a firm. Somebody who does, or once did, raises IntegrityError."""
    values = {"person_id": person_id, "firm_id": firm_id, "role": role, "since": at}
    connection.execute(_JOIN, values)


def describe_firm(connection: Connection, firm_id: int, about: About) -> None:
    """Set all three of name, credit code and city; None means not known."""
    values = {"new_name": about.name, "new_code": about.credit_code, "new_city": about.city}
    connection.execute(_DESCRIBE, {"which": firm_id, **values})
    index_name(connection, firm_id, about.name)


def firm_by_id(connection: Connection, firm_id: int) -> Firm:
    return Firm(*connection.execute(select(*columns_of(firms, Firm)).where(firms.c.id == firm_id)).one())


def firms_of(connection: Connection, person_id: int) -> list[Firm]:
    """Return the firms that the person speaks for now, the oldest first."""
    return [Firm(*row) for row in connection.execute(_FIRMS_OF, {"person": person_id})]


def public_ids_of(connection: Connection, ids: Sequence[int]) -> list[str]:
    """Return the public ids of firms, in order."""
    found = select(firms.c.public_id).where(firms.c.id.in_(ids)).order_by(firms.c.public_id)
    return list(connection.execute(found).scalars())
