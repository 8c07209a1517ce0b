"""What is said beside the talk and waited for by nobody: that somebody is typing, and the word that pops up at a tap."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from flows.interview import Promise

_log = logging.getLogger("ladder.telegram")


class Asides:
    """Their failures are no matter: the reply itself is the outbox's business."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.tasks: set[asyncio.Task[None]] = set()

    def type(self, address: str) -> None:
        """A turn that takes its time: show that somebody is at it."""
        self._begin(self._typing(address))

    def toast(self, query: str, promise: Promise | None) -> None:
        """End the button's waiting, with a word. A tap that is too old to be answered is no matter."""
        self._begin(self._toast(query, toast_of(promise)))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _typing(self, address: str) -> None:
        try:
            await self._bot.send_chat_action(int(address), ChatAction.TYPING)
        except TelegramError as error:
            _log.debug("no typing: %s", type(error).__name__)

    async def _toast(self, query: str, word: str | None) -> None:
        try:
            await self._bot.answer_callback_query(query, word)
        except TelegramError as error:
            _log.debug("no toast: %s", type(error).__name__)


def toast_of(promise: Promise | None) -> str | None:
    """The word that pops up at a tap."""
    if promise is None:
        return None
    if promise.reply.topic == "stale":
        return "这一题已经答过，要修改吗？"
    if promise.reply.data.get("same"):
        return "已经记下了"
    return "记下了" if promise.reply.data.get("echo") else None
