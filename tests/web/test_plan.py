"""The plan as pages for owners: every place and every measure, in words, from the edition in force."""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from flows.guidebook import Guidebook, guidebook
from policy.gathering import read_folder
from policy.load import SHIPPED
from tests.web.conftest import build


@pytest.fixture(scope="module")
def guide() -> Guidebook:
    return guidebook(read_folder(SHIPPED), date(2026, 11, 23))


@pytest.fixture(scope="module")
def browser(shipped_sqlite: Path) -> Iterator[TestClient]:
    """One for all: nothing here changes anything."""
    with TestClient(build(f"sqlite:///{shipped_sqlite}")) as client:
        yield client


class Links(HTMLParser):
    """The addresses a page leads to, its language, title, description and headings."""

    def __init__(self) -> None:
        super().__init__()
        self.to: set[str] = set()
        self.headings: list[str] = []
        self.language = self.description = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.to.add(str(given["href"]))
        if tag == "html":
            self.language = str(given.get("lang"))
        if tag == "meta" and given.get("name") == "description":
            self.description = str(given["content"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)


def read(text: str) -> Links:
    links = Links()
    links.feed(text)
    return links


def everywhere(browser: TestClient) -> dict[str, str]:
    """Every public page that can be reached from the index of the plan."""
    found, waiting = dict[str, str](), ["/", "/plan"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        answer = browser.get(path)
        assert answer.status_code == 200, path
        found[path] = answer.text
        waiting += [to for to in read(answer.text).to if re.match("/(plan|schemes|privacy)", to)]
    return found


def test_all_places_and_all_measures_can_be_reached_and_read(browser: TestClient, guide: Guidebook) -> None:
    pages = everywhere(browser)
    assert {f"/plan/{key}" for key in guide.places} <= set(pages)
    assert {f"/schemes/{name}" for name in guide.addresses.values()} <= set(pages)
    assert len(guide.places) == 25


def test_every_public_page_has_a_language_a_title_a_description_and_ordered_headings(
    browser: TestClient,
) -> None:
    pages = everywhere(browser)
    titles = [re.findall("<title>(.+?)</title>", text) for text in pages.values()]
    assert all(len(each) == 1 for each in titles)
    for path, text in pages.items():
        found = read(text)
        assert found.language == "zh-Hans"
        assert len(found.description) > 10, path
        assert found.headings[0] == "h1"
        assert found.headings.count("h1") == 1
        levels = [int(each[1]) for each in found.headings]
        assert all(later - former <= 1 for former, later in pairwise(levels)), path


def test_no_public_page_shows_names_of_files_or_ids(browser: TestClient) -> None:
    for path, text in everywhere(browser).items():
        words = re.sub(r'(href|id|aria-labelledby|class|content|src)="[^"]*"', "", text)
        assert ".yaml" not in words, path
        assert "henan-2025" not in words, path
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", re.sub(r">https?://[^<]*<", "><", words)), path


def test_a_place_tells_its_measures_its_rungs_and_what_is_not_for_firms(browser: TestClient) -> None:
    fifth = browser.get("/plan/5").text
    for told in ("第5条", "企业研发准备金", "有研发机构", "规模以上工业企业研发活动", "全覆盖"):
        assert told in fifth
    first = browser.get("/plan/H1").text
    assert "不给企业的" in first
    assert "企业不能申报" in first


def test_an_article_names_the_money_that_stands_in_a_highlight(browser: TestClient) -> None:
    assert "/schemes/tech-upgrade-demo-subsidy" in read(browser.get("/plan/18").text).to


def test_a_measure_tells_conditions_amount_what_is_open_and_its_sources(browser: TestClient) -> None:
    page = browser.get("/schemes/tech-upgrade-demo-subsidy").text
    for told in (
        *("技改项目总投资 5000万元以上（含）", "15%，最多 1000万元", "要主管部门定的", "计划没有写"),
        *(
            "河南省人民政府办公厅",
            "我们核对的日子",
            "2026-11-23",
            "没有见到官方原件",
            "摘要H4",
            "2025-09-01 起",
        ),
        *("认定了，补15%，没到上限", "600万元", "/plan/H4"),
    ):
        assert told in page, told


def test_a_recognition_that_two_editions_have_is_the_one_in_force_and_leads_to_the_other(
    browser: TestClient,
) -> None:
    now, then = browser.get("/schemes/zjtx").text, browser.get("/schemes/quality-sme-2022-zjtx").text
    assert "不在有效期" not in now
    assert "现在不在有效期内" in then
    assert "/schemes/zjtx" in read(then).to
    assert browser.get("/schemes/quality-sme-2026-zjtx").text == now


def test_what_is_not_confirmed_is_said_to_be_so(browser: TestClient) -> None:
    told = [text for path, text in everywhere(browser).items() if path.startswith("/schemes/")]
    assert any("还没有核实" in text for text in told)
    assert all("我们没有看到" in text or "经办部门：" in text for text in told if "/plan/4" in text)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/plan/第5条", "/plan/5"),
        ("/plan/h4", "/plan/H4"),
        ("/schemes/tech_upgrade_demo_subsidy", "/schemes/tech-upgrade-demo-subsidy"),
        ("/schemes/科技贷", "/schemes/sci-tech-loan"),
        ("/schemes/listin", "/schemes/listing"),
    ],
)
def test_an_address_that_is_not_there_names_the_one_that_was_meant(
    browser: TestClient, path: str, meant: str
) -> None:
    page = browser.get(path)
    assert page.status_code == 404
    assert "您是不是要找" in page.text
    assert meant in read(page.text).to
    assert page.headers["cache-control"] == "no-store"


def test_a_wild_address_is_a_plain_404(browser: TestClient) -> None:
    for wild in ("<script>alert(1)</script>", "%00", "..%2f..%2fetc", "{{7*7}}", "9" * 900):
        page = browser.get(f"/schemes/{wild}")
        assert page.status_code in {400, 404}
        assert "<script>" not in page.text
        assert "49" not in page.text


def test_the_privacy_page_holds_the_very_words_of_the_notice(browser: TestClient) -> None:
    page = browser.get("/privacy").text
    for told in (
        "不卖、不给别人、不用来做广告",
        "没答完的 30 天",
        "答完的 24 个月",
        "不放任何 Cookie",
        "版本 20",
    ):
        assert told in page
