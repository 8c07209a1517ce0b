"""People, their addresses on channels, and what they agreed to. Erasing a person is in erasure.py."""

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
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, one_of, table_of

AccountState: TypeAlias = Literal["active", "blocked"]


class PersonTable(Base):
    """Somebody who talks to us; what we know of them stands in other tables."""

    __tablename__ = "person"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class AccountTable(Base):
    """One address on one channel, such as a Telegram chat; `blocked` means that they do not want us there.

    `replaces`: the account in whose place it stands as soon as somebody comes from here (models/moving.py). No foreign key:
    that one may go before, and its number is never used again.
    """

    __tablename__ = "channel_account"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        Index(None, "person_id"),
        one_of("state", AccountState),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str]
    address: Mapped[str]
    state: Mapped[AccountState] = mapped_column(Text)
    created_at: Mapped[datetime]
    replaces: Mapped[Reference | None]


class ConsentTable(Base):
    """Which notice somebody agreed to, word for word (its SHA-256), where, and until when."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id"), NEVER_REUSE_IDS)

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    notice_version: Mapped[str]
    text_sha256: Mapped[str]
    channel: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Account:
    """A row of `channel_account`."""

    id: int
    person_id: int
    channel: str
    address: str
    state: AccountState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """A row of `consent`; `id` is None before it is stored."""

    person_id: int
    notice_version: str
    text_sha256: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    id: int | None = None


people, accounts, consents = table_of(PersonTable), table_of(AccountTable), table_of(ConsentTable)

_FIND = select(*columns_of(accounts, Account)).where(
    accounts.c.channel == bindparam("channel"), accounts.c.address == bindparam("address")
)
_ADD_PERSON = insert(people).returning(people.c.id)
_ADD_ACCOUNT = insert(accounts).returning(accounts.c.id)
_SET_STATE = update(accounts).where(accounts.c.id == bindparam("which")).values(state=bindparam("to"))
_RECORD = insert(consents).returning(consents.c.id)
_ACCOUNTS_OF = (
    select(*columns_of(accounts, Account))
    .where(accounts.c.person_id == bindparam("person"))
    .order_by(accounts.c.id)
)
_CONSENTS_OF = (
    select(*columns_of(consents, Consent))
    .where(consents.c.person_id == bindparam("person"))
    .order_by(consents.c.id)
)


def find_account(connection: Connection, channel: str, address: str) -> Account | None:
    """Return who talks from this address, None for a stranger."""
    row = connection.execute(_FIND, {"channel": channel, "address": address}).first()
    return Account(*row) if row else None


def add_person(connection: Connection, channel: str, address: str, at: datetime) -> Account:
    """Store a new person with a first address. An address that is taken raises IntegrityError."""
    person_id = connection.execute(_ADD_PERSON, {"created_at": at}).scalar_one()
    return add_account(connection, person_id, channel, address, at)


def add_account(connection: Connection, person_id: int, channel: str, address: str, at: datetime) -> Account:
    """Give a person one more address. An address that is taken raises IntegrityError."""
    values = {
        "person_id": person_id,
        "channel": channel,
        "address": address,
        "state": "active",
        "created_at": at,
    }
    account_id = connection.execute(_ADD_ACCOUNT, values).scalar_one()
    return Account(account_id, person_id, channel, address, "active", at)


def set_account_state(connection: Connection, account_id: int, state: AccountState) -> None:
    connection.execute(_SET_STATE, {"which": account_id, "to": state})


def record_consent(connection: Connection, consent: Consent) -> int:
    """Store what somebody agreed to and return the row's id."""
    values = {
        "person_id": consent.person_id,
        "notice_version": consent.notice_version,
        "text_sha256": consent.text_sha256,
        "channel": consent.channel,
        "given_at": consent.given_at,
    }
    return int(connection.execute(_RECORD, values).scalar_one())


def accounts_of(connection: Connection, person_id: int) -> list[Account]:
    """Return all addresses of a person, the oldest first."""
    return [Account(*row) for row in connection.execute(_ACCOUNTS_OF, {"person": person_id})]


def consents_of(connection: Connection, person_id: int) -> list[Consent]:
    """Return everything that a person agreed to, the oldest first."""
    return [Consent(*row) for row in connection.execute(_CONSENTS_OF, {"person": person_id})]
