"""What Telegram keeps for one bot: chats, files, taps that wait for an answer, the bot's profile, its updates."""

import itertools
import threading
import time
from dataclasses import dataclass, field

from tests.botapi.chats import Chat
from tests.botapi.methods import Json, Upload
from tests.botapi.refusals import bad_request, forbidden
from tests.botapi.updates import Updates
from tests.botapi.webhook import Webhook

BOT_ID = 7_000_000_001


@dataclass(slots=True)
class Query:
    """A tap on a button. `at` is time.monotonic()."""

    chat: Chat
    at: float


@dataclass(slots=True)
class Profile:
    """What setMy... and setChatMenuButton have set, by language code, or by scope and language code."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)


class Cloud:
    """`lock` guards it all: people act in the tests' thread, the bot's calls take effect in the server's."""

    def __init__(self, username: str) -> None:
        self.lock = threading.RLock()
        self.me: Json = {"id": BOT_ID, "is_bot": True, "first_name": "bot", "username": username}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Upload] = {}
        self.queries: dict[str, Query] = {}
        self.query_lifetime = 30.0
        self.profile = Profile()
        self.updates = Updates(self.lock)
        self.webhook = Webhook(self.updates)
        self._numbers = itertools.count(1)

    def chat(self, chat_id: int, kind: str = "private", name: str = "") -> Chat:
        """Return the chat, made where there is none yet."""
        return self.chats.setdefault(chat_id, Chat(chat_id, kind, name))

    def writable(self, chat_id: int | str | None) -> Chat:
        """Return the chat that the bot may write to; raises ApiError in Telegram's words."""
        if chat_id is None:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.known:
            raise bad_request("chat not found")
        if chat.refusal is not None:
            raise forbidden(chat.refusal)
        return chat

    def ask(self, chat: Chat) -> str:
        """A tap begins: return the id of its callback query."""
        number = f"{BOT_ID}{next(self._numbers):09d}"
        self.queries[number] = Query(chat, time.monotonic())
        chat.waiting_taps.add(number)
        return number

    def keep(self, upload: Upload) -> str:
        """Store a file and return its file_id."""
        file_id = f"BQAC{next(self._numbers):020d}"
        self.files[file_id] = upload
        return file_id
