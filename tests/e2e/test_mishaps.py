"""What people do to a page: reload it, open it twice, tap twice, go back."""

from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.e2e.fixtures import Windows
from tests.e2e.server import Server
from tests.e2e.talking import UPGRADE, Talk, answers_in, walks

SCRIPTED = pytest.mark.parametrize("java_script", [True, False], ids=["with-script", "without-script"])


def once_each(server: Server) -> Counter[str]:
    found = Counter(slot for slot, _ in server.read(answers_in))
    assert set(found.values()) <= {1}, found
    return found


def test_a_reload_keeps_what_was_typed(windows: Windows, server: Server) -> None:
    talk = Talk(windows.open()).begins(server.address)
    talk.says("在河南")
    talk.field.press_sequentially("3.2")
    talk.page.reload()
    expect(talk.field).to_have_value("3.2")
    before = talk.shown
    talk.field.press("End")
    talk.field.press_sequentially("亿")
    talk.sends()
    talk.waits_for_reply(before)
    assert "研发机构" in talk.latest.inner_text()
    talk.page.reload()
    expect(talk.field).to_have_value("")


@SCRIPTED
def test_a_reload_shows_the_talk_as_it_was(windows: Windows, server: Server, java_script: bool) -> None:
    talk = Talk(windows.open(java_script=java_script)).begins(server.address)
    walks(talk, UPGRADE[:4])
    before = talk.page.locator("[role=log] .bubble").all_inner_texts()
    talk.page.goto(f"{server.address}/chat")
    talk.latest.wait_for()
    assert talk.page.locator("[role=log] .bubble").all_inner_texts()[-4:] == before[-4:]


@SCRIPTED
def test_two_taps_on_one_button_are_one_answer(
    windows: Windows, own_server: Server, java_script: bool
) -> None:
    talk = Talk(windows.open(java_script=java_script)).begins(own_server.address)
    talk.says("在河南").says("3.2亿")
    before = talk.shown
    talk.button("yes").dblclick(no_wait_after=True)
    talk.waits_for_reply(before)
    talk.page.wait_for_timeout(500)
    talk.page.goto(f"{own_server.address}/chat")
    assert "技术改造" in talk.latest.inner_text()
    assert once_each(own_server).keys() == {"registered_in_henan", "revenue", "rd_institution"}


@SCRIPTED
def test_two_taps_on_send_are_one_answer(windows: Windows, own_server: Server, java_script: bool) -> None:
    talk = Talk(windows.open(java_script=java_script)).begins(own_server.address)
    talk.says("在河南")
    before = talk.shown
    talk.types("3.2亿")
    talk.page.locator("form#say button.send").dblclick(no_wait_after=True)
    talk.waits_for_reply(before)
    talk.page.wait_for_timeout(500)
    talk.page.goto(f"{own_server.address}/chat")
    assert "研发机构" in talk.latest.inner_text()
    assert once_each(own_server).keys() == {"registered_in_henan", "revenue"}


@SCRIPTED
def test_an_old_page_in_a_second_tab_never_answers_a_new_question(
    windows: Windows, own_server: Server, java_script: bool
) -> None:
    """What the second tab types under the first question is not taken as the answer to the third."""
    first = Talk(windows.open(java_script=java_script)).begins(own_server.address)
    first.says("在河南")
    page = first.page.context.new_page()
    page.goto(f"{own_server.address}/chat")
    second = Talk(page)
    second.latest.wait_for()
    first.says("3.2亿")
    second.says("6.4亿")
    found = own_server.read(answers_in)
    assert [slot for slot, _ in found] == ["registered_in_henan", "revenue"]
    assert str(found[1][1]) != "640000000"
    first.page.goto(f"{own_server.address}/chat")
    walks(first, UPGRADE[2:])
    assert "600万" in first.latest.inner_text()


@SCRIPTED
def test_the_browsers_own_way_back_does_no_harm(
    windows: Windows, own_server: Server, java_script: bool
) -> None:
    talk = Talk(windows.open(java_script=java_script)).begins(own_server.address)
    talk.says("在河南").says("3.2亿")
    talk.page.go_back()
    talk.page.goto(f"{own_server.address}/chat")
    talk.latest.wait_for()
    assert "研发机构" in talk.latest.inner_text()
    walks(talk, UPGRADE[2:])
    assert "600万" in talk.latest.inner_text()
    once_each(own_server)


def test_the_words_of_hostile_people_are_shown_and_do_nothing(windows: Windows, server: Server) -> None:
    """A script that ran, or anything that the policy of the page refused, would be a complaint of the witness."""
    talk = Talk(windows.open()).begins(server.address)
    for said in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        "\u202e亿2.3",
    ):
        talk.says(said)
    shown = talk.page.locator("[role=log]").inner_text()
    assert "<script>alert(1)</script>" in shown
    assert "{{7*7}}" in shown
    assert talk.page.locator("[role=log] script, [role=log] img[onerror]").count() == 0
