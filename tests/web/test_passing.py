"""`/resume`, and codes in the talk: a good one binds a fresh cookie; guessing is limited; nothing secret in an address."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import select

from flows.editions import Editions
from flows.interview import receive
from flows.messages import Incoming, Operator, Reply
from models.outbox import outbox
from models.person import accounts
from models.session import Database
from settings import Settings
from tests.conversations.in_process import publish
from tests.conversations.playing import dump
from tests.sent import mark_sent
from tests.web.test_telegram_identity import TOKEN
from web.app import create_app
from web.limits import network
from web.passing import Guesses
from web.visitors import Visitor

_HIDDEN = re.compile(r'name="(form_token|tap)" value="([^"]*)"')


@dataclass
class Site:
    """The page with a browser before it, and the talk on other channels."""

    client: TestClient
    database: Database
    url: str

    @property
    def address(self) -> str:
        return Visitor(self.client.cookies["ladder"], is_new=False).address

    def form(self, path: str = "/resume") -> dict[str, str]:
        return dict(_HIDDEN.findall(self.client.get(path).text))

    def sends(self, code: str, **more: str) -> Response:
        return self.client.post("/resume", data={**self.form(), "code": code, **more}, follow_redirects=False)

    def types(self, text: str, key: str | None = None) -> Response:
        """Send it in the talk, as the page's script does."""
        told = {**self.form("/resume"), "key": key or secrets.token_urlsafe(16), "text": text}
        return self.client.post("/chat", data=told, headers={"HX-Request": "true"})

    def says(self, text: str, channel: str = "telegram", sender: str = "7") -> Reply:
        at = datetime.now(UTC)
        told = Incoming(channel, sender, f"{at.timestamp()}-{text}", at, text)
        promise = self.database.turn(lambda c: receive(c, Editions(), Operator(), told))
        assert promise is not None
        self.database.turn(lambda c: mark_sent(c, promise.message_id, at))
        return promise.reply

    def owner(self, word: str = "续测码") -> str:
        for text in ("开始", "同意", "河南"):
            self.says(text)
        return str(self.says(word).data["code"])

    def addresses(self, channel: str = "web") -> list[str]:
        there = select(accounts.c.address).where(accounts.c.channel == channel)
        return list(self.database.read(lambda c: c.execute(there).scalars()))


@contextmanager
def site_on(database_url: str) -> Iterator[Site]:
    settings = Settings(database_url=SecretStr(database_url), telegram_token=SecretStr(TOKEN))
    app = create_app(settings)
    publish(app.state.database)
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        yield Site(client, app.state.database, database_url)


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with site_on(database_url) as opened:
        yield opened


def test_a_stranger_with_a_code_gets_a_fresh_cookie_the_notice_and_then_the_same_assessment(
    site: Site,
) -> None:
    code = site.owner()
    site.form()
    before = site.client.cookies["ladder"]
    sent = site.sends(code)
    assert (sent.status_code, sent.headers["location"]) == (303, "/chat")
    assert site.client.cookies["ladder"] != before
    assert site.addresses() == []  # before consent nothing is stored of them
    assert site.says("同意", "web", site.address).fact == "revenue"
    assert site.addresses() == [site.address]
    rows = dump(site.database)
    assert len(rows["person"]) == len(rows["firm"]) == 1


def test_who_is_known_keeps_their_talk_under_the_new_cookie_and_the_old_one_is_worth_nothing(
    site: Site,
) -> None:
    site.form()
    planted = site.address
    for text in ("开始", "同意"):
        site.says(text, "web", planted)
    site.sends(site.owner())
    assert site.addresses() == [site.address]
    assert site.address != planted
    sent_to = site.database.read(lambda c: set(c.execute(select(outbox.c.address)).scalars()))
    assert planted not in sent_to
    assert site.says("继续", "web", planted).topic == "welcome"


