"""`/telegram`: Telegram's word binds a fresh cookie, and joins nobody's talk to anybody's account."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr

from settings import Settings
from tests.conversations.playing import dump
from tests.web.test_passing import Site, back_to, site_on
from tests.web.test_telegram_identity import USER, fields, signed
from web.app import create_app


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with site_on(database_url) as opened:
        yield opened


def _told(**more: str) -> str:
    return signed(fields(datetime.now(UTC), **more))


def _opens(site: Site, init_data: str | None = None) -> Response:
    """What the page's script does by itself."""
    form = {**site.form("/telegram"), "init_data": _told() if init_data is None else init_data}
    return site.client.post("/telegram", data=form, follow_redirects=False)


def _button(asked: Response) -> dict[str, str]:
    """The form with the button that a page shows, by name."""
    return dict(re.findall(r'name="(form_token|ticket|choice)" value="([^"]+)"', asked.text))


def _presses(site: Site, asked: Response, **more: str) -> Response:
    return site.client.post("/telegram", data={**_button(asked), **more}, follow_redirects=False)


def test_whom_telegram_knows_is_the_same_person_on_the_page(site: Site) -> None:
    for text in ("开始", "同意", "河南"):
        site.says(text, sender=str(USER["id"]))
    site.form("/telegram")
    before = site.client.cookies["ladder"]
    asked = _opens(site)
    assert (asked.status_code, site.client.cookies["ladder"]) == (200, before)
    assert "老王" in asked.text
    opened = _presses(site, asked)
    assert (opened.status_code, opened.headers["location"]) == (303, "/chat")
    assert site.client.cookies["ladder"] != before
    assert site.says("同意", "web", site.address).fact == "revenue"
    assert len(dump(site.database)["person"]) == 1


def test_whom_telegram_does_not_know_is_a_stranger_who_leaves_nothing(site: Site) -> None:
    assert _presses(site, _opens(site)).status_code == 303
    assert dump(site.database)["channel_account"] == []
    assert str(USER["id"]) not in str(dump(site.database))
    site.says("同意", "web", site.address)
    assert site.addresses("telegram") == [str(USER["id"])]


@pytest.mark.parametrize("is_known", [True, False])
def test_a_link_with_somebody_elses_word_of_telegrams_changes_nothing(site: Site, is_known: bool) -> None:
    """Who opens it is told whose account it is; by itself nothing happens, and a button never gives their talk away."""
    if is_known:
        for text in ("开始", "同意"):
            site.says(text, sender=str(USER["id"]))
    site.form()
    mine, cookie = site.address, site.client.cookies["ladder"]
    for text in ("开始", "同意", "河南"):
        site.says(text, "web", mine)
    before = dump(site.database)
    asked = _opens(site)
    assert asked.status_code == 200
    assert "老王" in asked.text
    assert "不会合到那个账号里去" in asked.text
    assert ("只用 Telegram 的" in asked.text) is is_known
    assert (site.client.cookies["ladder"], dump(site.database)) == (cookie, before)
    if not is_known:
        return
    assert _presses(site, asked).status_code == 303
    after = dump(site.database)
    owner = next(row["person_id"] for row in after["channel_account"] if row["address"] == mine)
    theirs = [row["channel"] for row in after["channel_account"] if row["person_id"] == owner]
    assert theirs == ["web"]
    assert site.says("3.2亿", "web", mine).fact == "rd_institution"


def test_a_talk_that_was_begun_while_the_button_stood_there_is_kept(site: Site) -> None:
    for text in ("开始", "同意"):
        site.says(text, sender=str(USER["id"]))
    asked, cookie = _opens(site), site.client.cookies["ladder"]
    for text in ("开始", "同意", "河南"):
        site.says(text, "web", site.address)
    before = dump(site.database)
    assert _presses(site, asked).status_code == 303
    assert (site.client.cookies["ladder"], dump(site.database)) == (cookie, before)


def test_a_button_is_good_for_its_browser_and_with_its_token_only(site: Site) -> None:
    asked = _opens(site)
    forged = {**_button(asked), "form_token": "0" * 32}
    told = site.client.post("/telegram", data=forged, headers={"Sec-Fetch-Site": "cross-site"})
    assert told.status_code == 403
    assert "没能确认" in _presses(site, asked, ticket="x" * 32).text
    site.client.cookies.clear()
    site.form()
    assert _presses(site, asked).status_code == 403
    assert dump(site.database)["outbox"] == []


def test_the_button_pressed_twice_gives_the_same_cookie(site: Site) -> None:
    for text in ("开始", "同意", "河南"):
        site.says(text, sender=str(USER["id"]))
    asked, cookie, found = _opens(site), site.client.cookies["ladder"], list[str]()
    for _ in range(2):
        back_to(site, cookie)
        assert _presses(site, asked).status_code == 303
        found.append(site.client.cookies["ladder"])
    assert found[0] == found[1] != cookie
    assert len(site.addresses()) == 1


def test_who_was_recognised_before_goes_on_without_a_question(site: Site) -> None:
    for text in ("开始", "同意", "河南"):
        site.says(text, sender=str(USER["id"]))
    _presses(site, _opens(site))
    site.says("同意", "web", site.address)
    again = _opens(site, _told(query_id="later"))
    assert (again.status_code, again.headers["location"]) == (303, "/chat")
    assert site.says("3.2亿", "web", site.address).fact == "rd_institution"


def test_the_same_word_of_telegrams_is_good_once(site: Site) -> None:
    told = _told()
    assert _opens(site, told).status_code == 200
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
