"""The bot's profile: getMe, commands, descriptions, menu buttons. The refusals of descriptions are in our words."""

import json
import re

from tests.botapi.cloud import Cloud
from tests.botapi.entities import units
from tests.botapi.methods import Json, Parameters
from tests.botapi.refusals import bad_request

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
MOST_COMMANDS, LONGEST_COMMAND_DESCRIPTION = 100, 256
LONGEST_DESCRIPTION, LONGEST_SHORT_DESCRIPTION = 512, 120


def get_me(cloud: Cloud, _given: Parameters) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }
    return {**cloud.me, **abilities}


def _language(given: Parameters) -> str:
    code: str = given.get("language_code", "")
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _key(cloud: Cloud, given: Parameters) -> tuple[str, str]:
    scope = given.get("scope", {"type": "default"})
    if "chat_id" in scope:
        cloud.writable(scope["chat_id"])
    return json.dumps(scope, sort_keys=True), _language(given)


def set_my_commands(cloud: Cloud, given: Parameters) -> Json:
    if len(given["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for each in given["commands"]:
        if not COMMAND.fullmatch(each["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(each["description"]) <= LONGEST_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    cloud.profile.commands[_key(cloud, given)] = given["commands"]
    return True


def get_my_commands(cloud: Cloud, given: Parameters) -> Json:
    """Return the list of exactly this scope and language."""
    return cloud.profile.commands.get(_key(cloud, given), [])


def set_my_description(cloud: Cloud, given: Parameters) -> Json:
    text = given.get("description", "")
    if units(text) > LONGEST_DESCRIPTION:
        raise bad_request("description is too long")
    cloud.profile.descriptions[_language(given)] = text
    return True


def get_my_description(cloud: Cloud, given: Parameters) -> Json:
    return {"description": cloud.profile.descriptions.get(_language(given), "")}


def set_my_short_description(cloud: Cloud, given: Parameters) -> Json:
    text = given.get("short_description", "")
    if units(text) > LONGEST_SHORT_DESCRIPTION:
        raise bad_request("short description is too long")
    cloud.profile.short_descriptions[_language(given)] = text
    return True


def get_my_short_description(cloud: Cloud, given: Parameters) -> Json:
    return {"short_description": cloud.profile.short_descriptions.get(_language(given), "")}


def set_chat_menu_button(cloud: Cloud, given: Parameters) -> Json:
    chat_id = given.get("chat_id")
    if chat_id is not None:
        cloud.writable(chat_id)
    cloud.profile.menu_buttons[chat_id] = given.get("menu_button", {"type": "default"})
    return True


def get_chat_menu_button(cloud: Cloud, given: Parameters) -> Json:
    return cloud.profile.menu_buttons.get(given.get("chat_id"), {"type": "default"})
