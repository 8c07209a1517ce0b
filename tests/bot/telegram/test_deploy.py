"""`ladder telegram deploy`: what is set, twice the same, and one clear line where it cannot be."""

import pytest

from bot.telegram.account import Account
from bot.telegram.deploy import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION, NotDeployedError, deploy
from bot.telegram.markup import units
from flows.commands import command_of
from tests.botapi.api import BotApi

SCOPE = '{"type": "all_private_chats"}'


async def test_deployed_twice_is_deployed_once(bot_api: BotApi) -> None:
    account = Account(bot_api.token, bot_api.url)
    assert await deploy(account) == await deploy(account) == "ladder_bot"
    profile = bot_api.profile
    assert set(profile.commands) == {(SCOPE, ""), (SCOPE, "zh")}
    for commands in profile.commands.values():
        assert [each["command"] for each in commands] == [name for name, _ in COMMANDS]
    assert profile.descriptions == {"": DESCRIPTION, "zh": DESCRIPTION}
    assert profile.short_descriptions == {"": SHORT_DESCRIPTION, "zh": SHORT_DESCRIPTION}
    assert profile.menu_buttons[None]["type"] == "commands"


async def test_where_the_page_is_reached_by_https_the_menu_button_opens_it(bot_api: BotApi) -> None:
    await deploy(Account(bot_api.token, bot_api.url), "https://ladder.example")
    button = bot_api.profile.menu_buttons[None]
    assert button["type"] == "web_app"
    assert button["web_app"] == {"url": "https://ladder.example/telegram"}
    await deploy(Account(bot_api.token, bot_api.url), "http://127.0.0.1:8000")
    assert bot_api.profile.menu_buttons[None]["type"] == "commands"


def test_what_is_set_fits() -> None:
    assert units(DESCRIPTION) <= 512
    assert units(SHORT_DESCRIPTION) <= 120
    assert all(command_of(f"/{name}") is not None for name, _ in COMMANDS)


async def test_a_wrong_token_is_one_line(bot_api: BotApi) -> None:
    wrong = "7000000001:AAabcdefghijklmnopqrstuvwxyz_012345"
    with pytest.raises(NotDeployedError, match="LADDER_TELEGRAM_TOKEN") as told:
        await deploy(Account(wrong, bot_api.url))
    assert "AAabc" not in str(told.value)
    bot_api.forgive()


async def test_an_unreachable_server_is_one_line() -> None:
    with pytest.raises(NotDeployedError, match="cannot be reached") as told:
        await deploy(Account("7000000001:AAabcdefghijklmnopqrstuvwxyz_012345", "http://127.0.0.1:1"))
    assert "AAabc" not in str(told.value)
