"""axe-core finds nothing on any page: on a phone and on a desk, light and dark, before the talk, in it and after it."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page
from pydantic import SecretStr

from settings import Settings
from tests.e2e.axe import found_on
from tests.e2e.fixtures import DESK, LANDSCAPE, PHONE, Windows
from tests.e2e.server import Server
from tests.e2e.sheet import FOLDER, take
from tests.e2e.talking import UPGRADE, Talk
from tests.web.test_protection import routes_of
from web.app import create_app

SAMPLES = {
    "/plan/{key}": ("/plan/5", "/plan/18", "/plan/H4"),
    "/schemes/{name}": tuple(
        f"/schemes/{name}"
        for name in (
            "tech-upgrade-demo-subsidy",
            "national-platform-award",
            "hnte",
            "zjtx",
            "rd_super_deduction",
        )
    ),
}
"""What stands for a parameter in an address. A page with another parameter fails the test until it is named here."""

OF_ONE_PERSON = {"/s/{token}", "/leave/{key}/{bulletin}"}
"""Reached by walking, because the address is a secret."""

NOT_OF_THE_PUBLIC = re.compile(r"^/(static|console|api|telegram|metrics)\b")
LOOKS = pytest.mark.parametrize(
    ("size", "dark"),
    [
        pytest.param(PHONE, False, id="phone"),
        pytest.param(PHONE, True, id="phone-dark"),
        pytest.param(DESK, False, id="desk"),
        pytest.param(DESK, True, id="desk-dark", marks=pytest.mark.full),
    ],
)


@pytest.fixture(scope="session")
def public_paths(ready_database: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a visitor may GET, with parameters unfilled, as the application itself lists it."""
    copied = shutil.copy(ready_database, tmp_path_factory.mktemp("listed") / "ladder.db")
    app = create_app(Settings(database_url=SecretStr(f"sqlite:///{copied}")))
    with TestClient(app):  # so that it closes its database again
        asked = [
            path for path, route in routes_of(app.routes) if "GET" in (getattr(route, "methods", None) or ())
        ]
    assert {"/", "/chat", "/plan", "/plan/{key}", "/schemes/{name}", "/check", "/result", "/resume"} <= set(
        asked
    )
    return [path for path in asked if NOT_OF_THE_PUBLIC.match(path) is None]


@pytest.fixture(scope="session")
def addresses(public_paths: list[str]) -> list[str]:
    """The address of every page that a visitor may ask for."""
    return [each for path in public_paths for each in ((path,) if "{" not in path else SAMPLES.get(path, ()))]


def check(page: Page, name: str) -> None:
    """No violation; what axe cannot decide is kept beside the pictures for people to look at."""
    violations, undecided = found_on(page)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "axe-undecided.txt").open("a", encoding="utf-8") as notes:
        notes.writelines(f"{name}: {line}\n" for line in undecided)
    assert not violations, "\n".join([name, *violations])


def _is_page(page: Page, address: str) -> bool:
    """Whether HTML comes from there: not a file, nor nothing of which there is none yet."""
    response = page.request.get(address)
    assert response.status < 500, address
    return bool(response.status == 200 and response.headers.get("content-type", "").startswith("text/html"))


def visits(page: Page, address: str, addresses: list[str], name: str) -> None:
    """Look at every public page that answers with HTML."""
    for path in addresses:
        if not _is_page(page, f"{address}{path}"):
            continue
        page.goto(f"{address}{path}")
        take(page, f"page {name} {path.strip('/').replace('/', ' ') or 'front'}")
        check(page, f"{name} {path}")


def test_every_public_address_is_known_to_the_test(public_paths: list[str]) -> None:
    unknown = {path for path in public_paths if "{" in path} - set(SAMPLES) - OF_ONE_PERSON
    assert unknown == set()


@LOOKS
def test_pages_read_without_a_talk(
    windows: Windows, server: Server, addresses: list[str], size: dict[str, Any], dark: bool
) -> None:
    page = windows.open(size, dark=dark)
    visits(page, server.address, addresses, f"{'dark' if dark else 'light'} stranger")


@LOOKS
def test_each_step_of_the_talk_and_the_pages_after_it(
    windows: Windows, server: Server, addresses: list[str], size: dict[str, Any], dark: bool
) -> None:
    page = windows.open(size, dark=dark)
    look = "dark" if dark else "light"
    talk = Talk(page).opens(server.address)
    check(page, f"{look} greeting")
    talk.begins(server.address)
    for number, said in enumerate(("随便", *UPGRADE), 1):
        check(page, f"{look} step {number}")
        take(page, f"talk {look} {number}")
        talk.says(said)
    check(page, f"{look} result")
    menu = page.locator("header details > summary")
    menu.click()
    check(page, f"{look} menu")
    menu.click()
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => { each.open = true; })")
    take(page, f"talk {look} result unfolded")
    check(page, f"{look} result unfolded")
    visits(page, server.address, addresses, f"{look} own")


@pytest.mark.parametrize("size", [PHONE, LANDSCAPE], ids=["phone", "landscape"])
def test_a_third_larger_letters_fit_the_screen(
    windows: Windows, server: Server, addresses: list[str], size: dict[str, Any]
) -> None:
    """At 130 % nothing is wider than the screen, and nothing is hidden behind the field where one types."""
    page = windows.open(size)
    talk = Talk(page).begins(server.address)
    talk.says("在河南").says("3.2亿")
    page.evaluate("() => { document.documentElement.style.fontSize = '130%'; }")
    take(page, "talk letters 130")
    for path in addresses:
        if not _is_page(page, f"{server.address}{path}"):
            continue
        page.goto(f"{server.address}{path}")
        page.evaluate("() => { document.documentElement.style.fontSize = '130%'; }")
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
    page.goto(f"{server.address}/chat")
    page.evaluate("() => { document.documentElement.style.fontSize = '130%'; }")
    talk.field.click()
    assert page.evaluate(_COVERED) == []


_COVERED = """() => [...document.querySelectorAll('#area button, #area input:not([type=hidden])')]
  .filter(each => { each.scrollIntoView({block: 'nearest'}); const box = each.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top !== null && top !== each && !each.contains(top) && !top.contains(each); })
  .map(each => each.outerHTML.slice(0, 120))"""


def test_what_one_taps_is_large_enough_for_a_thumb(windows: Windows, server: Server) -> None:
    page = windows.open(PHONE)
    talk = Talk(page).begins(server.address)
    talk.says("在河南")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button')].map(each => [each, each.getBoundingClientRect()])
          .filter(([, box]) => box.height > 0 && (box.height < 40 || box.width < 40)).map(([each]) => each.outerHTML.slice(0, 120))"""
    )
    assert small == []
