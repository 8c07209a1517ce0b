"""A chat as the person in it sees it: messages with their edits, buttons, toasts, typing, and a transcript."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.entities import Formatted
from tests.botapi.keyboards import Button, shown
from tests.botapi.methods import Json, Upload

ONE_LINE = 400


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said at one time."""

    said: Formatted
    keyboard: tuple[tuple[dict[str, Any], ...], ...] = ()


@dataclass(slots=True, eq=False)
class Message:
    """A message, live: an edit shows at once. `versions` holds all that it ever said, the newest last."""

    chat: "Chat"
    id: int
    sender: Json
    date: int
    versions: list[Version]
    changed: int
    content: Json = field(default_factory=dict)
    upload: Upload | None = None
    edited: int | None = None
    deleted: bool = False

    @property
    def by_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def text(self) -> str:
        return self.versions[-1].said.text

    @property
    def entities(self) -> tuple[dict[str, Any], ...]:
        return self.versions[-1].said.entities

    @property
    def rows(self) -> tuple[tuple[Button, ...], ...]:
        return shown(self.versions[-1].keyboard)

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def button(self, label: str, *, ever: bool = False) -> Button | None:
        """The button with this label or data: on the message now, or ever."""
        versions = reversed(self.versions) if ever else self.versions[-1:]
        found = (each for version in versions for row in shown(version.keyboard) for each in row)
        return next((each for each in found if label in {each.label, each.data}), None)

    def as_json(self) -> Json:
        """The Bot API's Message."""
        version = self.versions[-1]
        text = "caption" if self.content else "text"
        entities = "caption_entities" if self.content else "entities"
        body = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.as_json(),
            "date": self.date,
            text: version.said.text or None,
            entities: list(version.said.entities) or None,
            "edit_date": self.edited,
            "reply_markup": {"inline_keyboard": version.keyboard} if version.keyboard else None,
            **self.content,
        }
        return {name: value for name, value in body.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Toast:
    """What answerCallbackQuery showed: "" for only ending the button's spinner."""

    query: str
    text: str
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What sendChatAction showed, such as typing."""

    at: float
    name: str


class Chat:
    """One chat. The server's thread writes it, a test reads it; `wanted` is asked again after each change."""

    def __init__(self, chat_id: int, kind: str, name: str) -> None:
        self.id = chat_id
        self.kind = kind
        self.name = name
        self.known = False
        self.refusal: str | None = None
        self.revision = 0
        self.log: list[str] = []
        self.toasts: list[Toast] = []
        self.actions: list[Action] = []
        self.waiting_taps: set[str] = set()
        self._messages: dict[int, Message] = {}
        self._watchers: list[Callable[[], None]] = []

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "type": self.kind,
            "first_name" if self.kind == "private" else "title": self.name,
        }

    @property
    def messages(self) -> list[Message]:
        """What is to be seen now, the oldest first."""
        return [each for each in list(self._messages.values()) if not each.deleted]

    @property
    def bot_messages(self) -> list[Message]:
        return [each for each in self.messages if each.by_bot]

    @property
    def newest(self) -> Message:
        """The bot's newest message."""
        found = self.bot_messages
        if not found:
            raise AssertionError(f"the bot said nothing yet:\n{self.transcript()}")
        return found[-1]

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.bot_messages]

    def message(self, message_id: int) -> Message | None:
        found = self._messages.get(message_id)
        return None if found is None or found.deleted else found

    def transcript(self) -> str:
        """All that happened, a line each, in order."""
        return "\n".join(self.log)

    def post(
        self, sender: Json, said: Version, content: Json = None, upload: Upload | None = None
    ) -> Message:
        number = len(self._messages) + 1
        now = int(time.time())
        message = Message(self, number, sender, now, [said], self.revision + 1, content or {}, upload)
        self._messages[number] = message
        self.note(f"{self._who(message)} #{number}: {_told(message)}")
        return message

    def change(self, message: Message, said: Version) -> None:
        message.versions.append(said)
        message.edited = int(time.time())
        message.changed = self.revision + 1
        self.note(f"{self._who(message)} #{message.id} edited: {_told(message)}")

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.note(f"{self._who(message)} #{message.id} deleted")

    def toast(self, toast: Toast) -> None:
        self.waiting_taps.discard(toast.query)
        self.toasts.append(toast)
        self.note(f"bot toast: {toast.text}")

    def act(self, name: str) -> None:
        self.actions.append(Action(time.monotonic(), name))
        self.note(f"bot {name}")

    def note(self, line: str) -> None:
        self.log.append(line)
        self.revision += 1
        for watcher in tuple(self._watchers):
            watcher()

    @contextmanager
    def watched(self, watcher: Callable[[], None]) -> Iterator[None]:
        self._watchers.append(watcher)
        try:
            yield
        finally:
            self._watchers.remove(watcher)

    def _who(self, message: Message) -> str:
        return "bot" if message.by_bot else str(message.sender["first_name"])


def _told(message: Message) -> str:
    buttons = "".join(f" [{label}]" for label in message.labels)
    kinds = "".join(f"<{kind}> " for kind in message.content if kind != "reply_to_message")
    text = message.text.replace("\n", " / ")
    return f"{kinds}{text[:ONE_LINE]}{buttons}"
