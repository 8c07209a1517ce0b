"""Sending a reply on Telegram: one card that is edited in place, new ones below what was typed."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.telegram.account import QuietBot
from bot.telegram.keyboard import Keyboard, keyboard_of
from bot.telegram.markup import split, to_html
from bot.telegram.pieces import Piece, Words, send_piece, sheets_of, shown_with
from bot.telegram.refusals import is_unchanged, undeliverable
from flows.channel import Place
from flows.messages import Reply
from flows.render import render

_log = logging.getLogger("ladder.telegram")
_PASSING = {"question", "hint", "confirm"}  # a card of these kinds has done its work once it is answered


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """A reply in pieces of neutral markup, with the buttons below the last."""

    reply: Reply
    parts: list[str]
    keyboard: Keyboard | None


class TelegramChannel:
    """The port of flows/channel.py for one bot. An address is a chat's id."""

    def __init__(self, bot: QuietBot) -> None:
        self._bot = bot
        self._asides: set[asyncio.Task[None]] = set()
        self.app = ""  # the Mini App's address, where there is one
        self._laid_out: _LaidOut | None = None
        self.further = 0  # so many messages went out beyond the first of a reply: they use up the pace, too

    async def send(self, address: str, reply: Reply, place: Place) -> str | None:
        """Show the reply: on the tapped card if both are questions, else below (a phone then rings), without the old buttons."""
        try:
            return await self._show(int(address), reply, place)
        except ChatMigrated as moved:
            return await self.send(str(moved.new_chat_id), reply, Place(skip=place.skip))
        except TelegramError as error:
            raise undeliverable(error) from None

    async def _show(self, chat: int, reply: Reply, place: Place) -> str | None:
        laid_out = self._lay_out(reply)
        parts, keyboard, card = laid_out.parts, laid_out.keyboard, place.card
        passing = len(parts) == 1 and card is not None and {card.kind, reply.kind} <= _PASSING
        in_place = card if passing and card is not None and card.id == place.tapped else None
        if in_place is not None and await self._edited(chat, int(in_place.id), parts[0], keyboard):
            return in_place.id
        shown = await self._below(chat, [*map(Words, parts), *await sheets_of(reply)], keyboard, place.skip)
        for old in {place.tapped, card.id if card is not None and card.has_buttons else None}:
            if old is not None:
                self._aside(self._without_buttons(chat, int(old)))
        return shown

    def _lay_out(self, reply: Reply) -> "_LaidOut":
        """What it looks like. The last one is kept: a bulletin goes to many in the same words, one after the other."""
        if self._laid_out is None or self._laid_out.reply is not reply:
            parts = split(render(self._linked(reply)))
            self._laid_out = _LaidOut(reply, parts, keyboard_of(reply, self.app))
        return self._laid_out

    def _linked(self, reply: Reply) -> Reply:
        """A code for a colleague can be a link here, as soon as the bot knows its own name."""
        if reply.topic != "hand-code" or not self.bot_name:
            return reply
        link = f"https://t.me/{self.bot_name}?start=h_{reply.data['code']}"
        return replace(reply, data={**reply.data, "link": link})

    @property
    def bot_name(self) -> str:
        """What the bot is called; empty until Telegram was asked."""
        try:
            return self._bot.username or ""
        except RuntimeError:  # Telegram was not asked yet
            return ""

    async def _below(self, chat: int, pieces: list[Piece], keyboard: Keyboard | None, skip: int) -> str:
        """Send the pieces, the last one with the buttons; what an earlier try showed is not shown again."""
        last, shown = len(pieces) - 1, ""
        for number in range(min(skip, last), last + 1):
            self.further += number > 0
            try:
                shown = await send_piece(
                    self._bot, chat, pieces[number], keyboard if number == last else None
                )
            except ChatMigrated:
                raise
            except TelegramError as error:
                raise undeliverable(error, shown=number) from None
        return shown

    async def _edited(self, chat: int, card: int, text: str, keyboard: Keyboard | None) -> bool:
        """Whether the card shows it now. One that says the same already does; one that is gone cannot."""
        try:
            shown = {"text": to_html(text), **shown_with(keyboard)}
            await self._bot.show("editMessageText", chat, message_id=card, **shown)
        except BadRequest as error:
            return is_unchanged(error)
        return True

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Not waited for: the reply counts as sent once it is shown, and the less time until then the better."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def settle(self, within: float) -> None:
        """Let what goes on aside end."""
        if self._asides:
            await asyncio.wait(self._asides, timeout=within)

    async def _without_buttons(self, chat: int, card: int) -> None:
        """An old card that keeps its buttons does no harm (they are known for old), so a failure is not worth a retry."""
        try:
            await self._bot.show("editMessageReplyMarkup", chat, message_id=card)
        except TelegramError as error:
            if not is_unchanged(error):
                _log.debug("an old card keeps its buttons: %s", error)
