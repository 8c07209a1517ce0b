"""People and what they see: talk, taps, edits, toasts, groups, blocking, waiting, the transcript."""

import asyncio
import struct
import threading
import time

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest

from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.botapi.watching import NotSeenError


@pytest.fixture
def anna(bot_api: BotApi) -> Person:
    return bot_api.person(5, "Anna", met=True)


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(each, callback_data=f"c:{each}")] for each in labels])


async def updates(bot: Bot) -> list[Update]:
    found = await bot.get_updates()
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1)
    return list(found)


async def test_what_she_does_arrives_at_the_bot(anna: Person, bot: Bot) -> None:
    said = anna.says("你好")
    anna.starts("c_42")
    anna.says("😀 /help@ladder_bot a/b")
    anna.edits(said, "您好")
    anna.sends_photo("营业执照")
    greeting, start, help_, edit, photo = await updates(bot)
    assert greeting.message is not None
    assert greeting.message.from_user is not None
    assert greeting.message.from_user.language_code == "zh-hans"
    assert start.message is not None
    assert (start.message.text, start.message.entities[0].length) == ("/start c_42", 6)
    assert help_.message is not None
    assert [each.offset for each in help_.message.entities] == [3]
    assert help_.message.parse_entity(help_.message.entities[0]) == "/help@ladder_bot"
    assert edit.edited_message is not None
    assert (edit.edited_message.text, edit.edited_message.message_id) == ("您好", greeting.message.message_id)
    assert photo.message is not None
    assert (photo.message.caption, len(photo.message.photo)) == ("营业执照", 2)


async def test_stickers_voice_location_contact(anna: Person, bot: Bot) -> None:
    for act in (
        anna.sends_sticker,
        anna.sends_voice,
        anna.sends_location,
        anna.sends_contact,
        anna.sends_document,
    ):
        act()
    sticker, voice, location, contact, document = [each.message for each in await updates(bot)]
    assert sticker is not None
    assert sticker.sticker is not None
    assert voice is not None
    assert voice.voice is not None
    assert location is not None
    assert location.location is not None
    assert contact is not None
    assert contact.contact is not None
    assert contact.contact.user_id == anna.id
    assert document is not None
    assert document.document is not None


async def test_taps_and_toasts(anna: Person, bot: Bot) -> None:
    old = await bot.send_message(5, "第1题", reply_markup=keyboard("同意", "不同意"))
    await bot.send_message(5, "第2题", reply_markup=keyboard("同意"))
    anna.taps("同意")
    anna.taps("c:不同意")
    card = anna.chat.message(old.message_id)
    assert card is not None
    anna.taps("同意", on=card)
    assert len(anna.chat.waiting_taps) == 3
    queries = [each.callback_query for each in await updates(bot)]
    found = [(each.data, each.message and each.message.message_id) for each in queries if each]
    assert found == [("c:同意", 2), ("c:不同意", 1), ("c:同意", 1)]
    for query in queries:
        assert query is not None
        await query.answer("已记下", show_alert=True)
    assert [(each.text, each.alert) for each in anna.chat.toasts] == [("已记下", True)] * 3
    assert anna.chat.waiting_taps == set()


async def test_a_button_that_is_not_shown_cannot_be_tapped(anna: Person, bot: Bot) -> None:
    await bot.send_message(5, "第1题", reply_markup=keyboard("同意"))
    await bot.edit_message_text("记下了", 5, 1)
    assert anna.chat.newest.buttons == []
    with pytest.raises(AssertionError, match=r'no button "同意" is shown to Anna:\nbot #1: 第1题 \[同意\]'):
        anna.taps("同意")
    update = anna.taps_old(anna.chat.newest, "同意")
    assert update.content["data"] == "c:同意"
    anna.taps_old(anna.chat.newest, "同意", inaccessible=True)
    _, second = await updates(bot)
    assert second.callback_query is not None
    assert second.callback_query.message is not None
    assert not second.callback_query.message.is_accessible
    with pytest.raises(AssertionError, match="never had"):
        anna.taps_old(anna.chat.newest, "别的")


async def test_a_link_is_not_a_tap(anna: Person, bot: Bot) -> None:
    link = InlineKeyboardMarkup([[InlineKeyboardButton("原文", url="https://example.org/")]])
    await bot.send_message(5, "第18条", reply_markup=link)
    with pytest.raises(AssertionError, match="the bot does not hear of it"):
        anna.taps("原文")


