"""A whole assessment in the browser, from the landing page to the right amount, with JavaScript and without."""

from contextlib import closing
from typing import Any

import pytest

from models.session import Database
from tests.conversations.playing import newest_assessment
from tests.e2e.fixtures import DESK, LANDSCAPE, PHONE, Windows
from tests.e2e.server import Server
from tests.e2e.sheet import take
from tests.e2e.talking import UPGRADE, UPGRADE_YUAN, Talk, amount_on, walks

SCHEME = "tech-upgrade-demo-subsidy"
SIZES = pytest.mark.parametrize("size", [PHONE, DESK, LANDSCAPE], ids=["phone", "desk", "landscape"])
SCRIPTED = pytest.mark.parametrize("java_script", [True, False], ids=["with-script", "without-script"])


@SCRIPTED
@SIZES
def test_a_firm_of_three_point_two_yi_finds_its_six_million(
    windows: Windows, server: Server, size: dict[str, Any], java_script: bool
) -> None:
    page = windows.open(size, java_script=java_script)
    how = "with script" if java_script else "without script"
    talk = Talk(page).begins(server.address)
    for number, said in enumerate(UPGRADE, 1):
        if size is not LANDSCAPE:
            take(page, f"walk {how} {number}")
        talk.says(said)
    take(page, f"result {how}")
    assert amount_on(page, SCHEME) == ("eligible", UPGRADE_YUAN)
    assert "600万" in talk.latest.inner_text()
    take(page, f"result unfolded {how}")


@SCRIPTED
def test_an_answer_is_taken_back_changed_and_skipped(
    windows: Windows, own_server: Server, java_script: bool
) -> None:
    talk = Talk(windows.open(java_script=java_script)).begins(own_server.address)
    talk.says("在河南").says("3.2亿").says("返回")
    assert "营业收入" in talk.latest.inner_text()
    walks(talk, ("6.4亿", "跳过"))
    with closing(Database(own_server.database_url)) as database:
        facts = newest_assessment(database).facts
    assert facts["revenue"] == ["value", 640_000_000]
    assert facts["rd_institution"] == ["skipped", None]
