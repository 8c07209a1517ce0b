"""Another address in place of one: both good until somebody comes from the new one, then all that was there is here."""

from datetime import timedelta

from sqlalchemy import Connection, select

from models.handover import Handover, add_handover, handovers
from models.moving import is_first_visit, stand_in, take_over
from models.outbox import NewMessage, outbox, put
from models.person import Account, accounts, find_account
from models.session import Database
from models.subscription import subscribe, subscriptions
from models.talk import set_focus, talks
from tests.models.firms import NOW, build

NEW = "99" * 32


def _promised(connection: Connection) -> tuple[Account, Account]:
    """Somebody in the middle of a question, with a task handed on, and a new address for them."""
    world = build(connection)
    set_focus(connection, world.account.id, world.assessment.id, {"slot": "revenue"}, NOW)
    made = Handover(
        world.assessment.id, world.account.id, "ef" * 32, ["revenue"], "key", NOW, NOW + timedelta(days=1)
    )
    add_handover(connection, made)
    old = world.account
    subscribe(connection, old.person_id, old.id, "result", frequency="at-once", at=NOW)
    for key in ("1", "2"):
        put(connection, NewMessage(old.channel, old.address, key, "notice", {}, old.id), NOW)
    new = stand_in(connection, old, NEW, NOW)
    put(connection, NewMessage(new.channel, new.address, "2", "notice", {}, new.id), NOW)
    return old, new


def test_until_the_new_address_is_used_both_are_good_and_stand_at_the_same_place(database: Database) -> None:
    old, new = database.turn(_promised)

    def look(connection: Connection) -> None:
        assert find_account(connection, old.channel, old.address) == old
        assert find_account(connection, old.channel, NEW) == new
        assert new.person_id == old.person_id
        rows = connection.execute(select(talks.c.assessment_id, talks.c.focus)).all()
        assert rows[0] == rows[1]
        assert rows[0].focus == {"slot": "revenue"}
        assert is_first_visit(connection, old.channel, NEW)
        assert not is_first_visit(connection, old.channel, old.address)
        assert not is_first_visit(connection, old.channel, "nobody's")

    database.read(look)


def test_all_that_was_at_the_old_address_is_at_the_new_one(database: Database) -> None:
    old, new = database.turn(_promised)
    for _ in range(2):  # once more changes nothing
        database.turn(lambda c: take_over(c, old.channel, NEW))

    def look(connection: Connection) -> None:
        assert list(connection.execute(select(accounts.c.address)).scalars()) == [NEW]
        assert list(connection.execute(select(handovers.c.account_id)).scalars()) == [new.id]
        assert list(connection.execute(select(talks.c.account_id)).scalars()) == [new.id]
        assert list(connection.execute(select(subscriptions.c.account_id)).scalars()) == [new.id]
        sent = connection.execute(select(outbox.c.address, outbox.c.account_id, outbox.c.reply_to)).all()
        assert sorted(tuple(row) for row in sent) == [(NEW, new.id, "1"), (NEW, new.id, "2")]
        assert not is_first_visit(connection, old.channel, NEW)

    database.read(look)


def test_of_two_new_addresses_the_one_that_is_used_takes_all_and_the_other_stays_good(
    database: Database,
) -> None:
    old, new = database.turn(_promised)
    database.turn(lambda c: stand_in(c, old, "98" * 32, NOW))
    database.turn(lambda c: take_over(c, old.channel, "98" * 32))
    database.turn(lambda c: take_over(c, old.channel, NEW))
    assert database.read(lambda c: find_account(c, old.channel, old.address)) is None
    assert database.read(lambda c: find_account(c, old.channel, NEW)) == new


def test_an_address_of_ones_own_takes_nothing(database: Database) -> None:
    old, _ = database.turn(_promised)
    database.turn(lambda c: take_over(c, old.channel, old.address))
    database.turn(lambda c: take_over(c, old.channel, "nobody's"))
    assert database.read(lambda c: find_account(c, old.channel, old.address)) == old