async def test_edits_deletions_and_files_are_seen(anna: Person, bot: Bot) -> None:
    first = await bot.send_message(5, "<b>一</b>", parse_mode="HTML")
    await bot.edit_message_text("二", 5, first.message_id, reply_markup=keyboard("改"))
    await bot.edit_message_reply_markup(5, first.message_id, reply_markup=keyboard("对", "改"))
    message = anna.chat.newest
    assert (message.text, message.labels, message.entities) == ("二", ["对", "改"], ())
    assert [each.said.text for each in message.versions] == ["一", "二", "二"]
    report = await bot.send_document(5, b"%PDF", filename="r.pdf", caption="<i>报告</i>", parse_mode="HTML")
    assert report.document is not None
    await bot.send_document(5, report.document.file_id)
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 1080, 1527) + bytes(17)
    await bot.send_photo(5, picture)
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(5, b"%PDF")
    assert [each.upload and each.upload.content for each in anna.chat.bot_messages[1:]] == [
        b"%PDF",
        b"%PDF",
        picture,
    ]
    await bot.delete_message(5, first.message_id)
    assert "二" not in anna.chat.texts
    await bot.send_chat_action(5, ChatAction.TYPING)
    assert [each.name for each in anna.chat.actions] == ["typing"]


async def test_a_reply_quotes(anna: Person, bot: Bot) -> None:
    anna.says("多少?")
    answer = await bot.send_message(5, "3 亿", reply_to_message_id=1)
    assert answer.reply_to_message is not None
    await bot.send_message(5, "x", reply_to_message_id=9, allow_sending_without_reply=True)


async def test_groups(bot_api: BotApi, anna: Person, bot: Bot) -> None:
    boris = bot_api.person(6, "Boris").in_group(-7, "某公司")
    together = anna.in_group(-7)
    together.says("大家好")
    boris.says("/start")
    first, second = await updates(bot)
    assert first.effective_chat is not None
    assert (first.effective_chat.id, first.effective_chat.title) == (-7, "某公司")
    assert second.effective_user is not None
    assert second.effective_user.id == 6
    await bot.send_message(-7, "请私聊")
    assert together.chat.texts == boris.chat.texts == ["请私聊"]
    assert anna.chat.texts == []


async def test_blocking(anna: Person, bot: Bot) -> None:
    anna.blocks()
    anna.unblocks()
    blocked, unblocked = [each.my_chat_member for each in await updates(bot)]
    assert blocked is not None
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    assert unblocked is not None
    assert unblocked.new_chat_member.status == "member"


async def test_waiting_in_the_bot_s_own_loop(anna: Person, bot: Bot) -> None:
    async def later() -> None:
        await asyncio.sleep(0.05)
        await bot.send_message(5, "第2题")

    sending = asyncio.create_task(later())
    assert (await anna.will_see("第2题")).id == 1
    assert await anna.will_see(lambda chat: len(chat.texts)) == 1
    await sending
    with pytest.raises(NotSeenError, match=r'"第3题" not seen within 0.05 s by Anna:\nbot #1: 第2题'):
        await anna.will_see("第3题", within=0.05)
    with pytest.raises(RuntimeError, match="await will_see"):
        anna.waits_for("第2题")


def test_waiting_in_a_thread_of_its_own(bot_api: BotApi, anna: Person) -> None:
    async def send() -> None:
        async with Bot(bot_api.token, base_url=f"{bot_api.url}/bot") as bot:
            await bot.send_message(5, "第2题")

    thread = threading.Thread(target=lambda: asyncio.run(send()))
    thread.start()
    assert anna.waits_for("第2题").text == "第2题"
    thread.join()
    begins = time.monotonic()
    with pytest.raises(NotSeenError, match="第2题"):
        anna.waits_for("第3题", within=0.1)
    assert 0.1 <= time.monotonic() - begins < 0.5


async def test_waiting_anew_wants_an_answer_to_what_she_did_last(anna: Person, bot: Bot) -> None:
    await bot.send_message(5, "请输入数字")
    anna.says("abc")
    with pytest.raises(NotSeenError):
        await anna.will_see("请输入数字", within=0.05, anew=True)
    assert anna.answers() == []
    await bot.send_message(5, "请输入数字")
    assert (await anna.will_see("请输入数字", anew=True)).id == 3
    assert [each.id for each in anna.answers()] == [3]


async def test_the_transcript(anna: Person, bot: Bot) -> None:
    anna.says("3.2亿")
    await bot.send_message(5, "记为 3.2 亿元\n对吗？", reply_markup=keyboard("对", "改"))
    anna.taps("对")
    query = (await updates(bot))[-1].callback_query
    assert query is not None
    await query.answer("好")
    await bot.edit_message_text("记下了", 5, 2)
    anna.sends_sticker()
    await bot.send_document(5, b"%PDF", caption="报告")
    await bot.delete_message(5, 2)
    anna.blocks()
    assert anna.chat.transcript().splitlines() == [
        "Anna #1: 3.2亿",
        "bot #2: 记为 3.2 亿元 / 对吗？ [对] [改]",
        "Anna taps [对] on #2",
        "bot toast: 好",
        "bot #2 edited: 记下了",
        "Anna #3: <sticker> ",
        "bot #4: <document> 报告",
        "bot #2 deleted",
        "Anna: the bot is kicked now",
    ]


async def test_a_silent_chat_says_so(anna: Person) -> None:
    with pytest.raises(AssertionError, match="the bot said nothing yet"):
        _ = anna.chat.newest
