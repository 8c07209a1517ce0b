"""Another address in place of one: the old one stays good until somebody has come from the new one, so that an answer which
is lost on its way takes nothing from anybody.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from models.bulletin import deliveries
from models.case import questions
from models.handover import handovers
from models.outbox import outbox
from models.person import Account, accounts, add_account
from models.subscription import subscriptions
from models.talk import set_focus, talks


def stand_in(connection: Connection, old: Account, address: str, at: datetime) -> Account:
    """Give the person of `old` another address on its channel, whose talk stands where that of `old` does."""
    new = add_account(connection, old.person_id, old.channel, address, at)
    connection.execute(update(accounts).where(accounts.c.id == new.id).values(replaces=old.id))
    talk = connection.execute(select(talks).where(talks.c.account_id == old.id)).first()
    if talk is not None:
        set_focus(connection, new.id, talk.assessment_id, talk.focus, talk.at)
    return new


def is_first_visit(connection: Connection, channel: str, address: str) -> bool:
    """Whether nobody came yet from an address that was promised in place of another."""
    here = accounts.c.channel == channel, accounts.c.address == address
    return connection.execute(select(accounts.c.replaces).where(*here)).scalar() is not None


def take_over(connection: Connection, channel: str, address: str) -> None:
    """Somebody came from this address: the one that it replaces is good no more, and all that was there is here now."""
    here = accounts.c.channel == channel, accounts.c.address == address
    # Locked (on PostgreSQL), so that of two requests one does it, and a turn under way on the old address is waited for.
    new = connection.execute(
        select(accounts.c.id, accounts.c.replaces)
        .where(*here, accounts.c.replaces.is_not(None))
        .with_for_update()
    ).first()
    if new is None:
        return
    connection.execute(update(accounts).where(accounts.c.id == new.id).values(replaces=None))
    there = select(accounts.c.address).where(accounts.c.id == new.replaces, accounts.c.channel == channel)
    before = connection.execute(there.with_for_update()).scalar()
    if before is not None:
        _move(connection, channel, (new.replaces, before), (new.id, address))


def _move(connection: Connection, channel: str, old: tuple[int, str], new: tuple[int, str]) -> None:
    sent, theirs = outbox.c.channel == channel, outbox.alias()
    known = select(theirs.c.reply_to).where(theirs.c.channel == channel, theirs.c.address == new[1])
    twice = sent, outbox.c.address == old[1], outbox.c.reply_to.in_(known)
    connection.execute(delete(outbox).where(*twice))
    connection.execute(update(outbox).where(sent, outbox.c.address == old[1]).values(address=new[1]))
    told = deliveries.c.channel == channel, deliveries.c.address == old[1]
    connection.execute(update(deliveries).where(*told).values(address=new[1]))
    for table in (outbox, handovers, subscriptions, questions):
        connection.execute(update(table).where(table.c.account_id == old[0]).values(account_id=new[0]))
    connection.execute(delete(talks).where(talks.c.account_id == old[0]))
    connection.execute(delete(accounts).where(accounts.c.id == old[0]))
