"""The channel without a channel: a person's messages straight into the interview, with buttons that stay and a clock."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from flows.editions import HENAN, Editions
from flows.interview import Promise, receive
from flows.messages import Incoming, Operator, Reply
from flows.render import render
from models.edition import publish_files
from models.sending import waiting
from models.session import Database
from policy.gathering import read_folder
from policy.load import SHIPPED, parse_edition
from tests.conversations.playing import Told
from tests.conversations.script import Turn
from tests.sent import mark_sent

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


OPERATOR = Operator("河南某某咨询", "0371-00000000")


@cache
def _shipped() -> tuple[Mapping[str, str], date]:
    files = read_folder(SHIPPED)
    since = parse_edition(files).valid.since
    assert since is not None
    return files, since


@cache
def editions() -> Editions:
    """Shared by all tests: in each of their databases the shipped edition is the first and only one."""
    return Editions()


def publish(database: Database) -> None:
    """Put the shipped edition in force, without reading its files anew for every test."""
    files, since = _shipped()
    assert database.turn(lambda c: publish_files(c, HENAN, files, since, START)) == 1


class InProcess:
    """The people of a talk. Every choice is tapped on the latest reply to who taps, unless the turn names an older one."""

    can = frozenset({"buttons", "clock", "operator", "people"})

    def __init__(self, database: Database, sender: str = "laowang@luoyang") -> None:
        self.database = database
        self.operator = OPERATOR
        self._sender = sender
        self._now = START
        self._keys = (f"key-{number}" for number in count(1))
        self._replies: dict[str, list[Reply]] = {}
        self._told: dict[str, Told] = {}

    def say(self, turn: Turn) -> Told:
        self._now += timedelta(days=turn.days_later, minutes=1)
        if turn.operator is not None:
            self.operator = Operator(turn.operator)
        key = turn.key or next(self._keys)
        promise = self.take(self._incoming(turn, key))
        if promise is not None:
            self._told[key] = self._deliver(promise, turn.by)
        return self._told[key]

    def shown_to(self, person: str) -> str:
        """Unasked messages wait in the outbox until they are looked for here."""
        address = self._address(person)
        for message in self.database.read(lambda c: waiting(c, "test", 0, 100, address=address)):
            self._deliver(Promise(message.id, Reply.from_json(message.payload)), person)
        return "\n".join(render(reply) for reply in self._replies.get(person, []))

    def settle(self) -> None:
        """Every reply is marked before `say` returns it."""

    def take(self, incoming: Incoming) -> Promise | None:
        return self.database.turn(lambda c: receive(c, editions(), self.operator, incoming))

    def _address(self, person: str) -> str:
        return self._sender if person == "owner" else person

    def _incoming(self, turn: Turn, key: str) -> Incoming:
        choice = turn.choose if turn.label is None else self._labelled(turn.label, turn.by)
        button = self._button(turn) if choice is not None else None
        return Incoming(
            channel="test",
            sender=self._address(turn.by),
            key=key,
            at=self._now,
            text=turn.say,
            choice=choice,
            about=None if button is None else button.fact,
            revision=None if button is None else button.revision,
        )

    def _button(self, turn: Turn) -> Reply | None:
        replies = self._replies.get(turn.by, [])
        hung_on = (each for each in reversed(replies) if turn.button_of in {None, each.fact})
        return next(hung_on, None)

    def _labelled(self, label: str, person: str) -> str:
        return next(choice.key for choice in self._replies[person][-1].choices if choice.label == label)

    def _deliver(self, promise: Promise, person: str) -> Told:
        reply = promise.reply
        self._replies.setdefault(person, []).append(reply)
        self.database.turn(lambda c: mark_sent(c, promise.message_id, self._now))
        if promise.erased:
            self.database.scrub()
        return {
            "kind": reply.kind,
            "fact": reply.fact,
            "choices": [{"key": choice.key, "label": choice.label} for choice in reply.choices],
            "text": render(reply),
            "result": reply.result,
        }
