"""An answer that carries a new cookie is lost on its way: nobody loses their talk, the same try gets the same, and the cookie of
before is good for nothing new.
"""

import re
import secrets
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from settings import Settings
from tests.web.test_passing import Site, back_to, site_on
from web.app import create_app


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    with site_on(database_url) as opened:
        yield opened


def _owner_on_the_page(site: Site) -> tuple[str, str]:
    """Somebody with answers before the page: their cookie, and its address."""
    site.form()
    for text in ("开始", "同意", "河南", "2.5亿"):
        site.says(text, "web", site.address)
    return site.client.cookies["ladder"], site.address


@pytest.mark.parametrize("of_their_own", [True, False])
def test_a_lost_answer_to_a_code_leaves_the_talk_where_it_was(site: Site, of_their_own: bool) -> None:
    cookie, mine = _owner_on_the_page(site)
    code = str(site.says("续测码", "web", mine).data["code"]) if of_their_own else site.owner()
    assert site.sends(code).status_code == 303
    back_to(site, cookie)
    assert "2.5亿" in site.client.get("/chat").text
    assert site.says("继续", "web", mine).fact == "rd_institution"
    assert site.sends(code).status_code == 303  # once more, from a page of its own
    assert "2.5亿" in site.client.get("/chat").text
    assert site.client.cookies["ladder"] != cookie


def test_the_old_cookie_is_worth_nothing_as_soon_as_the_new_one_comes(site: Site) -> None:
    cookie, mine = _owner_on_the_page(site)
    site.sends(site.owner())
    new = site.address
    page = site.client.get("/chat").text
    assert "合到一起" in page
    assert "2.5亿" in page  # what was said before stands above it
    assert site.addresses() == [new]
    joined = next(each for each in re.findall(r'value="(join:\d+)"', page))
    site.client.post("/chat", data={**site.form(), "key": secrets.token_urlsafe(12), "choice": joined})
    back_to(site, cookie)
    assert "2.5亿" not in site.client.get("/chat").text
    assert site.says("继续", "web", mine).topic == "welcome"


def test_a_message_under_the_new_cookie_ends_the_old_one_too(site: Site) -> None:
    _, mine = _owner_on_the_page(site)
    site.sends(site.owner())
    site.types("合到一起")
    assert site.addresses() == [site.address] != [mine]


def test_a_code_never_makes_the_old_cookie_good_for_what_it_opens(site: Site) -> None:
    """Whoever planted it waits with it: before the new one came, and where that never comes."""
    site.form()
    planted, cookie = site.address, site.client.cookies["ladder"]
    for text in ("开始", "同意"):
        site.says(text, "web", planted)
    assert site.sends(site.owner()).status_code == 303
    assert site.says("继续", "web", planted).topic == "welcome"
    back_to(site, cookie)
    _, mine = _owner_on_the_page(site)
    site.sends(site.owner())
    assert "老" not in str(site.says("我的数据", "web", mine).data)
    assert len(site.says("我的数据", "web", mine).data["firms"]) == 1


@pytest.mark.parametrize("knows_them", [True, False])
@pytest.mark.parametrize("in_the_talk", [True, False])
def test_the_same_try_after_a_restart_gets_the_same_cookie(
    site: Site, knows_them: bool, in_the_talk: bool
) -> None:
    code, form = site.owner("换个地方接着答"), site.form()
    cookie, found = site.client.cookies["ladder"], list[str]()
    if knows_them:
        for text in ("开始", "同意"):
            site.says(text, "web", site.address)
    tap, settings = secrets.token_urlsafe(16), Settings(database_url=SecretStr(site.url))
    for _ in range(2):
        with TestClient(create_app(settings), headers={"Sec-Fetch-Site": "same-origin"}) as site.client:
            back_to(site, cookie)
            told = {**form, "tap": tap, "code": code}
            sent = site.types(code, tap) if in_the_talk else site.client.post("/resume", data=told)
            assert sent.status_code in {200, 204}
            found.append(site.client.cookies["ladder"])
    assert found[0] == found[1] != cookie
