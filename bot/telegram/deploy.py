"""What Telegram shows of the bot before anybody talks to it: commands, descriptions, the menu button. Run once a release."""

from telegram import (
    BotCommandScopeAllPrivateChats,
    MenuButton,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import InvalidToken, TelegramError

from bot.telegram.account import Account
from bot.telegram.heard import mini_app
from bot.telegram.refusals import told

COMMANDS = (
    ("start", "开始，或接着上次的来"),
    ("result", "看目前的结果"),
    ("report", "要一份能转发、能打印的报告"),
    ("edit", "改以前的答复"),
    ("pause", "先到这里，以后再答"),
    ("resume", "继续答题"),
    ("help", "可以说些什么"),
    ("mydata", "看存了我的哪些数据"),
    ("stop", "不再收消息，暂停答题"),
    ("delete", "删除我的全部数据"),
)
DESCRIPTION = (
    "河南的企业在这里自测：按省里的《推动科技创新和产业创新深度融合行动计划》，企业站在创新阶梯的哪一级，还缺什么，"
    "可以申请哪些支持，大约多少钱，每一条都注明出处。大约 3 分钟，最多十来个问题，随时可以停下，回来接着答。\n\n"
    "开始前会先说明存什么、给谁看，您同意了才存；随时可以查看、更正或全部删除。\n\n"
    "结果只是自测，不是任何部门的认定。"
)
SHORT_DESCRIPTION = "河南企业自测：在创新阶梯哪一级，还缺什么，能申请什么支持。3 分钟，每条注明出处。"
_LANGUAGES = (None, "zh")


class NotDeployedError(Exception):
    """One clear line on what stood in the way."""


async def deploy(account: Account, site: str = "") -> str:
    """Set it all (again) and return the bot's name. Raises NotDeployedError.

    `site`: how people reach the page; by HTTPS the menu button opens it, else it shows the commands.
    """
    try:
        async with account.bot() as bot:
            for language in _LANGUAGES:
                await bot.set_my_commands(COMMANDS, BotCommandScopeAllPrivateChats(), language)
                await bot.set_my_description(DESCRIPTION, language)
                await bot.set_my_short_description(SHORT_DESCRIPTION, language)
            await bot.set_chat_menu_button(menu_button=_menu_button(site))
            return bot.username
    except InvalidToken:
        raise NotDeployedError(
            f"LADDER_TELEGRAM_TOKEN: {account.api_url} does not know this bot; check the token"
            " (and LADDER_TELEGRAM_API_URL)"
        ) from None
    except TelegramError as error:
        raise NotDeployedError(
            f"{account.api_url} cannot be reached or refused ({told(error)}); check LADDER_TELEGRAM_API_URL"
            " and LADDER_TELEGRAM_PROXY"
        ) from None


def _menu_button(site: str) -> MenuButton:
    app = mini_app(site)
    return MenuButtonWebApp("用网页测", WebAppInfo(app)) if app else MenuButtonCommands()
