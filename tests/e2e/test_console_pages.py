"""Every page of the console, as the application lists them: nothing for axe to find, nothing wider than a phone; keys, print, no script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from tests.e2e.axe import found_on
from tests.e2e.day_old import NAME, day_old
from tests.e2e.fixtures import DESK, PHONE, Windows
from tests.e2e.server import Server
from tests.e2e.sheet import take
from tests.e2e.staffing import Desk
from tests.web.console.samples import SAMPLES
from tests.web.console.world import PASSWORD, World
from web.console.frame import HOME
from web.declared import declared

LOOKS = pytest.mark.parametrize(
    ("size", "english"),
    [
        pytest.param(PHONE, False, id="phone"),
        pytest.param(DESK, False, id="desk"),
        pytest.param(PHONE, True, id="phone-english", marks=pytest.mark.full),
    ],
)


@dataclass
class Console:
    """The server, the world in which its day was made, and the case of that day."""

    server: Server
    world: World
    case: str

    def pages(self) -> list[str]:
        """Every address that answers to GET, each parameter filled with what is there."""
        app = self.world.client.app
        assert isinstance(app, FastAPI)
        paths = [each.path for each in declared(app) if each.method == "GET" and each.path.startswith(HOME)]
        return [self._filled(path) for path in paths]

    def _filled(self, path: str) -> str:
        path = path.replace("{case}", self.case)
        for name, sample in SAMPLES.items():
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", sample(self.world, "洛阳"))
        assert "{" not in path, f"{path}: name a sample in tests/web/console/samples.py"
        return path

    def enters(
        self, windows: Windows, size: dict[str, Any], who: str = NAME, *, java_script: bool = True
    ) -> Desk:
        """An administrator's window. A code works once, so recovery codes stand in."""
        desk = Desk(windows.open(size, java_script=java_script), self.server.address)
        desk.goes("/console/sign-in")
        desk.page.locator("#name").fill(who)
        desk.page.locator("#password").fill(PASSWORD)
        desk.page.locator("#code").fill(self.world.people[who].recovery_codes.pop())
        desk.presses("登录")
        return desk


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("console")
        patch.chdir(folder)
        with day_old(folder) as (server, world, case):
            yield Console(server, world, case)


def looks_at(page: Page, name: str) -> list[str]:
    """A picture for the sheet, and what is wrong with the page: for axe, or because it is wider than the screen."""
    take(page, f"console {name}")
    wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    found = check(page, name)
    return [*found, f"{name} is {wide} px wider than the screen"] if wide > 0 else found


def check(page: Page, name: str) -> list[str]:
    return [f"{name}: {line}" for line in found_on(page)[0]]


@LOOKS
def test_every_page(windows: Windows, console: Console, size: dict[str, Any], english: bool) -> None:
    stranger, wrong = windows.open(size), list[str]()
    desk = console.enters(windows, size, "second" if english else NAME)
    windows.expect("404|410")  # of samples that name nothing there is a page, too
    for path in ("/console/sign-in", "/console/link/no-such-token"):
        stranger.goto(f"{console.server.address}{path}{'?lang=en' if english else ''}")
        wrong += looks_at(stranger, _named(path, english=english))
    if english:
        desk.goes("/console/account").presses("English")
    for path in console.pages():
        answer = desk.page.request.get(f"{desk.address}{path}")
        assert answer.status < 500, path
        if path.endswith("/progress"):  # a part of a page, which is looked at within it
            assert "<html" not in answer.text(), path
        elif answer.headers.get("content-type", "").startswith("text/html"):
            desk.goes(path)
            _unfold(desk.page)
            wrong += looks_at(desk.page, _named(path, english=english))
    assert not wrong, "\n".join(wrong)


def _named(path: str, *, english: bool) -> str:
    """What a picture is called: an address without numbers."""
    words = [word for word in path.split("/")[2:] if not re.fullmatch(r"[0-9a-f]{32}", word)]
    one = len(words) < len(path.split("/")[2:])
    return " ".join((*words, *(("one",) if one else ()), *(("en",) if english else ()))) or "front"


