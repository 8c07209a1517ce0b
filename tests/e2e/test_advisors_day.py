"""An advisor's day on the real server: from the one-time link to the advice; the owner is on Telegram all the while."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from models.sending import waiting
from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.e2e.fixtures import DESK, Windows
from tests.e2e.server import ROOT, Server, until
from tests.e2e.sheet import take
from tests.e2e.staffing import Desk
from tests.web.console.talking import WHOLE_TALK

FIRM = "洛阳轴研精密机械有限公司"


@pytest.fixture
def telegram_server(bot_api: BotApi, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, as on its very first day, with the bot beside it."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # known beforehand: the first link names it
        port = str(free.getsockname()[1])
    telegram = {"LADDER_TELEGRAM_TOKEN": bot_api.token, "LADDER_TELEGRAM_API_URL": bot_api.url}
    running = Server(tmp_path, LADDER_PORT=port, **telegram).starts()
    try:
        yield running
    finally:
        running.stops()
    assert "Traceback" not in running.said, running.said


def _ladder(server: Server, *words: str) -> str:
    """The command itself, beside the server."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words],
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _link_in(text: str) -> str:
    found = re.search(r"http://\S+/console/link/\S+", text)
    assert found is not None, text
    return found[0]


@dataclass
class Owner:
    """The owner on Telegram. (Person.waits_for refuses beside Playwright's event loop.)"""

    person: Person
    api: BotApi
    server: Server
    _seen: int = 0

    def says(self, text: str) -> str:
        self.person.says(text)
        return self.hears()

    def taps(self, button: str) -> str:
        self.person.taps(button)
        return self.hears()

    def hears(self, words: str = "") -> str:
        """All that the bot has shown since the last time, once it has said all it had to say."""
        until(lambda: self._is_answered() and words in self._new())
        told, self._seen = self._new(), self.person.chat.newest.id
        return told

    def _new(self) -> str:
        return "\n".join(each.text for each in self.person.chat.bot_messages if each.id > self._seen)

    def _is_answered(self) -> bool:
        return (
            not self.api.pending
            and bool(self._new())
            and not self.server.read(lambda c: waiting(c, "telegram", 0, 1))
        )


def _assessed(server: Server, bot_api: BotApi) -> Owner:
    """An owner who has answered everything and asks for a review."""
    owner = Owner(bot_api.person(name="老王"), bot_api, server)
    for said in WHOLE_TALK:
        owner.says(said)
    assert "已经替您申请人工复核" in owner.says("人工")
    return owner


def test_an_advisors_day(windows: Windows, telegram_server: Server, bot_api: BotApi) -> None:
    server = telegram_server
    owner = _assessed(server, bot_api)
    advisor = _first_morning(windows, server)
    case = _takes_the_oldest(advisor)
    _asks_back(advisor, case, owner)
    _corrects(advisor, case, owner)
    _finishes(advisor, case, owner)
    _is_all_told(advisor)
    assert re.search(r"^ok .*audit.*$", _ladder(server, "doctor"), re.MULTILINE)


def _first_morning(windows: Windows, server: Server) -> Desk:
    """The administrator sets up by the link of the first start, and gives 洛阳 to an advisor whom the command invited."""
    link = _link_in(_ladder(server, "staff", "add", "陈顾问"))
    boss = Desk(windows.open(DESK), server.address)
    assert len(boss.sets_up(_link_in(server.said))) == 10
    boss.signs_in("admin").goes("/console/staff")
    boss.page.get_by_role("link", name="陈顾问").click()
    boss.page.get_by_label("洛阳").check()
    boss.presses("保存分配")
    advisor = Desk(windows.open(DESK), server.address)
    advisor.sets_up(link)
    return advisor.signs_in("陈顾问")


def _takes_the_oldest(advisor: Desk) -> str:
    page = advisor.page
    page.wait_for_url("**/console/cases*")
    advisor.goes("/console/cases?state=asked&sort=oldest")
    take(page, "console day list")
    page.locator(".cases a").first.click()
    assert FIRM in advisor.said
    advisor.presses("我来办")
    assert "复核中" in advisor.said
    return str(page.url).removeprefix(advisor.address)


def _asks_back(advisor: Desk, case: str, owner: Owner) -> None:
    form = advisor.unfolds("问企业")
    form.locator("textarea").fill("设备清单有吗？")
    advisor.presses("发给企业", form)
    assert "等企业回答" in advisor.said
    owner.hears("设备清单有吗？")
    assert "请直接回复" in owner.taps("现在答")
    assert "已经转给顾问" in owner.says("有，上周刚整理好")
    advisor.goes(case)
    assert "有，上周刚整理好" in advisor.said
    take(advisor.page, "console day answered")


def _corrects(advisor: Desk, case: str, owner: Owner) -> None:
    row = advisor.page.locator(".facts tr", has_text="设备和软件").first
    form = advisor.unfolds("更正", row)
    form.get_by_label("应该是").fill("5000万")
    form.get_by_label("理由（会告诉企业）").fill("票据只有这些")
    advisor.presses("看看读成什么", form)
    assert "这样读对吗" in advisor.said
    take(advisor.page, "console day correction")
    advisor.presses("对，更正并告诉企业")
    assert "5000万元" in advisor.said
    assert "7000万元 → 5000万元" in owner.hears("票据只有这些")
    assert advisor.page.url.endswith(case)


def _finishes(advisor: Desk, case: str, owner: Owner) -> None:
    form = advisor.unfolds("写下不同的看法")
    form.get_by_label("关于").select_option("tech-upgrade-demo-subsidy")
    form.get_by_label("我认为").select_option("eligible")
    form.get_by_label("金额（万元，可以不填）").fill("700")
    form.get_by_label("理由（企业会看到）").fill("已见认定文件")
    advisor.presses("记下", form)
    advisor.page.get_by_label("内部备注（企业看不到）").fill("老板说话快")
    advisor.presses("记下备注")
    form = advisor.unfolds("写意见，结束复核")
    form.locator("textarea").fill("材料齐，可以准备申报。")
    advisor.presses("发给企业，结束复核", form)
    assert "已复核" in advisor.said
    advice = owner.hears("材料齐，可以准备申报。")
    assert "700万元" in advice
    assert "已见认定文件" in advice
    assert "老板说话快" not in owner.person.chat.transcript()
    assert advisor.page.url.endswith(case)


def _is_all_told(advisor: Desk) -> None:
    take(advisor.page, "console day finished")
    done = _acts_on(advisor.page)
    assert done == [
        *("企业申请复核", "接手", "问企业", "企业回答", "更正答复", "写下不同的看法", "写备注", "结束复核"),
    ]


def _acts_on(page: Page) -> list[str]:
    """What the page tells of the case's history, the earliest first."""
    return [each.inner_text() for each in page.locator("table.audit tbody tr td:nth-child(4)").all()][::-1]
