"""The shapes in which a call may come: query, form, multipart, JSON, JSON of strings."""

import json

import aiohttp
import pytest

from tests.botapi.api import BotApi

MARKUP = {"inline_keyboard": [[{"text": "同意", "callback_data": "yes"}]]}


@pytest.fixture
def url(bot_api: BotApi) -> str:
    bot_api.person(5, met=True)
    return f"{bot_api.url}/bot{bot_api.token}/"


async def test_a_form(bot_api: BotApi, url: str, session: aiohttp.ClientSession) -> None:
    form = {"chat_id": "5", "text": "12", "protect_content": "true", "reply_markup": json.dumps(MARKUP)}
    async with session.post(f"{url}sendMessage", data=form) as answer:
        assert (await answer.json())["result"]["reply_markup"] == MARKUP
    assert bot_api.calls[0].parameters == {
        "chat_id": 5,
        "text": "12",
        "protect_content": True,
        "reply_markup": MARKUP,
    }


async def test_json_of_values_and_json_of_strings(
    bot_api: BotApi, url: str, session: aiohttp.ClientSession
) -> None:
    native = {"chat_id": 5, "text": "a", "reply_markup": MARKUP}
    strings = {"chat_id": "5", "text": "a", "reply_markup": json.dumps(MARKUP)}
    for body in (native, strings):
        async with session.post(f"{url}sendMessage", json=body) as answer:
            assert answer.status == 200
    first, second = bot_api.calls
    assert first.parameters == second.parameters == native


async def test_a_query(url: str, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{url}sendMessage?chat_id=5&text=x") as answer:
        assert (await answer.json())["result"]["text"] == "x"


@pytest.mark.parametrize("named", [True, False])
async def test_a_file_comes_under_its_parameter_or_attached(
    bot_api: BotApi, url: str, session: aiohttp.ClientSession, named: bool
) -> None:
    form = aiohttp.FormData({"chat_id": "5", "caption": "报告"})
    form.add_field(
        "document" if named else "part7", b"%PDF", filename="a.pdf", content_type="application/pdf"
    )
    if not named:
        form.add_field("document", "attach://part7")
    async with session.post(f"{url}sendDocument", data=form) as answer:
        result = (await answer.json())["result"]
    assert result["document"]["file_name"] == "a.pdf"
    upload = bot_api.cloud.chats[5].newest.upload
    assert upload is not None
    assert (upload.mime, upload.content) == ("application/pdf", b"%PDF")


async def test_a_part_with_a_type_of_its_own(
    bot_api: BotApi, url: str, session: aiohttp.ClientSession
) -> None:
    form = aiohttp.FormData({"chat_id": "5", "text": "x"})
    form.add_field("reply_markup", json.dumps(MARKUP), content_type="application/json")
    async with session.post(f"{url}sendMessage", data=form) as answer:
        assert answer.status == 200
    assert bot_api.calls[0].parameters["reply_markup"] == MARKUP


async def test_what_is_no_json_is_a_violation(
    bot_api: BotApi, url: str, session: aiohttp.ClientSession
) -> None:
    for body in ("{", "[]"):
        headers = {"Content-Type": "application/json"}
        async with session.post(f"{url}sendMessage", data=body, headers=headers) as answer:
            assert answer.status == 400
    assert len(bot_api.forgive()) == 2


async def test_a_wrong_token_is_401(bot_api: BotApi, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{bot_api.url}/bot1:wrong/getMe") as answer:
        assert (answer.status, await answer.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
    assert bot_api.forgive() == ["wrong token at getMe"]
