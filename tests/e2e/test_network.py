"""A network that is cut, slow, or loses a response; a server that is killed: nothing is lost, nothing is there twice."""

import re
import time
from contextlib import closing, suppress

import pytest
from playwright.sync_api import Error, Page, expect

from models.session import Database
from tests.conversations.playing import newest_assessment
from tests.e2e.cable import Cable
from tests.e2e.fixtures import Windows
from tests.e2e.server import Server
from tests.e2e.sheet import take
from tests.e2e.talking import UPGRADE, Talk, answers_in, walks

CUT_SECONDS = 10
_BROKEN = r"net::ERR_|Failed to load resource|Failed to fetch|htmx:|ERR_CONNECTION|^uncaught: .*(fetch|abort|network)"
SLOTS = [
    "registered_in_henan",
    "revenue",
    "rd_institution",
    "upgrade_project",
    "upgrade_total_investment",
    "upgrade_equipment_software",
    "upgrade_demo_recognized",
    "national_platforms",
]


LOST = pytest.mark.parametrize(
    "keep", [0, 40, 600], ids=["nothing-comes", "cut-in-the-head", "cut-in-the-body"]
)


def check_stored(server: Server) -> None:
    """The whole talk is there, each answer once and in order."""
    assert [slot for slot, _ in server.read(answers_in)] == SLOTS
    with closing(Database(server.database_url)) as database:
        facts = newest_assessment(database).facts
    assert facts["revenue"] == ["value", 320_000_000]
    assert facts["upgrade_equipment_software"] == ["value", 40_000_000]


def tells_of_trouble(page: Page) -> None:
    """The page says that it waits for the network: in words, where a screen reader hears them."""
    expect(page.locator("#status")).to_have_text(_words("网络|连不上|断|连接"), timeout=CUT_SECONDS * 1000)
    assert page.locator("#status").get_attribute("role") == "status"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def test_a_cut_of_ten_seconds_amid_an_answer(windows: Windows, own_server: Server, cable: Cable) -> None:
    page = windows.open()
    windows.expect(_BROKEN)
    talk = Talk(page).begins(cable.address)
    talk.says("在河南")
    cable.cut()
    begins = time.monotonic()
    before = talk.shown
    talk.types("3.2亿")
    talk.sends()
    tells_of_trouble(page)
    take(page, "network cut")
    page.wait_for_timeout(max(0, CUT_SECONDS - (time.monotonic() - begins)) * 1000)
    assert talk.shown.theirs == before.theirs
    cable.mend()
    talk.waits_for_reply(before, 30)
    expect(talk.status).to_have_text("")
    walks(talk, UPGRADE[2:])
    check_stored(own_server)


@LOST
def test_the_response_is_lost_after_the_answer_was_stored(
    windows: Windows, own_server: Server, cable: Cable, keep: int
) -> None:
    page = windows.open()
    windows.expect(_BROKEN)
    talk = Talk(page).begins(cable.address)
    talk.says("在河南")
    before = talk.shown
    talk.types("3.2亿")
    cable.lose_after(b"POST /chat", keep=keep)
    talk.sends()
    assert cable.lost.wait(10)
    talk.waits_for_reply(before, 30)
    walks(talk, UPGRADE[2:])
    check_stored(own_server)


def test_a_page_of_the_network_itself_in_the_place_of_the_reply(windows: Windows, own_server: Server) -> None:
    """A hotel's log-in page, answering 200 to everything, is no reply: nothing of what was typed is given up for it."""
    page = windows.open()
    windows.expect(_BROKEN)
    talk = Talk(page).begins(own_server.address)
    talk.says("在河南")
    log_in = "<!doctype html><title>WLAN</title><p>请先登录无线网络</p>"
    page.route("**/chat", lambda route: route.fulfill(status=200, content_type="text/html", body=log_in))
    before = talk.shown
    talk.types("3.2亿")
    talk.sends()
    tells_of_trouble(page)
    page.unroute("**/chat")
    talk.waits_for_reply(before, 30)
    assert "请先登录无线网络" not in page.locator("[role=log]").inner_text()
    walks(talk, UPGRADE[2:])
    check_stored(own_server)


def test_a_slow_network_asks_for_patience_and_takes_the_answer_once(
    windows: Windows, own_server: Server, cable: Cable
) -> None:
    page = windows.open()
    talk = Talk(page).begins(cable.address)
    talk.says("在河南")
    cable.delay = 3.0
    before = talk.shown
    talk.types("3.2亿")
    talk.sends()
    expect(talk.status).not_to_have_text("", timeout=2_900)
    talk.waits_for_reply(before, 30)
    cable.delay = 0.0
    walks(talk, UPGRADE[2:])
    check_stored(own_server)


def test_the_browser_itself_is_offline_for_a_while(windows: Windows, own_server: Server) -> None:
    page = windows.open()
    windows.expect(_BROKEN)
    talk = Talk(page).begins(own_server.address)
    talk.says("在河南")
    page.context.set_offline(True)
    before = talk.shown
    talk.types("3.2亿")
    talk.sends()
    tells_of_trouble(page)
    page.context.set_offline(False)
    talk.waits_for_reply(before, 30)
    walks(talk, UPGRADE[2:])
    check_stored(own_server)


def test_the_server_is_killed_amid_the_talk_and_started_again(windows: Windows, own_server: Server) -> None:
    page = windows.open()
    windows.expect(_BROKEN)
    talk = Talk(page).begins(own_server.address)
    talk.says("在河南")
    own_server.is_killed()
    before = talk.shown
    talk.types("3.2亿")
    talk.sends()
    tells_of_trouble(page)
    own_server.starts()
    talk.waits_for_reply(before, 60)
    walks(talk, UPGRADE[2:])
    check_stored(own_server)


@LOST
def test_without_script_a_lost_response_costs_nothing(
    windows: Windows, own_server: Server, cable: Cable, keep: int
) -> None:
    """The browser tells it in its own words, or sends the form once more by itself; coming back, the answer is there once."""
    page = windows.open(java_script=False)
    windows.expect(_BROKEN)
    talk = Talk(page).begins(cable.address)
    talk.says("在河南")
    cable.lose_after(b"POST /chat", keep=keep)
    talk.types("3.2亿")
    with suppress(Error):
        talk.sends()
    assert cable.lost.wait(10)
    page.wait_for_timeout(1000)
    page.goto(f"{cable.address}/chat")
    talk.latest.wait_for()
    walks(talk, UPGRADE[2:])
    check_stored(own_server)
