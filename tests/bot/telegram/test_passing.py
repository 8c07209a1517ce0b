"""Taking a talk along over Telegram: from the page by a link, to the page by a code, and the button that opens the page."""

from dataclasses import replace

from bot.telegram.account import Account
from bot.telegram.service import Service
from flows.interview import receive
from flows.messages import Incoming, Reply
from models.session import Database
from tests.bot.telegram.serving import OPERATOR, Clock, agrees, in_thread, make, until
from tests.botapi.api import BotApi
from tests.conversations.in_process import START, editions
from tests.conversations.playing import dump
from tests.sent import mark_sent


def _on_the_page(database: Database, number: int, text: str) -> Reply:
    told = Incoming("web", "w", f"w{number}", START, text)
    promise = database.turn(lambda c: receive(c, editions(), OPERATOR, told))
    assert promise is not None
    database.turn(lambda c: mark_sent(c, promise.message_id, START))
    return promise.reply


def test_a_talk_that_began_on_the_page_goes_on_over_a_link_and_both_see_one_assessment(
    published: Database, bot_api: BotApi
) -> None:
    words = ("开始", "同意", "河南", "换个地方接着答")
    code = [_on_the_page(published, number, text) for number, text in enumerate(words)][-1].data["code"]
    person = bot_api.person(name="老王")
    with in_thread(make(published, bot_api)):
        person.starts(f"m_{code}")
        person.waits_for("找到了您的测评")
        person.says("同意")
        person.waits_for("接上了")
        person.says("3.2亿")
        person.waits_for("营业收入：3.2亿元")
    assert "3.2亿元" in str(_on_the_page(published, 9, "我的数据").data)
    rows = dump(published)
    assert len(rows["person"]) == len(rows["assessment"]) == 1


def test_a_code_told_on_telegram_is_kept_nowhere_and_is_no_link(published: Database, bot_api: BotApi) -> None:
    person = bot_api.person(name="老王")
    with in_thread(make(published, bot_api)):
        agrees(person)
        person.says("换个地方接着答")
        told = person.waits_for("10 分钟内有效").text
        assert "t.me" not in told
        assert "用网页测" not in str(person.chat.bot_messages[-1].buttons)
        until(lambda: "passage-move" not in str(dump(published)["outbox"]))


def test_where_the_page_is_reached_by_https_a_button_opens_it(published: Database, bot_api: BotApi) -> None:
    person = bot_api.person(name="老王")
    operator = replace(OPERATOR, site="https://ladder.example")
    service = Service(published, Account(bot_api.token, bot_api.url), operator, Clock())
    with in_thread(service):
        person.starts()
        shown = person.waits_for("我们怎样对待您的信息")
        assert [button.label for button in shown.buttons][-1] == "用网页测"
        person.says("同意")
        person.says("换个地方接着答")
        assert "https://ladder.example/resume" in person.waits_for("10 分钟内有效").text
        until(lambda: service.known_as() == "ladder_bot")
