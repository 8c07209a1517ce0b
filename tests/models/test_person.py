"""People, addresses, consent."""

from datetime import timedelta

from sqlalchemy import Connection

from models.person import (
    Consent,
    add_account,
    add_person,
    current_consent,
    find_account,
    record_consent,
    set_account_state,
    withdraw_consent,
)
from models.session import Database
from tests.models.firms import NOW


def test_a_person_is_found_on_every_address(database: Database) -> None:
    def work(connection: Connection) -> None:
        first = add_person(connection, "telegram", "1", NOW)
        add_account(connection, first.person_id, "web", "1", NOW)
        set_account_state(connection, first.id, "blocked")

    database.turn(work)
    telegram = database.read(lambda c: find_account(c, "telegram", "1"))
    web = database.read(lambda c: find_account(c, "web", "1"))
    assert telegram
    assert web
    assert telegram.person_id == web.person_id
    assert (telegram.state, web.state) == ("blocked", "active")


def test_consent_is_given_renewed_and_withdrawn(database: Database) -> None:
    person = database.turn(lambda c: add_person(c, "web", "1", NOW)).person_id
    assert database.read(lambda c: current_consent(c, person)) is None
    for version in ("1", "2"):
        consent = Consent(person, version, "ab" * 32, "web", NOW)
        database.turn(lambda c, consent=consent: record_consent(c, consent))  # type: ignore[misc]
    current = database.read(lambda c: current_consent(c, person))
    assert current
    assert (current.notice_version, current.given_at, current.withdrawn_at) == ("2", NOW, None)
    assert database.turn(lambda c: withdraw_consent(c, person, NOW + timedelta(days=1))) == 2
    assert database.read(lambda c: current_consent(c, person)) is None
