"""An Update becomes what the talk understands. Nothing is decided here but what kind of thing arrived."""

from collections.abc import Sequence
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMember, Message, Update
from telegram.ext import filters

from bot.telegram.buttons import unpack
from bot.telegram.heard import CHANNEL, Heard, InGroup, Moved, Said
from flows.messages import Incoming

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""Passed with every poll: what was asked for once stays in force on Telegram's side."""

_GONE = {ChatMember.BANNED, ChatMember.LEFT}
SAID_IN_GROUP = "group"  # one key for all that is said in a group, so that it is declined once
_KINDS: Sequence[tuple[filters.BaseFilter, str]] = (
    (filters.PHOTO, "photo"),
    (filters.Sticker.ALL | filters.ANIMATION, "sticker"),
    (filters.VOICE | filters.AUDIO, "voice"),
    (filters.VIDEO | filters.VIDEO_NOTE, "video"),
    (filters.Document.ALL, "document"),
    (filters.LOCATION | filters.VENUE, "location"),
    (filters.CONTACT, "contact"),
)


def heard(update: Update, at: datetime) -> Heard | None:
    """What the update means to the talk; None where it means nothing."""
    chat = update.effective_chat
    if chat is None or chat.type == Chat.CHANNEL:
        return None
    if chat.type != Chat.PRIVATE:
        return _in_group(update, chat, at)
    key, address = f"u{update.update_id}", str(chat.id)
    if update.callback_query is not None:
        return Said(_tap(update.callback_query, address, key, at), update.callback_query.id)
    if update.my_chat_member is not None:
        return Moved(address, update.my_chat_member.new_chat_member.status in _GONE)
    if update.edited_message is not None:
        return _edit(update.edited_message, address, at)
    if update.message is None or filters.StatusUpdate.ALL.check_update(update):
        return None
    return Said(_message(update, update.message, address, key, at))


def _edit(message: Message, address: str, at: datetime) -> Said | None:
    """A message that is changed again and again is told once what helps; a live location changes by itself."""
    if message.location is not None:
        return None
    return Said(Incoming(CHANNEL, address, f"e{message.message_id}", at, unreadable="edited"))


def _message(update: Update, message: Message, address: str, key: str, at: datetime) -> Incoming:
    if message.text is not None:
        return Incoming(CHANNEL, address, key, at, text=message.text)
    # The pictures of an album arrive one by one and are one thing sent.
    key = key if message.media_group_id is None else f"g{message.media_group_id}"
    kind = next((kind for wanted, kind in _KINDS if wanted.check_update(update)), "other")
    return Incoming(CHANNEL, address, key, at, unreadable=kind)


def _tap(query: CallbackQuery, address: str, key: str, at: datetime) -> Incoming:
    pressed = unpack(query.data)
    # A message too old to be accessible cannot be edited either: the answer then goes below.
    on = query.message if query.message is not None and query.message.is_accessible else None
    return Incoming(
        channel=CHANNEL,
        sender=address,
        key=key,
        at=at,
        choice=pressed.choice,
        about=pressed.about,
        revision=pressed.revision,
        on=None if on is None else str(on.message_id),
    )


def _in_group(update: Update, chat: Chat, at: datetime) -> InGroup | None:
    change, key = update.my_chat_member, SAID_IN_GROUP
    if change is not None:
        if change.new_chat_member.status in _GONE:
            return None
        if change.old_chat_member.status in _GONE:  # whoever let us in did not hear it from us yet
            key = f"u{update.update_id}"
    return InGroup(Incoming(CHANNEL, str(chat.id), key, at))
