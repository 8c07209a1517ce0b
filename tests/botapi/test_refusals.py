"""Telegram's refusals, one by one, with its codes and words."""

from typing import Any

import pytest

from tests.botapi.api import BotApi
from tests.botapi.conftest import Caller
from tests.botapi.methods import Upload
from tests.botapi.people import Person


@pytest.fixture
def anna(bot_api: BotApi) -> Person:
    return bot_api.person(5, "Anna", met=True)


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(**fields: Any) -> dict[str, Any]:
    return {"text": "x", **fields}


MESSAGES: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "message text is empty"),
    ({"text": " \n"}, "message text is empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "😀" * 2049}, "message is too long"),
    ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ({"text": "<h1>x</h1>", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "h1"'),
    ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ({"chat_id": 6, "text": "x"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ({"chat_id": "", "text": "x"}, "chat_id is empty"),
]
BUTTONS: list[tuple[dict[str, Any], str]] = [
    (keyboard([button(callback_data="d" * 65)]), "BUTTON_DATA_INVALID"),
    (keyboard([button(callback_data="好" * 22)]), "BUTTON_DATA_INVALID"),
    (keyboard([button(callback_data="")]), "Text buttons are unallowed in the inline keyboard"),
    (keyboard([button()]), "Text buttons are unallowed in the inline keyboard"),
    (keyboard([button(text=" ", callback_data="d")]), "Text must be non-empty"),
    (keyboard(*[[button(callback_data="d")]] * 101), "reply markup is too long"),
    (keyboard([button(callback_data="d")] * 9), "reply markup is too long"),
    (
        keyboard([button(url="not-a-url")]),
        "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
    ),
    (keyboard([button(web_app={"url": "http://a.cn"})]), "Only HTTPS links are allowed"),
    (keyboard([button(copy_text={"text": "x" * 257})]), "BUTTON_COPY_TEXT_INVALID"),
]


@pytest.mark.parametrize(("parameters", "reason"), MESSAGES)
async def test_messages(anna: Person, call: Caller, parameters: dict[str, Any], reason: str) -> None:
    answer = await call("sendMessage", **{"chat_id": anna.id, **parameters})
    assert answer["error_code"] == 400
    assert reason in answer["description"]
    assert anna.chat.messages == []


@pytest.mark.parametrize(("markup", "reason"), BUTTONS)
async def test_keyboards(anna: Person, call: Caller, markup: dict[str, Any], reason: str) -> None:
    answer = await call("sendMessage", chat_id=anna.id, text="x", reply_markup=markup)
    assert answer["error_code"] == 400
    assert reason in answer["description"]


@pytest.mark.parametrize(
    "field", [{"style": "loud", "callback_data": "d"}, {"url": "https://a.cn", "callback_data": "d"}]
)
async def test_buttons_that_are_violations(
    bot_api: BotApi, anna: Person, call: Caller, field: dict[str, Any]
) -> None:
    answer = await call("sendMessage", chat_id=anna.id, text="x", reply_markup=keyboard([button(**field)]))
    assert answer["error_code"] == 400
    assert len(bot_api.forgive()) == 1


async def test_the_longest_that_passes(anna: Person, call: Caller) -> None:
    text = "<b>" + "x" * 4094 + "😀</b> "
    wide = keyboard(*[[button(callback_data="d" * 64)] * 8] * 12)
    assert (await call("sendMessage", chat_id=anna.id, text=text, parse_mode="HTML", reply_markup=wide))["ok"]


async def test_edits(anna: Person, call: Caller) -> None:
    async def refused(**parameters: Any) -> str:
        answer = await call("editMessageText", **{"chat_id": 5, "message_id": 1, "text": "a", **parameters})
        assert answer["error_code"] == 400
        return str(answer["description"]).removeprefix("Bad Request: ")

    await call("sendMessage", chat_id=5, text="a")
    anna.says("b")
    assert (await refused()).startswith("message is not modified: specified new message content and")
    assert (await refused(text="<i></i>a ", parse_mode="HTML")).startswith("message is not modified")
    assert await refused(text="x" * 4097) == "MESSAGE_TOO_LONG"
    assert await refused(message_id=9) == "message to edit not found"
    assert await refused(message_id=2) == "message can't be edited"
    assert await refused(chat_id=6) == "chat not found"
    markup = await call("editMessageReplyMarkup", chat_id=5, message_id=1)
    assert "message is not modified" in markup["description"]
    unnamed = await call("editMessageText", chat_id=5, text="b")
    assert unnamed["description"] == "Bad Request: message identifier is not specified"
    assert (await call("editMessageText", text="b"))["description"] == "Bad Request: chat_id is empty"


async def test_a_file_has_no_text_to_edit(anna: Person, call: Caller, bot_api: BotApi) -> None:
    known = bot_api.cloud.keep(Upload("a.pdf", "application/pdf", b"%PDF"))
    await call("sendDocument", chat_id=5, document=known, caption="报告")
    answer = await call("editMessageText", chat_id=5, message_id=1, text="b")
    assert answer["description"] == "Bad Request: there is no text in the message to edit"
    long = await call("sendDocument", chat_id=5, document=known, caption="x" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"
    unknown = await call("sendPhoto", chat_id=5, photo="AAA")
    assert unknown["description"] == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_deleting(anna: Person, call: Caller) -> None:
    anna.says("a")
    assert (await call("deleteMessage", chat_id=5, message_id=1))["ok"]
    again = await call("deleteMessage", chat_id=5, message_id=1)
    assert again["description"] == "Bad Request: message to delete not found"


async def test_callback_queries(bot_api: BotApi, anna: Person, call: Caller) -> None:
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    await call("sendMessage", chat_id=5, text="a", reply_markup=keyboard([button(callback_data="d")]))
    query = anna.taps("x").content["id"]
    assert (await call("answerCallbackQuery", callback_query_id="1"))["description"] == too_old
    long = await call("answerCallbackQuery", callback_query_id=query, text="好" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=query, text="好" * 200))["ok"]
    bot_api.expire_queries()
    assert (await call("answerCallbackQuery", callback_query_id=query))["description"] == too_old
    later = anna.taps("x").content["id"]
    bot_api.cloud.query_lifetime = 0
    assert (await call("answerCallbackQuery", callback_query_id=later))["description"] == too_old


async def test_blocked(bot_api: BotApi, anna: Person, call: Caller) -> None:
    anna.blocks()
    forbidden = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    assert await call("sendMessage", chat_id=5, text="a") == forbidden
    assert await call("sendChatAction", chat_id=5, action="typing") == forbidden
    anna.unblocks()
    assert (await call("sendMessage", chat_id=5, text="a"))["ok"]
    group = anna.in_group(-7)
    group.blocks()
    kicked = await call("sendMessage", chat_id=-7, text="a")
    assert kicked["description"] == "Forbidden: bot was kicked from the group chat"


def commands(name: str = "start", description: str = "开始", times: int = 1) -> list[dict[str, str]]:
    return [{"command": name, "description": description}] * times


PROFILE: list[tuple[str, dict[str, Any], str]] = [
    ("setMyCommands", {"commands": commands(times=101)}, "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", {"commands": commands("Start")}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": commands("开始")}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": commands("x" * 33)}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": commands(description="")}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": commands(description="x" * 257)}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [], "language_code": "zh-hans"}, "invalid language code specified"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 6}}, "chat not found"),
    ("setMyDescription", {"description": "x" * 513}, "description is too long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "short description is too long"),
    ("setChatMenuButton", {"chat_id": 6}, "chat not found"),
    ("sendChatAction", {"chat_id": 5, "action": "dance"}, "wrong parameter action in request"),
    ("setWebhook", {"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    (
        "setWebhook",
        {"url": "https://a.cn", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
]


@pytest.mark.parametrize(("method", "parameters", "reason"), PROFILE)
async def test_profile_and_the_rest(
    anna: Person, call: Caller, method: str, parameters: dict[str, Any], reason: str
) -> None:
    answer = await call(method, **parameters)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")
