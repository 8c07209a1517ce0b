"""Writing rules in the browser: line numbers that follow, a mistake at its line as one types, a jump to it; and all without scripts."""

from contextlib import closing
from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from flows.editions import HENAN
from flows.staff_sessions import start_session
from models.draft import Deed, add_draft
from models.edition import published
from models.session import Database
from models.staff import add_staff, set_state
from tests.e2e.axe import found_on
from tests.e2e.fixtures import DESK, PHONE, Windows
from tests.e2e.server import Server
from tests.e2e.sheet import take

SCHEME = "schemes/tech-upgrade-demo-subsidy.yaml"


def _draft_of_somebody(connection: Connection) -> tuple[str, int]:
    """Somebody who is signed in, and a draft of theirs: the secret of the session, and the draft's number."""
    now = datetime.now(UTC)
    who = add_staff(connection, "张工", "administrator", now)
    set_state(connection, who.id, "active")
    old = published(connection, HENAN)
    assert old is not None
    draft = add_draft(connection, HENAN, old.content, old.effective_from, Deed(who.public_id, now))
    return start_session(connection, who.id, "test", now), draft.id


def _opened(server: Server, page: Page, secret: str, draft: int) -> None:
    page.context.add_cookies([{"name": "ladder-staff", "value": secret, "url": server.address}])
    page.goto(f"{server.address}/console/editions/{draft}/file?file={SCHEME}")


def test_a_mistake_is_told_at_its_line_as_one_types(windows: Windows, own_server: Server) -> None:
    with closing(Database(own_server.database_url)) as database:
        secret, draft = database.turn(_draft_of_somebody)
    page = windows.open(DESK)
    _opened(own_server, page, secret, draft)
    text = page.input_value("#text")
    numbers = text.count("\n") + 1
    expect(page.locator("#gutter span")).to_have_count(numbers)
    page.locator("#text").press("Control+End")
    page.keyboard.type("\n\n")
    expect(page.locator("#gutter span")).to_have_count(numbers + 2)
    page.fill("#text", text.replace("upgrade_total_investment", "upgrade_totl_investment", 1))
    expect(page.locator("#mistakes")).to_contain_text("是不是想写“upgrade_total_investment”")
    expect(page.locator("#gutter .bad")).to_have_text(["9"])
    page.click("#mistakes [data-line]")
    chosen = page.evaluate(
        "() => { const t = document.getElementById('text');"
        " return t.value.slice(t.selectionStart, t.selectionEnd); }"
    )
    assert chosen.startswith("eligible_when: {fact: upgrade_totl_investment")
    take(page, "editions mistake")
    assert found_on(page)[0] == []
    page.fill("#text", text)
    expect(page.locator("#mistakes")).to_contain_text("例子都对得上")
    expect(page.locator("#gutter .bad")).to_have_count(0)


def test_without_scripts_a_button_checks_and_the_text_stays(windows: Windows, own_server: Server) -> None:
    with closing(Database(own_server.database_url)) as database:
        secret, draft = database.turn(_draft_of_somebody)
    page = windows.open(PHONE, java_script=False)
    _opened(own_server, page, secret, draft)
    broken = page.input_value("#text").replace("upgrade_total_investment", "upgrade_totl_investment", 1)
    page.fill("#text", broken)
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#mistakes")).to_contain_text("第 9 行")
    assert page.input_value("#text") == broken
    take(page, "editions without scripts")
    windows.expect("422")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("有错，没有存")
    assert page.input_value("#text") == broken
