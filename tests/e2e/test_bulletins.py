"""An administrator's bulletin in the browser: seen while it is typed, released, watched until it is done; with JavaScript and without."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from flows.staff_sessions import start_session
from models.person import add_person
from models.session import Database
from models.subscription import subscribe
from tests.e2e.axe import found_on
from tests.e2e.fixtures import DESK, PHONE, Windows
from tests.e2e.server import Server, until
from tests.e2e.sheet import take
from tests.web.console.world import KEY, add_active

SCRIPTED = pytest.mark.parametrize("java_script", [True, False], ids=["with-script", "without-script"])
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
BODY = "门槛降到 **3000万**。\n\n看 https://www.henan.gov.cn/ 。"


def at_the_desk(page: Page, server: Server) -> Page:
    """Sign in as a new administrator; three people on the page wait for news."""
    now = datetime.now(UTC)

    def work(connection: Connection) -> str:
        for number in range(3):
            account = add_person(connection, "web", f"{number}".rjust(43, "w"), now)
            subscribe(connection, account.person_id, account.id, "policy", frequency="at-once", at=now)
        who = add_active(connection, "周", "administrator", (KEY,), now)
        return start_session(connection, who.staff.id, "test", now)

    with closing(Database(server.database_url)) as database:
        secret = database.turn(work)
    page.context.add_cookies([{"name": "ladder-staff", "value": secret, "url": server.address}])
    return page


def looked_over(page: Page, name: str, *, java_script: bool) -> None:
    """Taken for the contact sheet; not wider than its window; and axe finds nothing (it takes a script to ask)."""
    take(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if java_script:
        assert found_on(page)[0] == []


@SCRIPTED
@SIZES
def test_written_seen_released_and_watched(
    windows: Windows, own_server: Server, size: dict[str, Any], java_script: bool
) -> None:
    page = at_the_desk(windows.open(size, java_script=java_script), own_server)
    how = f"{'with' if java_script else 'without'} script {size['viewport']['width']}"
    page.goto(f"{own_server.address}/console/bulletins/new")
    page.locator("#topic-policy").check()
    page.locator("#title").fill("技改补助的门槛降低了")
    page.locator("#body").fill(BODY)
    if not java_script:
        page.get_by_role("button", name="预览，并数一数有多少人").click()
        expect(page.get_by_text("3 人会收到")).to_be_visible()
    expect(page.locator("#preview .telegram strong").nth(1)).to_have_text("3000万")
    expect(page.locator("#preview .channel")).to_have_count(4)
    looked_over(page, f"bulletin written {how}", java_script=java_script)
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_text("3 人会收到")).to_be_visible()
    looked_over(page, f"bulletin draft {how}", java_script=java_script)
    page.get_by_role("button", name="发给这 3 人").click()
    badge = page.locator("#progress .badge-state")
    if java_script:
        expect(badge).to_have_text("发完了", timeout=30_000)
    else:
        until(lambda: page.reload() and badge.inner_text() == "发完了", 30)
    expect(page.locator('[data-count="sent"]')).to_have_text("3")
    looked_over(page, f"bulletin done {how}", java_script=java_script)
    page.goto(f"{page.url}/recipients")
    looked_over(page, f"bulletin recipients {how}", java_script=java_script)
    page.goto(f"{own_server.address}/console/bulletins")
    looked_over(page, f"bulletins {how}", java_script=java_script)


def test_typing_on_or_saving_while_a_preview_hangs_loses_nothing(
    windows: Windows, own_server: Server
) -> None:
    page = at_the_desk(windows.open(DESK), own_server)
    page.goto(f"{own_server.address}/console/bulletins/new")
    page.locator("#topic-policy").check()
    expect(page.get_by_text("标题：请写上内容。")).to_be_visible()
    page.route("**/preview", lambda _: None)  # never answered
    with page.expect_request("**/preview"):
        page.locator("#title").fill("技改补助的门槛")
    with page.expect_request("**/preview"):
        page.locator("#title").fill("技改补助的门槛降低了")
    with page.expect_request("**/preview"):
        page.locator("#body").fill(BODY)
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_role("heading", name="技改补助的门槛降低了").first).to_be_visible()
