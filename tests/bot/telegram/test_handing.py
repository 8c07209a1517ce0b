"""Handing questions on over Telegram: the link, what stays of the code, and the news to the owner."""

import re

from models.session import Database
from tests.bot.telegram.serving import agrees, in_thread, make, until
from tests.botapi.api import BotApi
from tests.conversations.playing import dump

_LINK = re.compile(r"https://t\.me/ladder_bot\?start=(h_[A-Z2-9]{4}-[A-Z2-9]{4})\b")


def test_a_colleague_comes_by_the_link_and_the_owner_hears_of_it(
    published: Database, bot_api: BotApi
) -> None:
    owner, colleague = bot_api.person(name="老王"), bot_api.person(name="会计")
    with in_thread(make(published, bot_api)):
        agrees(owner)
        for said in ("河南", "得问财务", "让同事来答"):
            owner.says(said)
        told = owner.waits_for("把这个码发给同事").text
        found = _LINK.search(told)
        assert found is not None, told
        until(lambda: "hand-code" not in str(dump(published)["outbox"]))
        assert found[1].removeprefix("h_") not in str(dump(published))
        colleague.starts(found[1])
        colleague.waits_for("同事请您代答")
        colleague.says("同意")
        colleague.waits_for("营业收入是多少")
        colleague.says("3.2亿")
        colleague.waits_for("都答完了")
        owner.waits_for("同事答好了 1 题：营业收入 3.2亿元", within=10)
    assert {row["by_role"] for row in dump(published)["answer"] if row["slot"] == "revenue"} == {
        "owner",
        "colleague",
    }
