"""A person on Telegram: what she does becomes updates for the bot, and she sees her chat."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.botapi.chats import Chat, Message, Version
from tests.botapi.cloud import Cloud
from tests.botapi.contents import CONTACT, LOCATION, PHOTO, STICKER, VOICE, document
from tests.botapi.entities import Formatted, units
from tests.botapi.keyboards import Button
from tests.botapi.methods import Json
from tests.botapi.updates import Update
from tests.botapi.watching import Wanted, wait, wait_in_loop

COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@\w+)?")
PATIENCE = 5.0
BLOCKED = "bot was blocked by the user"
KICKED = "bot was kicked from the group chat"


class Person:
    """Somebody in one chat: her own with the bot, or a group (in_group)."""

    def __init__(self, cloud: Cloud, user: Json, chat: Chat) -> None:
        self.cloud = cloud
        self.user = user
        self.chat = chat
        self._acted = -1

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def name(self) -> str:
        return str(self.user["first_name"])

    def in_group(self, group_id: int = -1001, title: str = "group") -> "Person":
        """Return the same person in a group that has the bot. The bot hears all that is said there."""
        chat = self.cloud.chat(group_id, "group", title)
        chat.known = True
        return Person(self.cloud, self.user, chat)

    def says(self, text: str) -> Update:
        return self._sends(Formatted(text, _commands(text)))

    def starts(self, payload: str = "") -> Update:
        return self.says(f"/start {payload}".strip())

    def sends_sticker(self) -> Update:
        return self._sends(content=STICKER)

    def sends_photo(self, caption: str = "") -> Update:
        return self._sends(Formatted(caption), PHOTO)

    def sends_voice(self) -> Update:
        return self._sends(content=VOICE)

    def sends_location(self) -> Update:
        return self._sends(content=LOCATION)

    def sends_contact(self) -> Update:
        return self._sends(content={"contact": {**CONTACT, "first_name": self.name, "user_id": self.id}})

    def sends_document(self, name: str = "report.pdf", caption: str = "") -> Update:
        return self._sends(Formatted(caption), document(name))

    def edits(self, message: Message | Update, text: str) -> Update:
        """Edit a message of hers."""
        edited = _message_of(message)
        with self._acting():
            self.chat.change(edited, Version(Formatted(text, _commands(text))))
            return self.cloud.updates.add("edited_message", edited.as_json(), self.chat.id, edited)

    def taps(self, button: str, on: Message | None = None) -> Update:
        """Tap the button with this label or data: on the newest message that shows it, or on a given one."""
        with self._acting():
            shown = [on] if on is not None else reversed(self.chat.bot_messages)
            for message in shown:
                found = message.button(button)
                if found is not None and not message.deleted:
                    return self._taps(message, found)
        raise AssertionError(f'no button "{button}" is shown to {self.name}:\n{self.chat.transcript()}')

    def taps_old(self, message: Message, button: str, *, inaccessible: bool = False) -> Update:
        """Tap a button that the message showed once, as from a phone that lags. `inaccessible`: the bot gets the
        message without its content, as it does for very old ones."""
        with self._acting():
            found = message.button(button, ever=True)
            if found is None:
                raise AssertionError(f'message #{message.id} never had "{button}":\n{self.chat.transcript()}')
            return self._taps(message, found, inaccessible=inaccessible)

    def taps_data(self, message: Message, data: str) -> Update:
        """Send what no shown button may carry, as a foreign client can."""
        with self._acting():
            return self._taps(message, Button("?", data))

    def blocks(self) -> Update:
        """Block the bot, or throw it out of the group; what it sends is then refused with 403."""
        private = self.chat.kind == "private"
        return self._membership("member", "kicked", BLOCKED if private else KICKED)

    def unblocks(self) -> Update:
        return self._membership("kicked", "member", None)

    def waits_for(self, wanted: Wanted, within: float = PATIENCE, *, anew: bool = False) -> Any:
        """Wait until the bot's messages show a text (returns the newest such Message), or until a function of the
        chat returns something true (returns that). `anew`: only messages sent or edited since she last acted.

        Raises NotSeenError, an AssertionError with the transcript. Not for tests that run the bot in their own loop.
        """
        return wait(self.chat, wanted, within, self._acted if anew else -1)

    async def will_see(self, wanted: Wanted, within: float = PATIENCE, *, anew: bool = False) -> Any:
        """waits_for, for tests that run the bot in their own event loop."""
        return await wait_in_loop(self.chat, wanted, within, self._acted if anew else -1)

    def answers(self) -> list[Message]:
        """The bot's messages that came or changed since she last acted."""
        return [each for each in self.chat.bot_messages if each.changed > self._acted]

    @contextmanager
    def _acting(self) -> Iterator[None]:
        """Under the lock; what the bot shows afterwards is an answer to this act."""
        with self.cloud.lock:
            self.chat.known = True
            yield
            self._acted = self.chat.revision

    def _sends(self, said: Formatted = Formatted(""), content: Json = None) -> Update:  # noqa: B008 - frozen
        with self._acting():
            message = self.chat.post(self.user, Version(said), content)
            return self.cloud.updates.add("message", message.as_json(), self.chat.id, message)

    def _taps(self, message: Message, button: Button, *, inaccessible: bool = False) -> Update:
        if button.data is None:
            raise AssertionError(f'"{button.label}" opens {button.url}: the bot does not hear of it')
        self.chat.note(f"{self.name} taps [{button.label}] on #{message.id}")
        about = message.as_json()
        if inaccessible:
            about = {"chat": about["chat"], "message_id": message.id, "date": 0}
        query = {
            "id": self.cloud.ask(self.chat),
            "from": self.user,
            "message": about,
            "chat_instance": str(self.chat.id),
            "data": button.data,
        }
        return self.cloud.updates.add("callback_query", query, self.chat.id, message)

    def _membership(self, before: str, after: str, refusal: str | None) -> Update:
        with self._acting():
            self.chat.refusal = refusal
            self.chat.note(f"{self.name}: the bot is {after} now")
            change = {
                "chat": self.chat.as_json(),
                "from": self.user,
                "date": int(time.time()),
                "old_chat_member": self._member(before),
                "new_chat_member": self._member(after),
            }
            return self.cloud.updates.add("my_chat_member", change, self.chat.id)

    def _member(self, status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": self.cloud.me, **until}


def _message_of(told: Message | Update) -> Message:
    message = told.message if isinstance(told, Update) else told
    if message is None:
        raise AssertionError("this update is not about a message")
    return message


def _commands(text: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"type": "bot_command", "offset": units(text[: each.start()]), "length": units(each[0])}
        for each in COMMAND.finditer(text)
    )
