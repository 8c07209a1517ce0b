"""Whatever arrives is answered: stickers, edits, old buttons, forged ones, groups, commands of the menu."""

from collections.abc import Callable, Iterator

import pytest

from bot.telegram.deploy import COMMANDS
from models.session import Database
from tests.bot.telegram.serving import agrees, in_thread, make, until
from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.botapi.updates import Update
from tests.conversations.playing import dump

SENDS: dict[str, Callable[[Person], Update]] = {
    "看不懂文字以外": lambda person: person.sends_sticker(),
    "打成字": lambda person: person.sends_photo("看这张"),
    "听不懂": lambda person: person.sends_voice(),
    "收到了位置": lambda person: person.sends_location(),
    "不收电话号码": lambda person: person.sends_contact(),
    "图片和文件": lambda person: person.sends_document(),
}


@pytest.fixture
def person(published: Database, bot_api: BotApi) -> Iterator[Person]:
    """Somebody who has agreed and was asked the first question."""
    with in_thread(make(published, bot_api)):
        somebody = bot_api.person(name="老王")
        agrees(somebody)
        somebody.waits_for("注册地")
        yield somebody
        until(lambda: not bot_api.pending)


@pytest.mark.parametrize("words", list(SENDS))
def test_what_cannot_be_read_is_answered_with_what_helps_and_the_question(person: Person, words: str) -> None:
    SENDS[words](person)
    shown = person.waits_for("只看得懂文字" if words == "看不懂文字以外" else words, anew=True)
    assert "注册地" in shown.text
    assert "在河南" in shown.labels


def test_an_edited_message_changes_nothing_and_says_how_to(person: Person) -> None:
    person.says("在河南")
    person.waits_for("营业收入", anew=True)
    person.edits(person.chat.messages[4], "不在河南")
    assert "营业收入是多少" in person.waits_for("改了前面那条消息", anew=True).text
    person.says("改注册地")
    assert "注册地" in person.waits_for("现在记的是：在河南", anew=True).text


def test_a_stranger_who_sends_a_photo_gets_the_notice(bot_api: BotApi, person: Person) -> None:
    stranger = bot_api.person(name="老李")
    stranger.sends_photo()
    assert stranger.waits_for("开始前请看").labels == ["同意，开始", "不同意"]


@pytest.mark.parametrize("command", [name for name, _ in COMMANDS])
def test_every_command_of_the_menu_is_answered(person: Person, command: str) -> None:
    person.says(f"/{command}")
    expected = {
        "start": "接着上次的来",
        "result": "还没有答题",
        "report": "还没有",
        "edit": "还没有答过题",
        "pause": "先到这里",
        "resume": "我们继续",
        "help": "随时可以说",
        "mydata": "我们存着这些",
        "stop": "不再主动给您发消息",
        "delete": "删",
    }
    person.waits_for(expected[command], anew=True)


def test_a_command_addressed_to_the_bot_by_name(person: Person) -> None:
    person.says("/help@ladder_bot")
    person.waits_for("随时可以说", anew=True)


def test_an_old_button_offers_to_change(person: Person) -> None:
    old = person.chat.newest
    person.taps("在河南")
    person.waits_for("营业收入是多少", anew=True)
    person.taps_old(old, "不在河南")
    shown = person.waits_for("已经答过", anew=True)
    assert shown.labels == ["修改", "不改，继续"]
    until(lambda: person.chat.toasts)
    until(lambda: any("要修改吗" in toast.text for toast in person.chat.toasts))
    person.taps("修改")
    assert "注册地" in person.waits_for("现在记的是：在河南", anew=True).text


def test_a_button_of_an_answered_card_above_is_answered_below(person: Person) -> None:
    old = person.chat.newest
    person.says("在河南")
    person.waits_for("营业收入是多少", anew=True)
    until(lambda: old.buttons == [])
    person.taps_old(old, "不在河南")
    assert person.waits_for("已经答过", anew=True) is person.chat.newest


def test_a_tap_on_a_message_too_old_to_be_seen_is_answered_below(person: Person) -> None:
    old = person.chat.newest
    person.taps_old(old, "在河南", inaccessible=True)
    assert person.waits_for("营业收入是多少", anew=True).id > old.id


@pytest.mark.parametrize(
    "data",
    [
        "nonsense",
        "1:0:revenue:yes",
        "1:zz:registered_in_henan:yes",
        "9:0:x:yes",
        "1:::delete:all",
        "确认删除",
    ],
)
def test_a_forged_button_writes_nothing_and_shows_the_open_question(
    person: Person, published: Database, data: str
) -> None:
    person.taps_data(person.chat.newest, data)
    person.waits_for("注册地", anew=True)
    assert dump(published)["answer"] == []


def test_a_query_too_old_to_be_answered_is_no_matter(bot_api: BotApi, person: Person) -> None:
    bot_api.faults.delay(0.3, method="answerCallbackQuery")
    person.taps("在河南")
    bot_api.expire_queries()
    person.waits_for("营业收入是多少", anew=True)
    person.says("3亿")
    person.waits_for("研发机构", anew=True)


def test_the_toast_comes_within_a_second(person: Person) -> None:
    person.taps("在河南")
    until(lambda: person.chat.toasts, within=1)
    assert person.chat.toasts[-1].text == "记下了"


def test_a_group_is_declined_once_and_nothing_of_its_members_is_kept(
    bot_api: BotApi, person: Person, published: Database
) -> None:
    colleague = bot_api.person(name="绝密成员").in_group(-4711)
    colleague.says("/start")
    colleague.says("我们的营收是3亿")
    person.in_group(-4711).says("/result")
    colleague.waits_for("私聊")
    until(lambda: not bot_api.pending)
    assert len(colleague.chat.bot_messages) == 1
    stored = str(dump(published))
    assert "绝密成员" not in stored
    assert str(colleague.id) not in stored
    assert "营收是3亿" not in stored


def test_a_group_that_lets_us_in_again_is_declined_again(bot_api: BotApi, person: Person) -> None:
    colleague = bot_api.person().in_group(-4712)
    colleague.says("/start")
    colleague.waits_for("私聊里发 /start")
    colleague.blocks()
    colleague.unblocks()
    until(lambda: len(colleague.chat.bot_messages) == 2)
    colleague.says("/start")
    person.says("在河南")
    person.waits_for("营业收入", anew=True)
    assert len(colleague.chat.bot_messages) == 2


def test_a_second_quick_tap_is_told_that_it_was_noted(person: Person) -> None:
    card = person.chat.newest
    person.taps("在河南")
    person.waits_for("营业收入是多少", anew=True)
    person.taps_old(card, "在河南")
    assert "营业收入是多少" in person.waits_for("已经记下了", anew=True).text
    until(lambda: any(toast.text == "已经记下了" for toast in person.chat.toasts))


def test_what_a_firm_types_cannot_become_markup(person: Person) -> None:
    for words in ("在河南", "不确定", "没有", "没有", "不确定", "不确定", "不确定"):
        person.says(words)
        until(person.answers)
    person.says("<b>&某某</b> **机械** 有限公司 {{7*7}}")
    until(person.answers)
    person.says("/mydata")
    person.waits_for("我们存着这些", anew=True)


def test_everything_is_deleted_by_buttons(person: Person, published: Database) -> None:
    person.says("在河南")
    person.waits_for("营业收入是多少")
    person.says("/delete")
    person.waits_for("确认", anew=True)
    person.taps("确认删除")
    person.waits_for("已经全部删除")
    until(lambda: not any(rows for rows in dump(published).values()))
    person.says("3亿")
    person.waits_for("开始前请看", anew=True)
