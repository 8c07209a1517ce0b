"""Two persons become one, in every table that names a person; a place gets another address; erasing leaves nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from models.answer import answers_of, append_answer
from models.assessment import start_assessment
from models.base import Base
from models.engines import file_of
from models.erasure import forget_person
from models.firm import About, add_firm, firms_of, join_firm, memberships
from models.handover import Handover, add_handover, handovers, use_handover
from models.merging import (
    current_assessment,
    firms_answered,
    join_people,
    rename_address,
)
from models.outbox import NewMessage, outbox, put
from models.passage import Passage, add_passage, passages_of
from models.person import (
    Account,
    Consent,
    accounts_of,
    add_account,
    add_person,
    consents_of,
    find_account,
    record_consent,
)
from models.schema import TABLES
from models.session import Database
from models.subscription import subscribe, subscriptions_of
from models.talk import set_focus
from tests.models.firms import NOW, World, answer, build

WORDS = "我姓欧阳，厂在栾川"
LATER = NOW + timedelta(days=1)


def _two(connection: Connection) -> tuple[World, Account, int]:
    """A person on Telegram with two answers, and somebody on the page with one, a code, a consent and a colleague's task."""
    world = build(connection)
    for value in (1, 2):
        append_answer(connection, world.assessment.id, answer("revenue", value, world.account.person_id))
    other = add_person(connection, "web", "ab" * 32, NOW)
    firm = add_firm(connection, other.person_id, "owner", About(name="栾川独一无二"), NOW)
    theirs = start_assessment(connection, firm.id, 2025, world.assessment.edition_id, NOW)
    append_answer(connection, theirs.id, answer("about.contact", WORDS, other.person_id))
    set_focus(connection, other.id, theirs.id, {"reading": WORDS}, NOW)
    record_consent(connection, Consent(other.person_id, "1", "ab" * 32, "web", NOW))
    add_passage(connection, Passage(other.person_id, "resume", "cd" * 32, NOW, LATER))
    made = Handover(world.assessment.id, world.account.id, "ef" * 32, ["revenue"], "key", NOW, LATER)
    use_handover(connection, add_handover(connection, made), other.person_id, NOW)
    put(connection, NewMessage("web", "ab" * 32, "1", "notice", {"text": WORDS}, other.id), NOW)
    for person, account in ((world.account.person_id, world.account.id), (other.person_id, other.id)):
        subscribe(connection, person, account, "policy", frequency="weekly", at=NOW)
    subscribe(connection, other.person_id, other.id, "result", frequency="at-once", at=NOW)
    return world, other, theirs.id


def test_all_that_was_twos_is_ones(database: Database) -> None:
    world, other, theirs = database.turn(_two)
    kept = database.turn(lambda c: join_people(c, world.account.person_id, other.person_id))
    assert kept == world.account.person_id

    def look(connection: Connection) -> None:
        assert find_account(connection, "web", "ab" * 32).person_id == kept  # type: ignore[union-attr]  # None would fail the test
        assert [each.channel for each in consents_of(connection, kept)] == ["web"]
        assert [each.name for each in firms_of(connection, kept)] == ["洛阳轴研精密", "栾川独一无二"]
        assert [each.kind for each in passages_of(connection, kept)] == ["resume"]
        assert sorted(each.topic for each in subscriptions_of(connection, kept)) == ["policy", "result"]
        assert connection.execute(select(handovers.c.used_by)).scalar_one() == kept
        (one,) = answers_of(connection, theirs)
        assert (one.as_read, one.as_typed, one.by_person) == (WORDS, None, None)
        assert [each.as_typed for each in answers_of(connection, world.assessment.id)] == ["1", "2"]

    database.read(look)
    assert database.turn(lambda c: join_people(c, kept, kept)) == kept  # once more changes nothing


