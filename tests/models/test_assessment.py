"""What a turn finds, and which of two turns wins."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import IntegrityError

from models.assessment import (
    Assessment,
    Situation,
    StaleVersionError,
    assessments_of,
    latest_of,
    open_at,
    save_snapshot,
    start_assessment,
)
from models.firm import About, add_firm, memberships
from models.person import Account, Consent, add_account, add_person, record_consent
from models.session import Database
from models.talk import set_focus
from tests.models.firms import NOW, build


def _find(database: Database, account: Account) -> Situation:
    found = database.read(lambda c: open_at(c, account.channel, account.address))
    assert found is not None
    return found


def test_one_query_finds_all(database: Database) -> None:
    world = database.turn(build)
    person = world.account.person_id

    def more(connection: Connection) -> None:
        record_consent(connection, Consent(person, "1", "ab" * 32, "telegram", NOW))
        set_focus(connection, world.account.id, world.assessment.id, {"slot": "revenue"}, NOW)
        save_snapshot(connection, world.assessment, {"revenue": 500_000_000, "name": "洛轴"}, "paused", NOW)

    database.turn(more)
    found = _find(database, world.account)
    assert found.account == world.account
    assert found.consent
    assert found.consent.notice_version == "1"
    assert found.focus == {"slot": "revenue"}
    assert found.assessment
    assert (found.assessment.version, found.assessment.state) == (1, "paused")
    assert found.assessment.facts == {"revenue": 500_000_000, "name": "洛轴"}


def test_a_stranger_and_a_newcomer(database: Database) -> None:
    assert database.read(lambda c: open_at(c, "web", "x")) is None
    account = database.turn(lambda c: add_person(c, "web", "x", NOW))
    assert _find(database, account) == Situation(account, None, None, None)


def test_a_second_device_finds_the_assessment_finished_or_not(database: Database) -> None:
    world = database.turn(build)
    phone = database.turn(lambda c: add_account(c, world.account.person_id, "web", "phone", NOW))
    assert _find(database, phone).assessment == world.assessment
    database.turn(lambda c: save_snapshot(c, world.assessment, {}, "finished", NOW))
    finished = _find(database, phone).assessment
    assert finished is not None
    assert finished.id == world.assessment.id
    database.turn(lambda c: set_focus(c, phone.id, world.assessment.id, None, NOW))
    pointed = _find(database, phone).assessment
    assert pointed
    assert pointed.finished_at == NOW


def test_who_left_a_firm_no_longer_sees_its_assessment(database: Database) -> None:
    world = database.turn(build)
    database.turn(lambda c: set_focus(c, world.account.id, world.assessment.id, None, NOW))
    database.turn(lambda c: c.execute(update(memberships).values(until=NOW)))
    assert _find(database, world.account).assessment is None


def test_the_newest_of_several_firms(database: Database) -> None:
    world = database.turn(build)

    def second(connection: Connection) -> Assessment:
        firm = add_firm(connection, world.account.person_id, "owner", About(), NOW)
        return start_assessment(connection, firm.id, 2025, world.assessment.edition_id, NOW)

    newer = database.turn(second)
    assert _find(database, world.account).assessment == newer


def test_one_assessment_a_firm_and_year(database: Database) -> None:
    world = database.turn(build)
    edition = world.assessment.edition_id
    with pytest.raises(IntegrityError):
        database.turn(lambda c: start_assessment(c, world.firm.id, 2025, edition, NOW))
    next_year = database.turn(lambda c: start_assessment(c, world.firm.id, 2026, edition, NOW))
    assert database.read(lambda c: latest_of(c, world.firm.id)) == next_year
    assert database.read(lambda c: latest_of(c, 99)) is None
    assert [each.fiscal_year for each in database.read(lambda c: assessments_of(c, world.firm.id))] == [
        2025,
        2026,
    ]


def test_when_it_was_finished_outlives_a_later_change(database: Database) -> None:
    world = database.turn(build)
    later, last = NOW + timedelta(days=1), NOW + timedelta(days=2)
    done = database.turn(lambda c: save_snapshot(c, world.assessment, {}, "finished", NOW))
    same = database.turn(lambda c: save_snapshot(c, done, {"city": "洛阳"}, "finished", later))
    assert (same.finished_at, same.updated_at) == (NOW, later)
    opened = database.turn(lambda c: save_snapshot(c, same, {}, "open", later))
    assert opened.finished_at == NOW
    again = database.turn(lambda c: save_snapshot(c, opened, {}, "finished", last))
    assert again.finished_at == last


def test_a_stale_version_is_refused(database: Database) -> None:
    world = database.turn(build)
    later = NOW + timedelta(seconds=1)
    saved = database.turn(lambda c: save_snapshot(c, world.assessment, {"revenue": 1}, "open", later))
    assert (saved.version, saved.updated_at, saved.created_at) == (1, later, NOW)
    with pytest.raises(StaleVersionError, match="no longer at version 0"):
        database.turn(lambda c: save_snapshot(c, world.assessment, {"revenue": 2}, "open", later))
    assert _find(database, world.account).assessment == saved


def test_two_threads_race_on_one_version(database: Database) -> None:
    """Both read version n and add one to a fact: nothing gets lost, whoever is first."""
    world = database.turn(build)

    gate = threading.Barrier(2)
    reads: list[int] = []

    def add_one(connection: Connection) -> None:
        found = open_at(connection, "telegram", "4711")
        reads.append(1)
        if not database.is_sqlite and len(reads) <= 2:
            gate.wait(timeout=10)
        assert found
        assert found.assessment
        facts = {"employees": found.assessment.facts.get("employees", 0) + 1}
        save_snapshot(connection, found.assessment, facts, "open", NOW)

    for _ in range(5):
        reads.clear()
        threads = [threading.Thread(target=database.turn, args=(add_one,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(reads) == (2 if database.is_sqlite else 3)
    final = _find(database, world.account).assessment
    assert final
    assert (final.version, final.facts) == (10, {"employees": 10})
