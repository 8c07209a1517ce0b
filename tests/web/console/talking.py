"""An owner who talks while advisors work: their messages go straight into the interview, on the console's own database."""

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from flows.interview import receive, reply_of
from flows.messages import Incoming, Operator, Reply
from flows.render import render
from models.outbox import Message
from models.sending import waiting
from tests.sent import mark_sent
from tests.web.console.world import World

WHOLE_TALK = (
    *("开始", "同意", "河南", "12亿", "有", "有", "牵头", "有", "8000万", "7000万", "不确定", "没有"),
    *("洛阳", "洛阳轴研精密机械有限公司", "跳过"),
)


class Owner:
    """One owner on one channel."""

    def __init__(self, world: World, address: str = "9001", channel: str = "telegram") -> None:
        self.world, self.address, self.channel = world, address, channel
        self._keys = count(1)
        self.shown: list[Reply] = []

    def says(self, text: str | None = None, choice: str | None = None) -> str:
        """Say or tap something; what came back, in words."""
        self.world.later(seconds=1)
        key = f"{self.address}-{next(self._keys)}"
        incoming = Incoming(self.channel, self.address, key, self.world.now, text, choice)
        editions = self.world.frame.editions
        promise = self.world.database.turn(lambda c: receive(c, editions, Operator("某某中心"), incoming))
        assert promise is not None
        self._seen(promise.message_id, promise.reply)
        return render(promise.reply)

    def tells_all(self, *talk: str) -> None:
        for said in talk or WHOLE_TALK:
            self.says(said)

    def receives(self) -> list[str]:
        """What came unasked since, in words."""
        found: list[Message] = self.world.database.read(
            lambda c: waiting(c, self.channel, 0, 100, address=self.address)
        )
        told = []
        for message in found:
            reply = reply_of(message)
            assert reply is not None
            self._seen(message.id, reply)
            told.append(render(reply))
        return told

    def _seen(self, message_id: int, reply: Reply) -> None:
        self.shown.append(reply)
        self.world.later(milliseconds=1)
        self.world.database.turn(lambda c: mark_sent(c, message_id, self.world.now + timedelta(days=1)))


def act(world: World, case: str, name: str, **form: str) -> Any:
    """Press a button on a case's page, on the state of it that the page shows."""
    page = world.client.get(f"/console/cases/{case}")
    assert page.status_code == 200, page.text
    return world.client.post(f"/console/cases/{case}/{name}", data={"seen": seen(page.text), **form})


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def newest_case(world: World, query: str = "") -> str:
    """The first case on the list."""
    page = world.client.get(f"/console/cases?{query}")
    found = re.search(r'/console/cases/([0-9a-f]{32})"', page.text)
    assert found, page.text
    return found[1]


Told = Mapping[str, Any]