def test_who_answered_more_keeps_their_words(database: Database) -> None:
    world, other, _ = database.turn(_two)
    assert (
        database.turn(lambda c: join_people(c, other.person_id, world.account.person_id))
        == world.account.person_id
    )


@pytest.mark.parametrize(
    ("kept_until", "their_until", "then"), [(None, None, None), (NOW, None, None), (NOW, LATER, LATER)]
)
def test_who_speaks_for_a_firm_as_one_or_the_other_goes_on_speaking(
    database: Database, kept_until: object, their_until: object, then: object
) -> None:
    def twice(connection: Connection) -> list[object]:
        world, other, _ = _two(connection)
        one, two = world.account.person_id, other.person_id
        join_firm(connection, two, world.firm.id, "finance", NOW)
        here = memberships.c.firm_id == world.firm.id
        for person, until in ((one, kept_until), (two, their_until)):
            change = memberships.update().where(here, memberships.c.person_id == person)
            connection.execute(change.values(until=until))
        join_people(connection, one, two)
        return list(connection.execute(select(memberships.c.until).where(here)).scalars())

    assert database.turn(twice) == [then]


def test_erasing_who_was_two_leaves_nothing(database: Database) -> None:
    world, other, _ = database.turn(_two)
    kept = database.turn(lambda c: join_people(c, other.person_id, world.account.person_id))
    database.turn(lambda c: forget_person(c, kept))
    database.scrub()

    def everything(connection: Connection) -> str:
        return "\n".join(str(connection.execute(each.select()).all()) for each in Base.metadata.sorted_tables)

    left = database.read(everything)
    secrets = ("洛阳轴研精密", "栾川独一无二", WORDS, "ab" * 32, "cd" * 32, "4711")
    assert [text for text in secrets if text in left] == []
    if database.is_sqlite:
        path = file_of(database.address)
        raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert [text for text in secrets if text.encode() in raw] == []


def test_no_table_that_names_a_person_is_left_out() -> None:
    """Who adds one decides what becomes of it in models/merging.py, and adds it here."""
    assert TABLES
    known = {
        "channel_account",
        "consent",
        "passage",
        "handover",
        "membership",
        "answer",
        "subscription",
        "delivery",
        "reminder",
        "mailbox",
    }
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    assert naming == known


def test_a_new_address_takes_what_was_sent_along(database: Database) -> None:
    _, other, _ = database.turn(_two)
    assert database.turn(lambda c: rename_address(c, "web", "ab" * 32, "99" * 32))
    assert not database.turn(lambda c: rename_address(c, "web", "ab" * 32, "98" * 32))
    assert database.read(lambda c: accounts_of(c, other.person_id))[0].address == "99" * 32
    assert database.read(lambda c: c.execute(select(outbox.c.address)).scalars().all()) == ["99" * 32]


def test_the_newest_talk_is_where_something_happened_last(database: Database) -> None:
    def talks(connection: Connection) -> list[int | None]:
        world = build(connection)
        person = world.account.person_id
        found = [current_assessment(connection, person)]
        set_focus(connection, world.account.id, world.assessment.id, None, NOW)
        second = add_account(connection, person, "web", "w", NOW)
        firm = add_firm(connection, person, "owner", About(), NOW)
        other = start_assessment(connection, firm.id, 2025, world.assessment.edition_id, NOW)
        set_focus(connection, second.id, other.id, None, LATER)
        found.append(current_assessment(connection, person))
        assert firms_answered(connection, person) == 0
        return [*found, other.id]

    nothing, newest, other = database.turn(talks)
    assert nothing is None
    assert newest == other


def test_the_newest_talk_is_never_a_firm_they_do_not_speak_for(database: Database) -> None:
    def colleague(connection: Connection) -> int | None:
        world = build(connection)
        other = add_person(connection, "web", "w", NOW)
        set_focus(connection, other.id, world.assessment.id, {"hand": {}}, NOW)
        return current_assessment(connection, other.person_id)

    assert database.turn(colleague) is None
