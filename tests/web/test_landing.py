"""The landing page: true, computed, the same for everybody, and not sent twice."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from flows.editions import files_of, id_in_force
from flows.guidebook import guidebook
from models.edition import publish_files
from models.session import Database
from tests.models.firms import NOW
from tests.web.conftest import build
from web.pages import Pages
from web.shelf import Shelf, day_in_china


def test_it_says_what_it_is_how_long_it_takes_and_where_to_begin(browser: TestClient) -> None:
    page = browser.get("/").text
    for told in (
        "大约 3 分钟",
        'href="/chat"',
        'href="/resume"',
        'href="/plan"',
        'href="/privacy"',
        "不用注册",
    ):
        assert told in page


def test_the_sample_result_is_what_the_rules_give(browser: TestClient) -> None:
    page = browser.get("/").text
    for told in ("3.2亿元", "600万元", "4000万元 × 15%", "在第 1 级（1亿元以上）", "摘要H4", "还差 1.8亿元"):
        assert told in page


def test_the_sample_follows_the_edition_in_force(shipped_url: str) -> None:
    """A cap of 500万 in the edition gives a sample of 500万: nothing is typed in by hand."""
    with TestClient(build(shipped_url)) as browser:
        assert "600万元" in browser.get("/").text
    database = Database(shipped_url)
    _publish_with(database, "cap: 1000万", "cap: 500万")
    database.close()
    with TestClient(build(shipped_url)) as browser:
        page = browser.get("/").text
    assert "超过上限，按 500万元计" in page
    assert '<span class="amount">500万元</span>' in page


def _publish_with(database: Database, old: str, new: str) -> None:
    name = "schemes/tech-upgrade-demo-subsidy.yaml"
    current = database.read(lambda connection: id_in_force(connection, day_in_china()))
    assert current is not None
    files = dict(database.read(lambda connection: files_of(connection, current)))
    assert old in files[name]
    files[name] = files[name].replace(old, new)
    database.turn(lambda c: publish_files(c, "henan-2025", files, date(2025, 9, 1), NOW))


async def test_an_edition_published_while_the_server_runs_is_shown(shipped_url: str) -> None:
    database = Database(shipped_url)
    shelf = Shelf(database, _no_pages(), "", recheck=0)
    before = await shelf.book()
    assert await shelf.book() is before
    _publish_with(database, "cap: 1000万", "cap: 500万")
    assert (await shelf.book()).id != before.id
    database.close()


async def test_the_pages_are_made_anew_on_another_day(shipped_url: str) -> None:
    database, day = Database(shipped_url), [date(2026, 3, 31)]
    shelf = Shelf(database, _no_pages(), "", today=lambda: day[0])
    assert (await shelf.book()).guide.measures["zjtx"].edition == "quality-sme-2022"
    day[0] = date(2026, 4, 1)
    assert (await shelf.book()).guide.measures["zjtx"].edition == "quality-sme-2026"
    database.close()


def _no_pages() -> Pages:
    return None  # type: ignore[return-value]  # no page is made in these tests


def test_an_edition_that_lacks_the_samples_facts_shows_no_sample(shipped_url: str) -> None:
    database = Database(shipped_url)
    current = database.read(lambda connection: id_in_force(connection, day_in_china()))
    assert current is not None
    files = dict(database.read(lambda c: files_of(c, current)))
    database.close()
    shorter = {
        name: re.sub(r"\bupgrade_demo_recognized\b", "upgrade_recognized_otherwise", text)
        for name, text in files.items()
    }
    assert guidebook(files, date(2026, 11, 23)).sample is not None
    assert guidebook(shorter, date(2026, 11, 23)).sample is None


def test_without_an_edition_it_says_so_and_asks_to_come_again(sqlite_url: str) -> None:
    with TestClient(build(sqlite_url)) as browser:
        page = browser.get("/")
    assert page.status_code == 503
    assert "请过一会儿再试" in page.text


def test_no_public_page_sets_a_cookie(browser: TestClient) -> None:
    for path in ("/", "/plan", "/plan/5", "/schemes/listing", "/privacy", "/robots.txt", "/nowhere"):
        assert "set-cookie" not in browser.get(path).headers


@pytest.mark.parametrize("path", ["/", "/plan", "/plan/H4", "/schemes/zjtx", "/privacy", "/robots.txt"])
def test_who_has_a_public_page_is_not_sent_it_again(browser: TestClient, path: str) -> None:
    first = browser.get(path)
    etag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{24}-gz"', etag), "strong, and the compressed form has its own"
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["cache-control"].startswith("public, max-age=300, stale-while-revalidate=")
    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*", etag.replace("-gz", "")):
        again = browser.get(path, headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert browser.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    plain = browser.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != etag
    assert plain.text == first.text
    assert "accept-encoding" in first.headers["vary"].lower()


@pytest.mark.parametrize("path", ["/", "/plan", "/privacy", "/robots.txt", "/favicon.ico"])
def test_a_head_request_tells_the_same_without_a_body(browser: TestClient, path: str) -> None:
    head, got = browser.head(path), browser.get(path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]


def test_two_different_days_have_two_etags(shipped_url: str) -> None:
    assert shipped_url  # the day stands in the page, so the hash of the page is of the day too
    with TestClient(build(shipped_url)) as browser:
        front, plan = browser.get("/"), browser.get("/plan")
    assert front.headers["etag"] != plan.headers["etag"]
    assert re.search(r"按 20\d\d-\d\d-\d\d 的规定算", front.text)


def test_robots_may_read_what_is_public_and_nothing_else(shipped_url: str) -> None:
    with TestClient(build(shipped_url, public_url="https://ladder.example")) as browser:
        browser.base_url = "https://ladder.example"
        robots, sitemap = browser.get("/robots.txt").text, browser.get("/sitemap.xml").text
        front = browser.get("/").text
    for closed in ("/chat", "/report", "/s/", "/console", "/resume"):
        assert f"Disallow: {closed}\n" in robots
    assert "Sitemap: https://ladder.example/sitemap.xml" in robots
    found = re.findall(r"<loc>https://ladder\.example(/[^<]*)</loc>", sitemap)
    assert {"/", "/plan", "/plan/5", "/plan/H4", "/schemes/zjtx", "/privacy"} <= set(found)
    assert '<link rel="canonical" href="https://ladder.example/">' in front


def test_every_address_of_the_sitemap_is_there_and_canonical(shipped_url: str) -> None:
    with TestClient(build(shipped_url, public_url="https://ladder.example")) as browser:
        browser.base_url = "https://ladder.example"
        for address in re.findall(r"<loc>([^<]*)</loc>", browser.get("/sitemap.xml").text):
            page = browser.get(address)
            assert page.status_code == 200, address
            assert f'<link rel="canonical" href="{address}">' in page.text


def test_without_a_public_address_there_is_no_sitemap(browser: TestClient) -> None:
    assert browser.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in browser.get("/robots.txt").text
    assert "canonical" not in browser.get("/").text
