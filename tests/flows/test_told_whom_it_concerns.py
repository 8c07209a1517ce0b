"""The whole way: a lower gate is tried out, published, and told to exactly those it changes and who asked; once, with their amounts."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

import pytest

from benchmarks.reassess import NOON, seeds
from bot.broadcaster import Broadcaster
from flows import broadcasting
from flows.audience import Audience, Readership
from flows.broadcasting import Hand
from flows.bulletins import finish_sent, may_go_out
from flows.channel import Place
from flows.composing import Composed, FaultyError, Text
from flows.concerned import count
from flows.editions import Editions
from flows.laying_out import lay_out
from flows.messages import Reply
from flows.render import render
from models.audit import acts_on
from models.bulletin import Bulletin
from models.changes import changes_of
from models.delivered import delivery_counts
from models.pace import Rate
from models.session import Database
from policy.load import SHIPPED, load_edition
from tests.bot.telegram.serving import until_in_loop
from tests.bot.test_broadcaster import Clock
from tests.flows.subscribed import expected, fill, lowered_and_reassessed

TEXT = Text("result", "您的结果变了", "技改补助的门槛降低了。")
SIZES = [400, pytest.param(10_000, marks=pytest.mark.slow)]


class Line:
    """A channel that notes what it sent to whom."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Reply]] = []

    async def send(self, address: str, reply: Reply, _place: Place) -> str | None:
        self.sent.append((address, reply))
        return str(len(self.sent))


@pytest.mark.parametrize("size", SIZES)
async def test_a_lower_gate_is_told_to_exactly_the_subscribed_ones_among_those_it_changes(
    database: Database, size: int
) -> None:
    firms = list(seeds(load_edition(SHIPPED), size, Random(97)))
    fill(database, firms)
    concerned = {n: told for n in range(1, size + 1) if (told := expected(firms[n % size].facts)) is not None}
    assert len(concerned) > size / 60
    tried, run = lowered_and_reassessed(database)
    for each in (tried, run):
        found = database.read(lambda c, each=each: changes_of(c, each, limit=size))  # type: ignore[misc]  # this pass's value
        assert {change.assessment_id for change in found} == concerned.keys()
    with pytest.raises(FaultyError, match="published"):
        _released(database, tried)
    released = _released(database, run)
    line = Line()
    await _sent(database, released, line)
    assert sorted(address for address, _ in line.sent) == sorted(str(n) for n in concerned if n % 2 == 0)
    for address, reply in line.sent:
        _tells(reply, *concerned[int(address)], firms[int(address) % size].facts)
    counts = database.read(lambda c: delivery_counts(c, released.id))
    assert counts == {"sent": len(line.sent)}
    later = NOON + timedelta(hours=2)
    assert not database.turn(lambda c: lay_out(c, Editions(), later)), "nobody gets it twice"
    database.turn(lambda c: finish_sent(c, later))
    assert database.read(lambda c: may_go_out(c, later)) == []


def _released(database: Database, run: int) -> Bulletin:
    editions, audience = Editions(), Audience(changed_by=run)
    zhang, li = Hand("张工", "command", NOON), Hand("李工", "command", NOON)
    made = database.turn(lambda c: broadcasting.write(c, editions, Composed(TEXT, audience), zhang))
    number = database.read(lambda c: count(c, editions, Readership(made.topic, audience)))
    released = database.turn(lambda c: broadcasting.release(c, editions, made, number, li))
    acts = database.read(lambda c: acts_on(c, "bulletin", made.public_id))
    assert [each.action for each in acts] == ["bulletin.release", "bulletin.write"]
    assert acts[0].detail == {"recipients": number}
    while database.turn(lambda c: lay_out(c, editions, NOON + timedelta(seconds=1))):
        pass
    return released


async def _sent(database: Database, released: Bulletin, line: Line) -> None:
    now = Clock(NOON + timedelta(seconds=2))
    broadcaster = Broadcaster(database, "telegram", line, now, rate=Rate(100_000, 20_000))
    broadcaster.start()
    await until_in_loop(lambda: set(database.read(lambda c: delivery_counts(c, released.id))) == {"sent"})
    await broadcaster.stop(2)


def _tells(reply: Reply, verdict: str, amount: str | None, facts: Mapping[str, object]) -> None:
    (firm,) = reply.data["firms"]
    (change,) = firm["changes"]
    assert change["after"] == {"verdict": verdict, "amount": amount}, facts
    assert change["before"]["amount"] is None
    words = render(reply)
    assert "重大技术改造示范项目补助" in words
    assert "摘要H4" in words
    assert amount is None or amount in words
