"""Where somebody who talks on the page wants mail, too (邮箱): the address they named, its code, and the key of its leave links.

A confirmed address is an account of channel `email` (person.py); only to such a one anything but the code is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NEVER_REUSE_IDS, Base, Reference, columns_of, new_public_id, table_of
from models.bulletin import deliveries
from models.outbox import outbox
from models.person import Account, accounts, add_account, find_account

CHANNEL = "email"
A_DAY = timedelta(days=1)


class MailboxTable(Base):
    """One a person. `wanted`: an address that is not confirmed yet, with its code's fingerprint; `asked`: how many codes
    were sent so far, the last one at `asked_at`, and how often it was guessed `wrong`. `account_id`: the confirmed one."""

    __tablename__ = "mailbox"
    __table_args__ = (
        UniqueConstraint("person_id"),
        UniqueConstraint("leave_key"),
        Index(None, "account_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Reference] = mapped_column(primary_key=True)
    person_id: Mapped[Reference] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[Reference | None] = mapped_column(ForeignKey("channel_account.id"))
    leave_key: Mapped[str]
    wanted: Mapped[str | None]
    code_sha256: Mapped[str | None]
    asked: Mapped[int]
    wrong: Mapped[int]
    asked_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A row of `mailbox`."""

    id: int
    person_id: int
    account_id: int | None
    leave_key: str
    wanted: str | None
    code_sha256: str | None
    asked: int
    wrong: int
    asked_at: datetime


mailboxes = table_of(MailboxTable)


def mailbox_of(connection: Connection, person_id: int) -> Mailbox | None:
    """Return what is known of a person's mail."""
    wanted = select(*columns_of(mailboxes, Mailbox)).where(mailboxes.c.person_id == person_id)
    row = connection.execute(wanted).first()
    return Mailbox(*row) if row else None


def mail_account(connection: Connection, person_id: int) -> Account | None:
    """Return the confirmed address; None where there is none, or nobody is there any more."""
    wanted = (
        select(*columns_of(accounts, Account))
        .join(mailboxes, mailboxes.c.account_id == accounts.c.id)
        .where(mailboxes.c.person_id == person_id, accounts.c.state == "active")
    )
    row = connection.execute(wanted).first()
    return Account(*row) if row else None


def want_mail(  # noqa: PLR0913  what a row holds
    connection: Connection,
    person_id: int,
    address: str,
    code_sha256: str,
    at: datetime,
    *,
    asked: int = 1,
) -> None:
    """Note which address somebody named, to be confirmed by the code; another one that they named before is forgotten."""
    values = {"wanted": address, "code_sha256": code_sha256, "asked": asked, "wrong": 0, "asked_at": at}
    known = update(mailboxes).where(mailboxes.c.person_id == person_id).values(**values)
    if connection.execute(known).rowcount == 0:
        new = insert(mailboxes).values(person_id=person_id, leave_key=new_public_id(), **values)
        connection.execute(new)


def note_wrong(connection: Connection, mailbox: Mailbox) -> None:
    """Somebody sent another code than the one that was mailed."""
    which = mailboxes.c.id == mailbox.id
    connection.execute(update(mailboxes).where(which).values(wrong=mailboxes.c.wrong + 1))


def confirm_mail(connection: Connection, mailbox: Mailbox, at: datetime) -> Account:
    """The address is theirs from now on, whoever had it before; another one that they had is forgotten."""
    address = str(mailbox.wanted)
    _forget_account(connection, mailbox.account_id)
    before = find_account(connection, CHANNEL, address)
    if before is not None:
        _forget_account(connection, before.id)
    account = add_account(connection, mailbox.person_id, CHANNEL, address, at)
    values = {"account_id": account.id, "wanted": None, "code_sha256": None}
    connection.execute(update(mailboxes).where(mailboxes.c.id == mailbox.id).values(**values))
    return account


def forget_mail(connection: Connection, person_id: int) -> bool:
    """Forget a person's address, and where it stands in what was sent there; whether there was one.

    Its row stays for a day, with nothing but how many codes were sent: who names another one begins no new count.
    """
    found = mailbox_of(connection, person_id)
    if found is None:
        return False
    nothing = {"wanted": None, "code_sha256": None, "leave_key": new_public_id()}
    connection.execute(update(mailboxes).where(mailboxes.c.id == found.id).values(**nothing))
    own = select(accounts.c.id).where(accounts.c.person_id == person_id)
    connection.execute(delete(outbox).where(outbox.c.channel == CHANNEL, outbox.c.account_id.in_(own)))
    _forget_account(connection, found.account_id)
    return True


def join_mail(connection: Connection, kept: int, gone: int) -> None:
    """Of two who become one a confirmed address stays, that of who stays first; the codes of the day of the last one count."""
    found = [each for each in (mailbox_of(connection, kept), mailbox_of(connection, gone)) if each]
    if len(found) > 1:
        stays, goes = sorted(found, key=lambda each: each.account_id is None)
        forget_mail(connection, goes.person_id)
        connection.execute(delete(mailboxes).where(mailboxes.c.id == goes.id))
        both = update(mailboxes).where(mailboxes.c.id == stays.id)
        last = max(stays.asked_at, goes.asked_at)
        asked = sum(each.asked for each in found if last - each.asked_at < A_DAY)
        connection.execute(both.values(asked=asked, asked_at=last))
        if stays.asked_at < last:  # by the later time a code of long ago would be good again
            connection.execute(both.values(wanted=None, code_sha256=None))
    connection.execute(update(mailboxes).where(mailboxes.c.person_id == gone).values(person_id=kept))


def owner_of_key(connection: Connection, leave_key: str) -> int | None:
    """Return whose leave link that is; None for a key that was never given out, or is good no more."""
    wanted = select(mailboxes.c.person_id).where(mailboxes.c.leave_key == leave_key)
    return connection.execute(wanted).scalar()


def forget_unconfirmed(connection: Connection, before: datetime) -> int:
    """Delete addresses that were named and not confirmed by then, and codes that nobody mailed; how many those were."""
    unsent = outbox.c.channel == CHANNEL, outbox.c.created_at < before
    connection.execute(delete(outbox).where(*unsent))
    overdue = mailboxes.c.asked_at < before
    alone = delete(mailboxes).where(overdue, mailboxes.c.account_id.is_(None))
    beside = (
        update(mailboxes)
        .where(overdue, mailboxes.c.wanted.is_not(None), mailboxes.c.account_id.is_not(None))
        .values(wanted=None, code_sha256=None)
    )
    return connection.execute(alone).rowcount + connection.execute(beside).rowcount


def _forget_account(connection: Connection, account_id: int | None) -> None:
    if account_id is None:
        return
    address = connection.execute(select(accounts.c.address).where(accounts.c.id == account_id)).scalar()
    connection.execute(update(mailboxes).where(mailboxes.c.account_id == account_id).values(account_id=None))
    if address is not None:
        _forget_sent(connection, address)
    connection.execute(delete(accounts).where(accounts.c.id == account_id))


def _forget_sent(connection: Connection, address: str) -> None:
    """What waits goes nowhere; of what went out stays that it did, and not where to."""
    there = deliveries.c.channel == CHANNEL, deliveries.c.address == address
    connection.execute(
        update(deliveries).where(*there, deliveries.c.state == "waiting").values(state="cancelled")
    )
    connection.execute(update(deliveries).where(*there).values(address=""))
