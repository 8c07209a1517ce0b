"""The report in the browser: made in the talk, shown to others by a link without figures, taken back; and a talk that goes on
under a code, typed into the talk itself."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.fixtures import DESK, PHONE, Windows
from tests.e2e.server import Server
from tests.e2e.sheet import take
from tests.e2e.talking import UPGRADE, Talk, walks
from tests.e2e.test_axe import check

SCRIPTED = pytest.mark.parametrize("java_script", [True, False], ids=["with-script", "without-script"])
LOOKS = pytest.mark.parametrize(
    ("size", "dark"),
    [(PHONE, False), (PHONE, True), (DESK, False), (DESK, True)],
    ids=["phone", "phone-dark", "desk", "desk-dark"],
)
FIGURES = ("3.2亿", "600万", "4000万", "6000万")


def looks_at(page: Page, name: str) -> None:
    """A picture for the sheet, nothing for axe to find, and nothing wider than the screen."""
    take(page, f"report {name}")
    check(page, name)
    wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} px wider than the screen"


@LOOKS
def test_a_report_is_made_shown_without_figures_and_taken_back(
    windows: Windows, server: Server, size: dict[str, Any], dark: bool
) -> None:
    look = "dark" if dark else "light"
    owner, other = windows.open(size, dark=dark), windows.open(size, dark=dark)
    windows.expect("404")  # the link, after it was taken back
    talk = Talk(owner).begins(server.address)
    walks(talk, (*UPGRADE, "跳过", "洛阳犇犇轴承有限公司", "跳过"))
    talk.says("要报告")
    looks_at(owner, f"{look} in the talk")
    talk.latest.get_by_role("link", name="给别人看").click()
    owner.get_by_role("button", name=re.compile("做一个链接")).click()
    link = owner.locator("#link + p a").get_attribute("href")
    assert link is not None
    looks_at(owner, f"{look} own page")
    other.goto(link)
    shown = other.locator("main").inner_text()
    assert "洛阳犇犇轴承有限公司" in shown
    assert [each for each in FIGURES if each in shown] == []
    looks_at(other, f"{look} by the link")
    code = re.search(r"[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{3}", shown)
    assert code is not None
    other.goto(f"{server.address}/check")
    other.get_by_label("核对码").fill(code[0])
    other.get_by_role("button", name="核对").click()
    assert "是这里出的" in other.locator("main").inner_text()
    looks_at(other, f"{look} checked")
    owner.get_by_role("button", name=re.compile("收回")).click()
    owner.wait_for_url("**#share")
    other.goto(link)
    looks_at(other, f"{look} link taken back")
    assert "洛阳犇犇轴承有限公司" not in other.content()


@SCRIPTED
def test_the_result_page_leads_to_the_report(windows: Windows, server: Server, java_script: bool) -> None:
    page = windows.open(java_script=java_script)
    page.goto(f"{server.address}/result")
    assert "还没有结果" in page.locator("main").inner_text()
    talk = Talk(page).begins(server.address)
    walks(talk, UPGRADE)
    page.goto(f"{server.address}/result")
    looks_at(page, "result page")
    page.get_by_role("button", name=re.compile("报告")).click()
    talk.latest.wait_for()
    assert "报告做好了" in talk.latest.inner_text()


@SCRIPTED
def test_a_code_typed_into_the_talk_of_another_phone_brings_the_talk_there(
    windows: Windows, server: Server, java_script: bool
) -> None:
    first = Talk(windows.open(java_script=java_script)).begins(server.address)
    first.says("在河南").says("续测码")
    take(first.page, "resume code")
    code = re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", first.latest.inner_text())
    assert code is not None
    second = Talk(windows.open(java_script=java_script)).opens(server.address)
    sent = list[str]()
    second.page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    second.types(code[0])
    second.sends()
    expect(second.latest).to_contain_text("找到了您的测评")
    second.page.wait_for_timeout(1500)
    assert len(sent) == 1, "the page sent the code again by itself"
    assert second.page.locator("[role=log]").inner_text().count("开始前请看一下") <= 2
    take(second.page, "code typed")
    second.chooses("agree")
    assert "营业收入" in second.latest.inner_text()


@LOOKS
def test_a_code_on_the_page_for_it(
    windows: Windows, server: Server, size: dict[str, Any], dark: bool
) -> None:
    first = Talk(windows.open(size, dark=dark)).begins(server.address)
    first.says("在河南").says("换个地方接着答")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", first.latest.inner_text())
    assert code is not None
    page = windows.open(size, dark=dark)
    windows.expect("422")  # a code that is none
    page.goto(f"{server.address}/resume")
    page.locator("input[name=code]").fill("你好")
    page.get_by_role("button", name="继续").click()
    looks_at(page, f"{'dark' if dark else 'light'} no code")
    page.locator("input[name=code]").fill(code[0])
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/chat")
    talk = Talk(page)
    assert "找到了您的测评" in page.locator("[role=log]").inner_text()
    talk.chooses("agree")
    assert "营业收入" in talk.latest.inner_text()


def test_where_the_library_does_not_come_through_the_forms_work_by_themselves(
    windows: Windows, server: Server
) -> None:
    page = windows.open()
    windows.expect("Failed to load resource|ERR_FAILED")
    page.route("**/static/htmx*", lambda route: route.abort())
    walks(Talk(page).begins(server.address), UPGRADE[:3])
    assert "技术改造" in Talk(page).latest.inner_text()


@pytest.mark.parametrize(("status", "said"), [(413, "太长"), (403, "刷新"), (415, "按钮"), (400, "没有收下")])
def test_a_refusal_is_told_in_the_page_and_the_words_stay(
    windows: Windows, server: Server, status: int, said: str
) -> None:
    page = windows.open()
    windows.expect(f"{status}|htmx:|Failed to load resource")
    talk = Talk(page).begins(server.address)
    talk.says("在河南")
    words = {413: "太长了，没有收下。", 403: "请刷新以后再试。", 415: "请用页面上的按钮。"}.get(status, "")
    piece = f'<p class="error" role="alert">{words}</p>' if words else "<h1>no page of ours</h1>"
    page.route("**/chat", lambda route: route.fulfill(status=status, content_type="text/html", body=piece))
    talk.types("3.2亿")
    talk.sends()
    expect(talk.status).to_contain_text(said)
    expect(talk.field).to_have_value("3.2亿")
    page.unroute("**/chat")
    before = talk.shown
    talk.sends()
    talk.waits_for_reply(before)
    assert "研发机构" in talk.latest.inner_text()
