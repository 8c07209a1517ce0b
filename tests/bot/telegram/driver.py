"""A person on Telegram who plays the golden conversations: types, taps what is shown, taps what was shown once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.telegram.buttons import pack, unpack
from bot.telegram.service import Service
from flows.messages import Choice, Operator, Reply
from models.sending import waiting
from models.session import Database
from tests.bot.telegram.serving import Clock, Ear, until
from tests.botapi.api import BotApi
from tests.botapi.chats import Message
from tests.botapi.people import Person
from tests.botapi.updates import Update
from tests.conversations.playing import Told
from tests.conversations.script import Turn


@dataclass(frozen=True, slots=True)
class Shown:
    """What came back once: the reply, the message that showed it, and its buttons by choice."""

    reply: Reply
    message: Message
    buttons: Mapping[str, str]


class OverTelegram:
    can = frozenset({"buttons", "clock", "operator", "people"})

    def __init__(self, database: Database, api: BotApi, service: Service, clock: Clock) -> None:
        self.database, self._api, self._service, self._clock = database, api, service, clock
        assert isinstance(service.channel, Ear)
        self._ear = service.channel
        self._people = {"owner": api.person(name="老王")}
        self._shown: dict[str, list[Shown]] = {}
        self._by_key: dict[str, tuple[Update, Told]] = {}

    def say(self, turn: Turn) -> Told:
        self._clock.forward(timedelta(days=turn.days_later, minutes=1))
        if turn.operator is not None:
            self._service.dispatcher.operator = Operator(turn.operator)
        if turn.key in self._by_key:
            return self._again(str(turn.key))
        person = self._person(turn.by)
        heard, seen = len(self._heard_by(person)), len(person.chat.messages)
        update = self._act(turn, person)
        until(lambda: len(self._heard_by(person)) > heard and self._all_sent() and self._ear.is_at_rest)
        told = self._told(turn.by, person, seen)
        self._by_key[turn.key or f"{update.id}"] = (update, told)
        return told

    def shown_to(self, person: str) -> str:
        return "\n".join(each.text for each in self._person(person).chat.bot_messages)

    def _person(self, name: str) -> Person:
        if name not in self._people:
            self._people[name] = self._api.person(name=name)
        return self._people[name]

    def _heard_by(self, person: Person) -> list[tuple[Reply, str | None]]:
        return [(reply, shown) for address, reply, shown in self._ear.heard if address == str(person.chat.id)]

    def _again(self, key: str) -> Told:
        """Delivered twice: nothing new may be said."""
        update, told = self._by_key[key]
        person = self._people["owner"]
        before = person.chat.transcript()
        self._api.redeliver(update)
        until(lambda: not self._api.pending and self._all_sent())
        assert person.chat.transcript() == before
        return told

    def settle(self) -> None:
        until(self._all_sent)

    def _all_sent(self) -> bool:
        return not self.database.read(lambda c: waiting(c, "telegram", 0, 1))

    def _act(self, turn: Turn, person: Person) -> Update:
        replies = self._shown.get(turn.by, [])
        if turn.say is not None:
            return person.says(turn.say)
        if turn.label is not None:
            return person.taps(turn.label, replies[-1].message)
        choice = str(turn.choose)
        hung_on = next(
            (each for each in reversed(replies) if turn.button_of in {None, each.reply.fact}), None
        )
        if hung_on is None:
            return person.says(f"/{choice}")
        data = hung_on.buttons.get(choice) or pack(hung_on.reply, Choice(choice, "?"))
        return person.taps_data(hung_on.message, str(data))

    def _told(self, name: str, person: Person, seen: int) -> Told:
        reply, shown = self._heard_by(person)[-1]
        message = next(each for each in person.chat.bot_messages if str(each.id) == shown)
        parts = [each for each in person.chat.messages[seen:] if each.by_bot] or [message]
        buttons = {unpack(button.data).choice: button for button in message.buttons}
        self._shown.setdefault(name, []).append(
            Shown(reply, message, {key: str(button.data) for key, button in buttons.items()})
        )
        return {
            "kind": reply.kind,
            "fact": reply.fact,
            "choices": [{"key": key, "label": button.label} for key, button in buttons.items()],
            "text": "\n\n".join(each.text for each in parts),
            "result": reply.result,
        }
