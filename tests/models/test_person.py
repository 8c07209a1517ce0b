"""People, addresses, consent."""

from sqlalchemy import Connection

from models.person import (
    Consent,
    accounts_of,
    add_account,
    add_person,
    consents_of,
    find_account,
    record_consent,
    set_account_state,
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
    assert database.read(lambda c: accounts_of(c, web.person_id)) == [telegram, web]
    assert (telegram.state, web.state) == ("blocked", "active")


def test_everything_that_was_agreed_to_is_kept(database: Database) -> None:
    person = database.turn(lambda c: add_person(c, "web", "1", NOW)).person_id
    assert database.read(lambda c: consents_of(c, person)) == []
    for version in ("1", "2"):
        consent = Consent(person, version, "ab" * 32, "web", NOW)
        database.turn(lambda c, consent=consent: record_consent(c, consent))  # type: ignore[misc]  # this pass's value
    stored = database.read(lambda c: consents_of(c, person))
    assert [(each.notice_version, each.given_at) for each in stored] == [("1", NOW), ("2", NOW)]
