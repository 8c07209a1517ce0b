"""The table of methods against the whole Bot API, and calls against the table."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.botapi.api import BotApi
from tests.botapi.conftest import Caller
from tests.botapi.handling import HANDLERS
from tests.botapi.methods import METHOD_FIELDS, METHODS, OBJECT_FIELDS, TABLE, UNIONS, UPDATE_KINDS, Field

SPEC = Path(__file__).parents[3] / "shared" / "telegram" / "bot-api-spec.json"


@pytest.fixture(scope="module")
def spec() -> Any:
    if not SPEC.exists():
        pytest.skip("the whole Bot API as data is not here")
    return json.loads(SPEC.read_text(encoding="utf-8"))


def agree(place: str, ours: dict[str, Field], theirs: list[dict[str, Any]]) -> None:
    known = {each["name"]: each for each in theirs}
    assert ours.keys() <= known.keys(), place
    for name, field in ours.items():
        assert field.required == known[name]["required"], f"{place}.{name}"
        assert set(field.types) <= set(known[name]["types"]), f"{place}.{name}"
    assert {name for name, each in known.items() if each["required"]} <= ours.keys(), place


def test_table_is_the_bot_api_s(spec: Any) -> None:
    assert (TABLE["version"], TABLE["released"]) == (spec["version"], spec["release_date"])
    for method, ours in METHOD_FIELDS.items():
        agree(method, ours, spec["methods"][method].get("fields", []))
    for kind, ours in OBJECT_FIELDS.items():
        agree(kind, ours, spec["types"][kind].get("fields", []))
    for union, members in UNIONS.items():
        assert sorted(members.values()) == sorted(spec["types"][union]["subtypes"])
    assert {each["name"] for each in spec["types"]["Update"]["fields"]} - {"update_id"} == UPDATE_KINDS


def conforms(value: Any, kind: str, spec: Any) -> bool:
    """Whether a value is of the Bot API's type, down to its last field."""
    if kind.startswith("Array of "):
        return all(conforms(each, kind.removeprefix("Array of "), spec) for each in value)
    plain = {"Integer": int, "String": str, "Boolean": bool, "Float": float}
    if kind in plain:
        return type(value) is plain[kind]
    declared = spec["types"][kind]
    if "subtypes" in declared:
        return any(conforms(value, each, spec) for each in declared["subtypes"])
    fields = {each["name"]: each for each in declared["fields"]}
    return (
        value.keys() <= fields.keys()
        and {name for name, each in fields.items() if each["required"]} <= value.keys()
        and all(
            any(conforms(each, kind_of, spec) for kind_of in fields[name]["types"])
            for name, each in value.items()
        )
    )


def results(spec: Any, method: str) -> list[str]:
    return list(spec["methods"][method]["returns"])


async def test_updates_and_answers_are_as_the_bot_api_describes_them(
    spec: Any, bot_api: BotApi, call: Caller
) -> None:
    anna = bot_api.person(name="Anna")
    said = anna.says("/start 你好")
    for act in (anna.sends_sticker, anna.sends_photo, anna.sends_voice, anna.sends_location):
        act()
    anna.sends_contact()
    anna.sends_document()
    anna.edits(said, "再见")
    anna.in_group().says("大家好")
    button = {"text": "同意", "callback_data": "1", "style": "primary"}
    card = {"chat_id": anna.id, "text": "<b>好</b>", "parse_mode": "HTML"}
    markup = {"inline_keyboard": [[button]]}
    answers = [
        await call("getMe"),
        await call("sendMessage", **card, reply_markup=markup, reply_parameters={"message_id": 1}),
        await call("editMessageReplyMarkup", chat_id=anna.id, message_id=anna.chat.newest.id),
        await call("getWebhookInfo"),
    ]
    card_now = anna.chat.newest
    anna.taps_old(card_now, "同意")
    anna.taps_old(card_now, "同意", inaccessible=True)
    anna.blocks()
    anna.unblocks()
    answers.append(await call("getUpdates"))
    assert len(answers[-1]["result"]) == 13
    for answer, method in zip(answers, (each.method for each in bot_api.calls), strict=True):
        assert any(conforms(answer["result"], each, spec) for each in results(spec, method)), method


def test_each_method_of_the_table_is_served() -> None:
    assert {*HANDLERS, "getUpdates"} == set(METHODS)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 1}, "message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": 5}, "text is no String"),
    ("sendMessage", {"chat_id": 1.5, "text": "x"}, "chat_id is no"),
    ("sendMessage", {"chat_id": True, "text": "x"}, "chat_id is no"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "disable_web_page_preview": True},
        "no parameter disable_web",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "protect_content": "perhaps"},
        "protect_content is no Boolean",
    ),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"keyboard": []}}, "inline_keyboard"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [{"text": "x"}]}},
        "inline_keyboard[0] is no Array",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "pay": True}]]}},
        "InlineKeyboardButton in reply_markup.inline_keyboard[0][0] has no field pay here",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "entities": [{"type": "bold", "offset": "0", "length": 1}]},
        "entities[0].offset is no Integer",
    ),
    ("deleteMessage", {"chat_id": 1}, 'parameter "message_id" is required'),
    ("getUpdates", {"timeout": "soon"}, "timeout is no Integer"),
    ("getUpdates", {"allowed_updates": ["messages"]}, "no such updates"),
    ("setMyCommands", {"commands": [{"command": "a"}]}, "commands[0].description of BotCommand is missing"),
    ("setMyCommands", {"commands": [], "scope": {"type": "all"}}, "scope is no BotCommandScope"),
    ("sendPhoto", {"chat_id": 1, "photo": "attach://nothing"}, "nothing is attached as nothing"),
    ("sendPhoto", {"chat_id": 1, "photo": 7}, "a file is an upload or a string"),
]


@pytest.mark.parametrize(("method", "parameters", "reason"), WRONG)
async def test_what_no_bot_should_send_is_a_violation(
    bot_api: BotApi, call: Caller, method: str, parameters: dict[str, Any], reason: str
) -> None:
    answer = await call(method, **parameters)
    assert answer["error_code"] == 400
    assert reason in answer["description"]
    (found,) = bot_api.forgive()
    assert found.startswith(method)
    assert reason in found
    assert bot_api.calls[0].outcome == "refused"


async def test_an_unknown_method_or_token_is_a_violation(bot_api: BotApi, call: Caller) -> None:
    assert (await call("sendVideo", chat_id=1))["error_code"] == 404
    assert "sendVideo" in bot_api.violations[0]
    assert bot_api.token not in bot_api.forgive()[0]