@pytest.mark.parametrize(
    "said", ["", "你好", "K7MQ-2XPD-4HTN", "{{7*7}}", "<script>alert(1)</script>", "9" * 5000]
)
def test_what_is_no_code_is_told_so_on_the_page(site: Site, said: str) -> None:
    told = site.sends(said)
    assert told.status_code == 422
    assert "这不是一个码" in told.text
    assert "<script>alert" not in told.text


def test_a_wrong_code_is_told_on_the_page_and_leaves_nothing(site: Site) -> None:
    told = site.sends("ABCD-2345-ABCD-2345")
    assert told.status_code == 422
    assert "没有找到这个码" in told.text
    assert dump(site.database)["outbox"] == []


def test_fresh_cookies_do_not_buy_more_guesses_from_one_network(site: Site) -> None:
    code = site.owner()
    for number in range(30):
        site.client.cookies.clear()
        assert site.sends(f"ABCD-EF{number // 8 + 2}{number % 8 + 2}").status_code == 422
    told = site.sends(code)
    assert told.status_code == 429
    assert "过一个小时" in told.text


def test_guesses_are_forgiven_after_an_hour() -> None:
    guesses, now = Guesses(), datetime.now(UTC)
    for _ in range(30):
        guesses.note("1.2.3.4/32", now)
    assert guesses.are_too_many("1.2.3.4/32", now)
    assert not guesses.are_too_many("1.2.3.5/32", now)
    assert not guesses.are_too_many("1.2.3.4/32", now + timedelta(hours=1))


def test_the_same_tap_twice_is_one_try_and_one_cookie(site: Site) -> None:
    code, form = site.owner("换个地方接着答"), site.form()
    before = site.client.cookies["ladder"]
    first = site.client.post("/resume", data={**form, "code": code}, follow_redirects=False)
    after = site.client.cookies["ladder"]
    site.client.cookies.clear()
    site.client.cookies.set("ladder", before)
    second = site.client.post("/resume", data={**form, "code": code}, follow_redirects=False)
    assert first.status_code == second.status_code == 303
    assert second.cookies["ladder"] == after != before


def test_no_address_of_ours_holds_a_code(site: Site) -> None:
    code = site.owner()
    assert code not in site.sends(code).headers["location"]
    assert 'method="post"' in site.client.get("/resume").text
    assert code not in site.client.get(f"/resume?code={code}").text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::7", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("testclient", "", False),
    ],
)
def test_a_customers_network_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


def test_guesses_in_the_talk_count_with_those_on_the_page(site: Site) -> None:
    code = site.owner()
    for number in range(30):
        site.client.cookies.clear()
        site.types(f"ABCD-EF{number // 8 + 2}{number % 8 + 2}")
    barred = site.types(code)
    assert barred.status_code == 403
    assert "过一个小时" in barred.text
    assert site.types("你好").status_code == 200


def test_a_lost_answer_to_a_code_in_the_talk_is_given_again(site: Site) -> None:
    """The same form again, with the cookie of before: the code is spent by then, and leads to the same talk."""
    site.form()
    before = site.client.cookies["ladder"]
    for text in ("开始", "同意"):
        site.says(text, "web", site.address)
    code, found = site.owner("换个地方接着答"), list[str]()
    for _ in range(2):
        site.client.cookies.clear()
        site.client.cookies.set("ladder", before, domain="testserver.local", path="/")
        assert site.types(code, "key-of-one-tap").headers["hx-redirect"] == "/chat"
        found.append(site.client.cookies["ladder"])
    assert found[0] == found[1] != before
    page = site.client.get("/chat").text
    assert page.count('data-key="key-of-one-tap"') == 1
    assert "营业收入" in page


def back_to(site: Site, cookie: str) -> None:
    """The answer was lost: the browser has the cookie of before."""
    site.client.cookies.clear()
    site.client.cookies.set("ladder", cookie, domain="testserver.local", path="/")


def test_what_a_code_opened_is_told_with_one_notice(site: Site) -> None:
    site.sends(site.owner())
    page = site.client.get("/chat").text
    assert "找到了您的测评" in page
    assert page.count("开始前请看一下") == 1