def _unfold(page: Page) -> None:
    for folded in page.locator("main details:not([open]) > summary").all():
        if folded.is_visible():
            folded.click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_that_come_after_a_button(windows: Windows, console: Console, size: dict[str, Any]) -> None:
    desk = console.enters(windows, size)
    windows.expect("422|409|404")
    page, wrong = desk.page, list[str]()
    desk.goes("/console/watch").presses("要一个连接码")
    wrong += looks_at(page, "watch with a code")
    desk.goes("/console/account").presses("更换手机验证器")
    wrong += looks_at(page, "second factor")
    desk.goes("/console/account/password")
    for name in ("present", "password", "again"):
        page.locator(f"input[name={name}]").fill("something wrong")
    desk.presses("修改密码")
    wrong += looks_at(page, "password not changed")
    desk.goes("/console/staff")
    page.locator("#name").fill("administrator")
    desk.presses("生成邀请链接")
    wrong += looks_at(page, "staff name taken")
    page.locator("#name").fill(f"新来的{size['viewport']['width']}")
    desk.presses("生成邀请链接")
    wrong += looks_at(page, "staff link")
    desk.goes(f"/console/cases/{console.case}")
    row = page.locator(".facts tr", has_text="营业收入").first
    form = desk.unfolds("更正", row)
    form.get_by_label("应该是").fill("很多")
    form.get_by_label("理由（会告诉企业）").fill("看过报表")
    desk.presses("看看读成什么", form)
    wrong += looks_at(page, "correction not read")
    desk.goes("/console/cases?q=没有这家企业")
    wrong += looks_at(page, "nothing found")
    assert not wrong, "\n".join(wrong)


def test_the_way_in_by_a_link(windows: Windows, console: Console) -> None:
    boss = console.enters(windows, DESK)
    boss.goes("/console/staff")
    boss.page.locator("#name").fill("王顾问")
    boss.presses("生成邀请链接")
    link = boss.page.locator("main .code").first.inner_text().strip()
    desk = Desk(windows.open(PHONE), console.server.address)
    desk.page.goto(link)
    wrong = looks_at(desk.page, "set up")
    assert len(desk.sets_up(link)) == 10
    wrong += looks_at(desk.page, "recovery codes")
    assert not wrong, "\n".join(wrong)


def test_the_work_list_by_keys_alone(windows: Windows, console: Console) -> None:
    desk = console.enters(windows, DESK)
    page = desk.page
    desk.goes("/console/cases?sort=oldest")
    rows = page.locator("[data-row]")
    assert rows.count() >= 3
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        expect(rows.nth(at)).to_have_class("here")
        expect(rows.nth(at).locator("a")).to_be_focused()
    take(page, "console keys")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jk/")
    expect(page.locator("#q")).to_have_value("jk/")
    page.locator("#q").fill("")
    page.locator("h1").click()
    wanted = rows.nth(1).locator("a").get_attribute("href")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")


def test_everything_works_without_a_script(windows: Windows, console: Console) -> None:
    desk = console.enters(windows, PHONE, java_script=False)
    desk.goes("/console/cases")
    desk.page.locator("#q").fill("轴研")
    desk.presses("筛选")
    desk.page.locator(".cases a").first.click()
    desk.page.get_by_label("内部备注（企业看不到）").fill("没有脚本也能记")
    desk.presses("记下备注")
    assert "没有脚本也能记" in desk.said
    form = desk.unfolds("问企业")
    form.locator("textarea").fill("认定文件有吗？")
    desk.presses("发给企业", form)
    assert "认定文件有吗？" in desk.said


def test_a_case_prints_without_its_buttons(windows: Windows, console: Console) -> None:
    desk = console.enters(windows, DESK)
    desk.goes(f"/console/cases/{console.case}")
    desk.page.emulate_media(media="print")
    for hidden in ("header.frame-head", "#hands", "#note"):
        expect(desk.page.locator(hidden)).to_be_hidden()
    for shown in ("#facts", "#verdicts", "#ladder", "#remarks"):
        expect(desk.page.locator(shown)).to_be_visible()
    assert desk.page.locator("form:visible").count() == 0
    take(desk.page, "console printed case")
    wide = desk.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
