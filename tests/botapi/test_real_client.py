"""A whole bot of python-telegram-bot on this server: its profile calls, its Updater, a crowd."""

import asyncio
import time
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    MenuButtonWebApp,
    Update,
    WebAppInfo,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from tests.botapi.api import BotApi
from tests.botapi.sending import send_message as send

PEOPLE, LATENCY = 40, 0.3


async def test_profile(bot_api: BotApi, bot: Bot) -> None:
    bot_api.person(5, met=True)
    assert (bot.username, bot.id) == ("ladder_bot", bot_api.cloud.me["id"])
    mine = [BotCommand("start", "开始")]
    for scope, language in ((None, None), (None, "zh"), (BotCommandScopeChat(5), None)):
        assert await bot.get_my_commands(scope, language) == ()
        await bot.set_my_commands(mine, scope, language)
        assert await bot.get_my_commands(scope, language) == tuple(mine)
    await bot.set_my_description("看看企业在哪一级")
    await bot.set_my_description("Where a firm stands", language_code="en")
    await bot.set_my_short_description("创新阶梯")
    assert (await bot.get_my_description()).description == "看看企业在哪一级"
    assert (await bot.get_my_description("en")).description == "Where a firm stands"
    assert (await bot.get_my_short_description()).short_description == "创新阶梯"
    app = MenuButtonWebApp("测评", WebAppInfo("https://example.org/"))
    await bot.set_chat_menu_button(menu_button=app)
    assert await bot.get_chat_menu_button() == app
    assert (await bot.get_chat_menu_button(5)).type == "default"
    assert len(bot_api.profile.commands) == 3


async def test_webhook_methods(bot: Bot) -> None:
    await bot.set_webhook("https://example.org/hook", max_connections=7, secret_token="x" * 256)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == ("https://example.org/hook", 7, 0)
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


def echo_bot(api: BotApi) -> Application[Any, Any, Any, Any, Any, Any]:
    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"欢迎 {context.args}")

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"<b>{update.message.text}</b>", parse_mode="HTML")

    application = (
        ApplicationBuilder()
        .token(api.token)
        .base_url(f"{api.url}/bot")
        .base_file_url(f"{api.url}/file/bot")
        .request(HTTPXRequest(connection_pool_size=64))
        .concurrent_updates(64)
        .job_queue(None)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


async def test_a_crowd_is_served_at_once(bot_api: BotApi) -> None:
    people = [bot_api.person() for _ in range(PEOPLE)]
    application = echo_bot(bot_api)
    async with application:
        assert application.updater is not None
        await application.updater.start_polling(timeout=5, allowed_updates=Update.ALL_TYPES)
        await application.start()
        people[0].starts("c_1")
        assert (await people[0].will_see("欢迎")).text == "欢迎 ['c_1']"
        bot_api.latency = LATENCY
        begins = time.monotonic()
        for person in people:
            person.says(f"我是 {person.id}")
        await asyncio.gather(*(person.will_see(f"我是 {person.id}") for person in people))
        assert time.monotonic() - begins < 4
        bot_api.latency = 0
        await application.updater.stop()
        await application.stop()
    assert bot_api.pending == []
    assert len(bot_api.calls_of("sendMessage")) == PEOPLE + 1


async def test_ten_thousand_chats_cost_a_call_no_more_than_one(bot_api: BotApi) -> None:
    """A call's own work, without HTTP, which costs the same either way."""

    def cost(api: BotApi, person_id: int) -> float:
        given = {"chat_id": person_id, "text": "通报"}
        times = []
        for _ in range(5):
            begins = time.perf_counter()
            for _ in range(200):
                send(api.cloud, given)
            times.append(time.perf_counter() - begins)
        return min(times)

    few, many = bot_api, BotApi()
    few.person(1, met=True)
    for number in range(10_000):
        person = many.person(number + 1, met=True)
        person.says("a")
    assert cost(many, 9_999) < 5 * cost(few, 1)
