"""What the console shows of a bulletin is what Telegram gets: the same pieces, HTML and buttons."""

from bot.telegram.markup import LONGEST
from bot.telegram.showing import as_shown
from flows.announcing import Letter, announce
from flows.audience import Concerned, Recipient
from flows.channel import Place
from models.session import Database
from tests.bot.telegram.serving import make
from tests.botapi.api import BotApi

CHANGE = {
    "title": "重大技术改造示范项目补助",
    "before": {"verdict": "ineligible", "amount": None},
    "after": {"verdict": "conditional", "amount": "600万元"},
    "why": ["技改项目总投资：4000万元，要求 3000万元以上（含）"],
    "cited": "摘要H4、第18条",
}
LIKE = Recipient(
    1,
    1,
    "telegram",
    "1",
    is_weekly=False,
    firms=tuple(Concerned(n, f"企业<{n}>", 2025, n, (CHANGE,)) for n in range(40)),
)


async def test_the_preview_is_what_goes_over_the_wire(published: Database, bot_api: BotApi) -> None:
    person = bot_api.person()
    person.says("/start")
    reply = announce(Letter("result", "门槛 < 以前", "从 **5000万** 到 3000万 & 以下。", "0" * 32), LIKE)
    shown = as_shown(reply)
    assert len(shown.pieces) > 1
    service = make(published, bot_api)
    async with service.running():
        await person.will_see("同意")
        seen = len(person.chat.bot_messages)
        await service.channel.send(str(person.chat.id), reply, Place())
    calls = bot_api.calls_of("sendMessage", person.chat.id)[seen:]
    assert [call.parameters["text"] for call in calls] == [piece.sent for piece in shown.pieces]
    texts = person.chat.texts[seen:]
    assert [piece.size for piece in shown.pieces] == [len(text) for text in texts]
    assert all(piece.size <= piece.most == LONGEST for piece in shown.pieces)
    rows = tuple(tuple(button.label for button in row) for row in person.chat.newest.rows)
    assert rows == shown.buttons == (("看我的结果", "退订这类"),)


async def test_the_same_words_to_many_and_others_between_them(published: Database, bot_api: BotApi) -> None:
    news, other = (
        announce(Letter("policy", title, "正文", "0" * 32), LIKE) for title in ("甲办法", "乙办法")
    )
    first, people = bot_api.person(), [bot_api.person(met=True) for _ in range(4)]
    first.says("/start")
    service = make(published, bot_api)
    async with service.running():
        await first.will_see("同意")
        for person, reply in zip(people, (news, news, other, news), strict=True):
            await service.channel.send(str(person.chat.id), reply, Place())
    told = ["甲办法" in person.chat.texts[0] for person in people]
    assert told == [True, True, False, True]
    assert "乙办法" in people[2].chat.texts[0]
