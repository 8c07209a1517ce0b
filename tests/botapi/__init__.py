"""The tests' own Bot API server on loopback: what Telegram does with a bot, its refusals and its bad days included."""

from tests.botapi.api import BotApi
from tests.botapi.chats import Chat, Message
from tests.botapi.keyboards import Button
from tests.botapi.ledger import Call
from tests.botapi.people import Person
from tests.botapi.updates import Update
from tests.botapi.watching import NotSeenError

__all__ = ["BotApi", "Button", "Call", "Chat", "Message", "NotSeenError", "Person", "Update"]
