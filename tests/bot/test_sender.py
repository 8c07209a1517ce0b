"""The sender by itself: whose a reply is, when it is given up, what a refusal ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.outgoing import LEASE
from bot.sender import Sender
from flows.channel import Place, Undeliverable
from flows.interview import Promise
from flows.messages import Reply
from models.outbox import NewMessage, outbox, put
from models.person import find_account
from models.sending import take
from models.session import Database
from tests.bot.telegram.serving import until_in_loop
from tests.conversations.in_process import START

REPLY = Reply("notice", "group")


class Line:
    """A channel that does what it is told: what it sent, and what it raises next."""

    def __init__(self, *raises: Exception) -> None:
        self.sent: list[str] = []
        self.places: list[Place] = []
        self.raises = list(raises)

    async def send(self, address: str, reply: Reply, place: Place) -> str | None:  # noqa: ARG002  the port's signature
        self.places.append(place)
        if self.raises:
            raise self.raises.pop(0)
        self.sent.append(address)
        return str(len(self.sent))


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The clock; the sender loses no time between two tries."""
    monkeypatch.setattr("bot.sender.random.uniform", lambda *_: 0.0)
    return [START]


@asynccontextmanager
async def sending(database: Database, line: Line, now: list[datetime]) -> AsyncIterator[Sender]:
    sender = Sender(database, "web", line, lambda: now[0])
    await sender.start()
    yield sender
    await sender.stop(1)


def promised(database: Database, at: datetime, key: str = "1", *, leased: bool = True) -> Promise:
    until = at + LEASE if leased else None
    message = NewMessage("web", "a", key, REPLY.kind, REPLY.to_json(), lease_until=until)
    return Promise(database.turn(lambda c: put(c, message, at)), REPLY)


def states(database: Database) -> list[str]:
    return list(database.read(lambda c: c.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars()))


async def test_what_waited_longer_than_its_lease_is_taken_anew(
    database: Database, now: list[datetime]
) -> None:
    line = Line()
    async with sending(database, line, now) as sender:
        promise = promised(database, START)
        now[0] += LEASE
        assert database.turn(lambda c: take(c, promise.message_id, now[0], now[0] + LEASE)) == 2
        sender.hand(promise, "a", None, START)
        await asyncio.sleep(0.1)
        assert line.sent == []  # somebody else has it
        late = promised(database, START, "2")
        sender.hand(late, "a", None, START)
        await until_in_loop(lambda: line.sent)
    assert states(database) == ["sending", "sent"]
    assert database.read(lambda c: c.execute(select(outbox.c.attempts)).scalars().all()) == [2, 2]


async def test_what_breaks_unforeseen_is_tried_a_few_times(database: Database, now: list[datetime]) -> None:
    line = Line(KeyError("result"), KeyError("result"))
    async with sending(database, line, now) as sender:
        sender.hand(promised(database, START), "a", None, START)
        await until_in_loop(lambda: line.sent)
        line.raises = [KeyError("result")] * 3
        sender.hand(promised(database, START, "2"), "a", None, START)
        await until_in_loop(lambda: states(database) == ["sent", "dead"])


async def test_the_day_until_it_is_given_up_goes_on_through_a_restart(
    database: Database, now: list[datetime]
) -> None:
    promised(database, START - timedelta(days=1, minutes=1), leased=False)
    promised(database, START - timedelta(hours=23), "2", leased=False)
    line = Line(*[Undeliverable("502", permanent=False)] * 2)
    async with sending(database, line, now):
        await until_in_loop(lambda: line.sent)
    assert states(database) == ["dead", "sent"]


async def test_what_was_shown_is_told_to_the_next_try(database: Database, now: list[datetime]) -> None:
    line = Line(*(Undeliverable("502", permanent=False, shown=shown) for shown in (2, 0, 3)))
    async with sending(database, line, now) as sender:
        sender.hand(promised(database, START), "a", None, START)
        await until_in_loop(lambda: line.sent)
    assert [place.skip for place in line.places] == [0, 2, 2, 3]


async def test_a_refusal_gives_up_nothing_that_was_promised_later(
    database: Database, now: list[datetime]
) -> None:
    line = Line(Undeliverable("blocked", permanent=True, gone=True))
    async with sending(database, line, now) as sender:
        for key in ("1", "2"):
            sender.hand(promised(database, START, key), "a", None, START)
        await until_in_loop(lambda: line.sent)
        await until_in_loop(lambda: states(database) == ["dead", "sent"])
    assert database.read(lambda c: find_account(c, "web", "a")) is None


async def test_a_scan_that_fails_is_not_the_last(
    database: Database, now: list[datetime], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.sender._SCAN_SECONDS", 0.02)
    line = Line()
    async with sending(database, line, now) as sender:
        scan, errors = sender._scan, [ZeroDivisionError(), ZeroDivisionError()]

        async def fails(due_by: datetime | None) -> None:
            if errors:
                raise errors.pop()
            await scan(due_by)

        monkeypatch.setattr(sender, "_scan", fails)
        promised(database, START, leased=False)
        await until_in_loop(lambda: line.sent)
    assert "cannot be read" in caplog.text
