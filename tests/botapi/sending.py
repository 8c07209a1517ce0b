"""sendMessage, sendPhoto, sendDocument, sendChatAction."""

import struct
from collections.abc import Callable
from typing import TypeAlias

from tests.botapi.chats import Chat, Version
from tests.botapi.cloud import Cloud
from tests.botapi.entities import Formatted, formatted, units
from tests.botapi.keyboards import keyboard_of
from tests.botapi.methods import Json, Parameters, Upload
from tests.botapi.refusals import ApiError, bad_request

Content: TypeAlias = Callable[[str, Upload], Json]
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
LARGEST_PHOTO, LARGEST_FILE = 10_000_000, 50_000_000
LARGEST_SIDES, LARGEST_RATIO, PNG_HEAD = 10_000, 20, 33
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def text_of(given: Parameters, too_long: str) -> Formatted:
    """Read the text of a message or an edit; raises ApiError where it is empty or too long."""
    said = formatted(given.get("text", ""), given.get("parse_mode"), given.get("entities"))
    if not said.text:
        raise bad_request("message text is empty")
    if units(said.text) > LONGEST_TEXT:
        raise bad_request(too_long)
    return said


def send_message(cloud: Cloud, given: Parameters) -> Json:
    said = text_of(given, "message is too long")
    keyboard = keyboard_of(given.get("reply_markup"))
    chat = cloud.writable(given["chat_id"])
    content = _reply(chat, given)
    message = chat.post(cloud.me, Version(said, keyboard))
    return {**message.as_json(), **content}


def _reply(chat: Chat, given: Parameters) -> Json:
    answered = given.get("reply_parameters")
    if answered is None:
        return {}
    message = chat.message(answered["message_id"])
    if message is not None:
        return {"reply_to_message": message.as_json()}
    if answered.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def send_photo(cloud: Cloud, given: Parameters) -> Json:
    def content(file_id: str, upload: Upload) -> Json:
        width, height = _dimensions(upload.content)
        size = {"file_id": file_id, "file_unique_id": file_id[-8:], "width": width, "height": height}
        return {"photo": [{**size, "file_size": len(upload.content)}]}

    return _send_file(cloud, given, "photo", LARGEST_PHOTO, content)


def _dimensions(picture: bytes) -> tuple[int, int]:
    """Of a PNG; Telegram refuses what is no picture, or one of a form that it does not show."""
    if not picture.startswith(b"\x89PNG\r\n\x1a\n") or len(picture) < PNG_HEAD:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", picture[16:24])
    if width + height > LARGEST_SIDES or max(width, height) > LARGEST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def send_document(cloud: Cloud, given: Parameters) -> Json:
    def content(file_id: str, upload: Upload) -> Json:
        named = {"file_name": upload.name, "mime_type": upload.mime, "file_size": len(upload.content)}
        return {"document": {"file_id": file_id, "file_unique_id": file_id[-8:], **named}}

    return _send_file(cloud, given, "document", LARGEST_FILE, content)


def _send_file(cloud: Cloud, given: Parameters, kind: str, largest: int, content: Content) -> Json:
    said = formatted(given.get("caption", ""), given.get("parse_mode"), given.get("caption_entities"))
    if units(said.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    keyboard = keyboard_of(given.get("reply_markup"))
    chat = cloud.writable(given["chat_id"])
    reply = _reply(chat, given)
    file_id, upload = _stored(cloud, given[kind], largest)
    message = chat.post(cloud.me, Version(said, keyboard), content(file_id, upload), upload)
    return {**message.as_json(), **reply}


def _stored(cloud: Cloud, file: str | Upload, largest: int) -> tuple[str, Upload]:
    if isinstance(file, str):
        if file not in cloud.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return file, cloud.files[file]
    if not file.content:
        raise bad_request("file must be non-empty")
    if len(file.content) > largest:
        raise ApiError(413, "Request Entity Too Large")
    return cloud.keep(file), file


def send_chat_action(cloud: Cloud, given: Parameters) -> Json:
    if given["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    cloud.writable(given["chat_id"]).act(given["action"])
    return True
