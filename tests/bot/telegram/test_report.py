"""A report on Telegram: words, picture and document, each shown once whatever goes wrong, and never silence."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.telegram.service import Service
from flows import printing
from models.outbox import outbox
from models.session import Database
from tests.bot.telegram.serving import agrees, make, until_in_loop
from tests.botapi.api import BotApi
from tests.botapi.chats import Message
from tests.botapi.people import Person


@pytest.fixture
async def service(published: Database, bot_api: BotApi) -> AsyncIterator[Service]:
    made = make(published, bot_api)
    async with made.running():
        yield made


@pytest.fixture
async def owner(service: Service, bot_api: BotApi) -> Person:
    person = bot_api.person()
    agrees(person)
    for words in ("郑州", "3.2亿", "有", "没有", "没有"):
        person.says(words)
    await person.will_see("自测结果", 10)
    return person


def with_file(person: Person) -> list[Message]:
    return [each for each in person.chat.bot_messages if each.upload is not None]


async def test_the_picture_and_the_document_follow_the_words(owner: Person, bot_api: BotApi) -> None:
    owner.taps("要报告")
    await owner.will_see("PDF：一页 A4", 15)
    words, picture, document = owner.chat.bot_messages[-3:]
    assert "报告做好了" in words.text
    assert picture.upload is not None
    assert document.upload is not None
    assert picture.upload.content.startswith(b"\x89PNG")
    assert picture.content["photo"][0]["width"] == printing.PNG_WIDTH
    assert document.upload.content.startswith(b"%PDF")
    assert document.upload.name.startswith("创新阶梯自测报告-2025-")
    assert document.upload.name.endswith(".pdf")
    assert [bool(each.labels) for each in (words, picture, document)] == [False, False, True]
    code = document.upload.name.removesuffix(".pdf").split("2025-", 1)[1]
    assert code in words.text
    assert [call.method for call in bot_api.calls if call.chat == owner.id][-4:-1] != []
    owner.taps("改答案", document)
    await owner.will_see("改", 10)


async def test_what_was_shown_is_not_sent_again_when_the_rest_fails(
    owner: Person, bot_api: BotApi, published: Database
) -> None:
    bot_api.faults.error(502, method="sendDocument")
    bot_api.faults.flood(1, method="sendPhoto")
    owner.says("要报告")
    await owner.will_see("PDF：一页 A4", 20)
    assert sum("报告做好了" in text for text in owner.chat.texts) == 1
    assert len(with_file(owner)) == 2
    await until_in_loop(lambda: set(states(published)) == {"sent"})


async def test_a_picture_that_is_refused_becomes_a_line_and_the_document_comes(
    owner: Person, bot_api: BotApi, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    print_it = printing.printed
    monkeypatch.setattr(
        "bot.telegram.pieces.printed",
        lambda paper, form: b"no picture" if form == "png" else print_it(paper, form),
    )
    owner.says("要报告")
    await owner.will_see("PDF：一页 A4", 15)
    assert any("图片没能发出来" in text for text in owner.chat.texts)
    assert len(with_file(owner)) == 1
    assert "ALARM" in caplog.text
    assert bot_api.violations == []


async def test_a_report_that_cannot_be_printed_is_words_with_buttons(
    owner: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_paper: object, _form: object) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr("bot.telegram.pieces.printed", breaks)
    owner.says("要报告")
    await owner.will_see("PDF 没能发出来", 15)
    assert "看结果" in owner.chat.newest.labels
    assert "ALARM" in caplog.text


async def test_without_the_extra_the_words_say_so(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "find_spec", lambda _name: None)
    owner.says("要报告")
    await owner.will_see("这里现在做不出图片和 PDF", 15)
    assert with_file(owner) == []
    assert "看结果" in owner.chat.newest.labels


def states(database: Database) -> list[str]:
    return list(database.read(lambda c: c.execute(select(outbox.c.state)).scalars()))
