"""Which function serves which method. Each runs under the cloud's lock and never waits; getUpdates is the door's own."""

from collections.abc import Callable
from typing import TypeAlias

from tests.botapi import editing, profile, sending
from tests.botapi.cloud import Cloud
from tests.botapi.methods import Json, Parameters

Handler: TypeAlias = Callable[[Cloud, Parameters], Json]

HANDLERS: dict[str, Handler] = {
    "getMe": profile.get_me,
    "setWebhook": lambda cloud, given: cloud.webhook.set(given),
    "deleteWebhook": lambda cloud, given: cloud.webhook.delete(given),
    "getWebhookInfo": lambda cloud, given: cloud.webhook.info(given),
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
}


def chat_of(cloud: Cloud, parameters: Parameters) -> int | None:
    """The chat that a call is about, for the ledger and for faults."""
    query = cloud.queries.get(str(parameters.get("callback_query_id")))
    if query is not None:
        return query.chat.id
    try:
        return int(parameters["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None
