"""`/resume` and `/telegram`: a code or Telegram's word binds a fresh cookie; guessing is limited; nothing secret in an address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

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
from tests.web.test_telegram_identity import TOKEN, USER, fields, signed
from web.app import create_app
from web.passing import Guesses, network_of
from web.visitors import Visitor

_HIDDEN = re.compile(r'name="(form_token|tap)" value="([^"]*)"')


@dataclass
class Site:
    """The page with a browser before it, and the talk on other channels."""

    client: TestClient
    database: Database

    @property
    def address(self) -> str:
        return Visitor(self.client.cookies["ladder"], is_new=False).address

    def form(self, path: str = "/resume") -> dict[str, str]:
        return dict(_HIDDEN.findall(self.client.get(path).text))

    def sends(self, code: str, **more: str) -> Response:
        return self.client.post("/resume", data={**self.form(), "code": code, **more}, follow_redirects=False)

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


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    settings = Settings(database_url=SecretStr(database_url), telegram_token=SecretStr(TOKEN))
    app = create_app(settings)
    publish(app.state.database)
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        yield Site(client, app.state.database)


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


class Asks:
    """As much of a request as tells where it comes from."""

    def __init__(self, host: str | None) -> None:
        self.client = None if host is None else type("Client", (), {"host": host})()


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_a_customers_network_counts_as_one(host: str | None, network: str) -> None:
    assert network_of(Asks(host)) == network  # type: ignore[arg-type]


def _opens(site: Site, init_data: str | None = None) -> Response:
    told = signed(fields(datetime.now(UTC))) if init_data is None else init_data
    form = {**site.form("/telegram"), "init_data": told}
    return site.client.post("/telegram", data=form, follow_redirects=False)


def test_whom_telegram_knows_is_the_same_person_on_the_page(site: Site) -> None:
    for text in ("开始", "同意", "河南"):
        site.says(text, sender=str(USER["id"]))
    site.form("/telegram")
    before = site.client.cookies["ladder"]
    opened = _opens(site)
    assert (opened.status_code, opened.headers["location"]) == (303, "/chat")
    assert site.client.cookies["ladder"] != before
    assert site.says("同意", "web", site.address).fact == "revenue"
    assert len(dump(site.database)["person"]) == 1


def test_whom_telegram_does_not_know_is_a_stranger_who_leaves_nothing(site: Site) -> None:
    assert _opens(site).status_code == 303
    assert dump(site.database)["channel_account"] == []
    assert str(USER["id"]) not in str(dump(site.database))
    site.says("同意", "web", site.address)
    assert site.addresses("telegram") == [str(USER["id"])]


def test_the_same_word_of_telegrams_is_good_once(site: Site) -> None:
    told = signed(fields(datetime.now(UTC)))
    assert _opens(site, told).status_code == 303
    again = _opens(site, told)
    assert again.status_code == 403
    assert "没能确认" in again.text


@pytest.mark.parametrize(
    "told", ["", "x", urlencode({"user": '{"id": 1}', "hash": "0" * 64}), "hash=" + "a" * 6000]
)
def test_what_telegram_did_not_sign_is_refused(site: Site, told: str) -> None:
    refused = _opens(site, told)
    assert refused.status_code == 403
    assert site.addresses() == []


def test_the_page_loads_no_script_of_anybody_elses(site: Site) -> None:
    page = site.client.get("/telegram").text
    assert "//" not in page.replace("<!doctype html>", "")
    scripts = re.findall(r'<script src="([^"]+)"', page)
    assert len(scripts) == 1
    assert "tgWebAppData" in site.client.get(scripts[0]).text


def test_without_a_bot_there_is_no_mini_app(database_url: str) -> None:
    with TestClient(create_app(Settings(database_url=SecretStr(database_url)))) as client:
        assert client.get("/telegram").status_code == 404
