"""Addresses for mail, row by row; the talk about them is in tests/flows/test_mailing.py."""

from datetime import UTC, datetime, timedelta

import pytest

from models.mailbox import join_mail, mailbox_of, want_mail
from models.person import add_person
from models.session import Database

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
LONG_AGO, JUST_NOW = NOW - timedelta(hours=20), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kept_at", "gone_at", "left"), [(LONG_AGO, JUST_NOW, None), (JUST_NOW, LONG_AGO, "kept@example.com")]
)
def test_a_code_of_long_ago_is_not_good_again_because_two_became_one(
    database: Database, kept_at: datetime, gone_at: datetime, left: str | None
) -> None:
    kept, gone = (
        database.turn(lambda c, sign=sign: add_person(c, "web", sign * 64, NOW).person_id)  # type: ignore[misc]  # the sign of this pass
        for sign in "ab"
    )
    database.turn(lambda c: want_mail(c, kept, "kept@example.com", "aa" * 32, kept_at))
    database.turn(lambda c: want_mail(c, gone, "gone@example.com", "bb" * 32, gone_at))
    database.turn(lambda c: join_mail(c, kept, gone))
    found = database.read(lambda c: mailbox_of(c, kept))
    assert found is not None
    assert (found.wanted, found.asked_at, found.asked) == (left, JUST_NOW, 2)
