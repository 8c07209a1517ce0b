"""editMessageText, editMessageReplyMarkup, deleteMessage, answerCallbackQuery."""

import time

from tests.botapi.chats import Message, Toast, Version
from tests.botapi.cloud import Cloud
from tests.botapi.entities import units
from tests.botapi.keyboards import keyboard_of
from tests.botapi.methods import Json, Parameters
from tests.botapi.refusals import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from tests.botapi.sending import text_of

LONGEST_TOAST = 200


def _editable(cloud: Cloud, given: Parameters) -> Message:
    chat = cloud.writable(given.get("chat_id"))
    if "message_id" not in given:
        raise bad_request("message identifier is not specified")
    message = chat.message(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


def _change(message: Message, said: Version) -> Json:
    if said == message.versions[-1]:
        raise bad_request(NOT_MODIFIED)
    message.chat.change(message, said)
    return message.as_json()


def edit_message_text(cloud: Cloud, given: Parameters) -> Json:
    """Without a reply_markup the buttons go."""
    said = text_of(given, "MESSAGE_TOO_LONG")
    keyboard = keyboard_of(given.get("reply_markup"))
    message = _editable(cloud, given)
    if message.content:
        raise bad_request("there is no text in the message to edit")
    return _change(message, Version(said, keyboard))


def edit_message_reply_markup(cloud: Cloud, given: Parameters) -> Json:
    keyboard = keyboard_of(given.get("reply_markup"))
    message = _editable(cloud, given)
    return _change(message, Version(message.versions[-1].said, keyboard))


def delete_message(cloud: Cloud, given: Parameters) -> Json:
    chat = cloud.writable(given["chat_id"])
    message = chat.message(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    chat.delete(message)
    return True


def answer_callback_query(cloud: Cloud, given: Parameters) -> Json:
    """A second answer to a query is taken: whether Telegram refuses it is not known."""
    text = given.get("text", "")
    if units(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query = cloud.queries.get(given["callback_query_id"])
    if query is None or time.monotonic() - query.at > cloud.query_lifetime:
        raise bad_request(QUERY_TOO_OLD)
    query.chat.toast(Toast(given["callback_query_id"], text, given.get("show_alert", False)))
    return True
