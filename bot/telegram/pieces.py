"""The messages that one reply takes on Telegram: its words in pieces, and below them a report as picture and document."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import InputFile
from telegram.error import BadRequest

from bot.telegram.account import QuietBot
from bot.telegram.keyboard import Keyboard
from bot.telegram.markup import to_html
from flows.messages import Reply
from flows.printing import BusyError, Form, file_name, printed
from flows.report import TOPIC

_log = logging.getLogger("ladder.telegram")
_CAPTIONS: dict[Form, str] = {
    "png": "图片：长按可以转发、保存。",
    "pdf": "PDF：一页 A4，可以打印。",
}
_FAILED: dict[Form, str] = {
    "png": "图片没能发出来。稍后再说一次“要报告”，就会再发。",
    "pdf": "PDF 没能发出来。稍后再说一次“要报告”，就会再发。",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A message of text, in neutral markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report as a file; without `content` it could not be made."""

    form: Form
    name: str
    content: bytes | None


Piece: TypeAlias = Words | Sheet


async def sheets_of(reply: Reply) -> list[Sheet]:
    """The report that a reply carries, as picture and document; none where nothing can print here."""
    paper = reply.data.get("paper") if reply.topic == TOPIC else None
    if paper is None or not reply.data["printed"]:
        return []
    return [Sheet(form, file_name(paper, form), await _content(paper, form)) for form in _CAPTIONS]


async def _content(paper: dict[str, Any], form: Form) -> bytes | None:
    try:
        return await asyncio.to_thread(printed, paper, form)
    except BusyError:
        _log.warning("too many reports are printed just now; one goes out without its %s", form)
    except Exception:  # noqa: BLE001  whatever it is, the words must go out
        _log.exception("ALARM: a report cannot be printed as %s", form)
    return None


async def send_piece(bot: QuietBot, chat: int, piece: Piece, keyboard: Keyboard | None) -> str:
    """Send one message and return its id. A file that Telegram refuses becomes a line that says so."""
    if isinstance(piece, Sheet):
        if piece.content is not None:
            try:
                return await _send_sheet(bot, chat, piece, piece.content, keyboard)
            except BadRequest as error:
                _log.error("ALARM: Telegram refuses a report as %s: %s", piece.form, error.message)
        piece = Words(_FAILED[piece.form])
    return await bot.show("sendMessage", chat, text=to_html(piece.text), **shown_with(keyboard))


async def _send_sheet(
    bot: QuietBot, chat: int, sheet: Sheet, content: bytes, keyboard: Keyboard | None
) -> str:
    file, caption = InputFile(content, sheet.name), _CAPTIONS[sheet.form]
    more = {} if keyboard is None else {"reply_markup": keyboard}
    if sheet.form == "png":
        message = await bot.send_photo(chat, file, caption, api_kwargs=more)
    else:
        message = await bot.send_document(chat, file, caption, api_kwargs=more)
    return str(message.message_id)


def shown_with(keyboard: Keyboard | None) -> dict[str, Any]:
    """What goes with a text: how it is marked up, no preview of links, and its buttons."""
    shown: dict[str, Any] = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return shown if keyboard is None else {**shown, "reply_markup": keyboard}
