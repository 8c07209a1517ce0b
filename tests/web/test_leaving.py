"""The leave link in a letter: looking does nothing, one click leaves, from wherever a mail program sends it."""

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from models.bulletin import NewDelivery
from models.bulletins import add_bulletin
from models.delivering import add_deliveries
from models.mailbox import mailbox_of, want_mail
from models.person import add_person
from models.session import Database
from models.subscription import subscribe, subscriptions_of

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def link(browser: TestClient) -> str:
    """Of somebody who subscribed and got a bulletin."""

    def work(connection: Connection) -> str:
        account = add_person(connection, "web", "page", NOW)
        subscribe(connection, account.person_id, account.id, "policy", frequency="at-once", at=NOW)
        want_mail(connection, account.person_id, "z@example.com", "ab" * 32, NOW)
        text = {"topic": "policy", "title": "新政策", "body": "正文", "author": "张工"}
        made = add_bulletin(connection, **text, audience={}, urgent=False, at=NOW)
        sent = NewDelivery(account.person_id, None, "email", "z@example.com", {}, "sent")
        add_deliveries(connection, made.id, [sent], NOW)
        mailbox = mailbox_of(connection, account.person_id)
        assert mailbox is not None
        return f"/leave/{mailbox.leave_key}/{made.public_id}"

    return database_of(browser).turn(work)


def database_of(browser: TestClient) -> Database:
    database: Database = browser.app.state.database  # type: ignore[attr-defined]  # the client's type knows no application
    return database


def is_subscribed(browser: TestClient) -> bool:
    return any(each.until is None for each in database_of(browser).read(lambda c: subscriptions_of(c, 1)))


def test_looking_asks_and_changes_nothing(browser: TestClient, link: str) -> None:
    page = browser.get(link)
    assert page.status_code == 200
    assert "退订“和企业有关的新政策”？" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert is_subscribed(browser)


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"data": {"List-Unsubscribe": "One-Click"}, "headers": {"Sec-Fetch-Site": "cross-site"}},
        {"data": {"List-Unsubscribe": "One-Click"}, "headers": {"Origin": "https://mail.example"}},
    ],
    ids=["a form", "parts", "a browser", "another origin"],
)
def test_one_click_leaves_and_once_more_says_the_same(
    browser: TestClient, link: str, sent: dict[str, object]
) -> None:
    for _ in range(2):
        done = browser.post(link, **sent)  # type: ignore[arg-type]  # as each program sends it
        assert done.status_code == 200
        assert "“和企业有关的新政策”不再发了" in done.text
        assert not is_subscribed(browser)


def test_a_made_up_link_leaves_nothing(browser: TestClient, link: str) -> None:
    for path in (link[:-1], link.replace("/leave/", "/leave/x"), f"/leave/{'a' * 32}/{'b' * 32}"):
        for answer in (browser.get(path), browser.post(path)):
            assert answer.status_code == 404
            assert "这个链接打不开了" in answer.text
    assert is_subscribed(browser)
