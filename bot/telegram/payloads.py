"""What goes to the Bot API and what of its answers is of use. The library's parsing of the rest costs as much as the call."""

import json
from typing import Any, TypeAlias

import aiohttp
from telegram.error import TelegramError
from telegram.request import RequestData

Json: TypeAlias = Any
_OF_A_MESSAGE = ("message_id", "date", "chat")


def body_of(data: RequestData) -> dict[str, Any]:
    """A call's parameters as aiohttp takes them: JSON, or a form where files go along."""
    if not data.contains_files:
        body = json.dumps(data.parameters, ensure_ascii=False, separators=(",", ":"))
        return {"data": body.encode("utf-8", "replace"), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData(
        data.json_parameters, quote_fields=False
    )  # Telegram shows a quoted name as %E5%88...
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


def read_answer(payload: bytes) -> Json:
    """Of a message that we sent only the number is news; an edited one becomes True, as for an inline message.

    Raises TelegramError for a proxy's page, which the library would log whole, and for JSON that is none of Telegram's.
    """
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        raise TelegramError("no JSON in the answer") from None
    result = body.get("result") if isinstance(body, dict) else None
    if result is None and not (isinstance(body, dict) and body.get("ok") is False):
        raise TelegramError("not the Bot API's answer")
    if isinstance(result, dict) and "message_id" in result:
        body["result"] = "edit_date" in result or {name: result[name] for name in _OF_A_MESSAGE}
    return body


def read_updates(payload: bytes) -> Json:
    """Of the card under a tapped button only its number is of use, not its text and keyboard.

    Raises TelegramError for updates without numbers, of which none could be acknowledged.
    """
    body = read_answer(payload)
    if body.get("ok") is False:
        return body
    if not isinstance(body["result"], list) or not all(map(_is_update, body["result"])):
        raise TelegramError("no updates in the answer")
    for update in body["result"]:
        query = update.get("callback_query")
        card = query.get("message") if isinstance(query, dict) else None
        if isinstance(card, dict):
            query["message"] = {name: card.get(name) for name in _OF_A_MESSAGE}
    return body


def _is_update(found: Json) -> bool:
    return isinstance(found, dict) and type(found.get("update_id")) is int
