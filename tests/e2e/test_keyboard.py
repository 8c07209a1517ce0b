"""The whole talk by Tab and Enter alone, and as a screen reader is told of it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.fixtures import DESK, PHONE, Windows
from tests.e2e.server import Server
from tests.e2e.sheet import take
from tests.e2e.talking import UPGRADE, UPGRADE_YUAN, Talk, amount_on

_MOST_TABS = 150
_CONTROLS = {
    "button",
    "checkbox",
    "combobox",
    "link",
    "progressbar",
    "radio",
    "spinbutton",
    "textbox",
    "DisclosureTriangle",
}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; the focus must be visible on the way."""
    wanted = page.locator(f":focus:is({selector})")
    for _ in range(_MOST_TABS):
        if wanted.count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def presses(talk: Talk, selector: str) -> None:
    """Go to a control by Tab, press Enter, and wait for the reply."""
    before = talk.shown
    tab_to(talk.page, selector)
    talk.page.keyboard.press("Enter")
    talk.waits_for_reply(before)


@pytest.mark.parametrize("java_script", [True, False], ids=["with-script", "without-script"])
def test_a_whole_assessment_by_tab_and_enter(windows: Windows, server: Server, java_script: bool) -> None:
    page = windows.open(DESK, java_script=java_script)
    page.goto(server.address)
    tab_to(page, 'a[href="/chat"], form[action="/chat"] button')
    page.keyboard.press("Enter")
    page.wait_for_url("**/chat*")
    talk = Talk(page)
    talk.latest.wait_for()
    if not talk.button("agree").count():
        presses(talk, 'button[name=choice][value="start"]')
    presses(talk, 'button[name=choice][value="agree"]')
    for said in UPGRADE:
        before = talk.shown
        tab_to(page, "form#say input[name=text]")
        page.keyboard.type(said)
        page.keyboard.press("Enter")
        talk.waits_for_reply(before)
    take(page, f"result by keyboard {'with' if java_script else 'without'} script")
    tab_to(page, 'details.scheme[data-scheme="tech-upgrade-demo-subsidy"] summary')
    page.keyboard.press("Enter")
    assert amount_on(page, "tech-upgrade-demo-subsidy") == ("eligible", UPGRADE_YUAN)


def test_where_the_focus_is_can_be_seen(windows: Windows, server: Server) -> None:
    """A focused control looks other than one that is not."""
    page = windows.open(DESK)
    Talk(page).begins(server.address).says("在河南")
    page.reload()
    seen = set[str]()
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        name = page.evaluate(_LOOK)
        if name is None:
            continue  # the browser's own controls
        assert name["differs"], f"no focus can be seen on {name['what']}"
        if name["what"] in seen:
            break
        seen.add(name["what"])
    assert len(seen) >= 3


_LOOK = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const look = () => { const s = getComputedStyle(it);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join() };
  const focused = look();
  it.blur();
  const plain = look();
  it.focus({focusVisible: true});
  return {what: it.outerHTML.slice(0, 200), differs: focused !== plain};
}"""


def named_controls(page: Page) -> list[tuple[str, str]]:
    """Role and name of each control, as the browser tells a screen reader."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        (node["role"]["value"], str(node.get("name", {}).get("value", "")))
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in _CONTROLS
    ]


def test_every_control_has_a_name_for_a_screen_reader(windows: Windows, server: Server) -> None:
    page = windows.open(PHONE)
    talk = Talk(page).begins(server.address)
    for said in ("在河南", *UPGRADE[1:]):
        controls = named_controls(page)
        assert len(controls) >= 2
        assert [role for role, name in controls if not name.strip()] == []
        talk.says(said)
    controls = named_controls(page)
    assert [role for role, name in controls if not name.strip()] == []


def test_each_new_bubble_is_announced(windows: Windows, server: Server) -> None:
    """A live region tells what is added to it only while it stays the same element."""
    page = windows.open(PHONE)
    talk = Talk(page).begins(server.address)
    page.evaluate(_LISTEN)
    for said in ("在河南", "3.2亿", "有"):
        talk.says(said)
        told = " ".join(page.evaluate("() => window.announced.splice(0)").split())
        newest = " ".join(talk.latest.inner_text().split())
        assert newest[:12] in told, f"{newest[:40]} was not announced: {told}"
    assert page.locator("[role=log]").get_attribute("aria-live") in {None, "polite"}
    assert page.evaluate("() => document.querySelector('[role=log]') === window.log")


_LISTEN = """() => {
  window.log = document.querySelector('[role=log]');
  const heard = [];
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
    node => heard.push(node.innerText ?? node.textContent)))).observe(window.log, {childList: true, subtree: true});
  window.announced = {splice: () => heard.splice(0).join(' ')};
}"""
