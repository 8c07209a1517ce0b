"""Inline keyboards: what Telegram refuses in them, and the buttons that a person sees."""

import re
from dataclasses import dataclass
from typing import Any

from tests.botapi.entities import units
from tests.botapi.refusals import bad_request, violation

MOST_BUTTONS = 100
WIDEST_ROW = 8
LONGEST_DATA = 64
LONGEST_COPY = 256
ACTIONS = ("url", "callback_data", "web_app", "copy_text")
STYLES = {"primary", "success", "danger"}
LINK = re.compile(r"(https?|tg)://\S+")
CANNOT_PARSE = "can't parse inline keyboard button: "


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str | None = None
    url: str | None = None
    style: str | None = None


def keyboard_of(markup: dict[str, Any] | None) -> tuple[tuple[dict[str, Any], ...], ...]:
    """Return the rows of a reply_markup, () where it shows none; raises ApiError in Telegram's words."""
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    if sum(len(row) for row in rows) > MOST_BUTTONS or any(len(row) > WIDEST_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check(button)
    return tuple(tuple(row) for row in rows)


def _check(button: dict[str, Any]) -> None:
    actions = [name for name in ACTIONS if button.get(name) not in (None, "")]
    if not button["text"].strip():
        raise bad_request(f"{CANNOT_PARSE}Text must be non-empty")
    if not actions:
        raise bad_request(f"{CANNOT_PARSE}Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise violation(f"a button does one thing, not {' and '.join(actions)}")
    if button.get("style", "primary") not in STYLES:
        raise violation(f"no such style of a button: {button['style']}")
    _check_action(button)


def _check_action(button: dict[str, Any]) -> None:
    if len(button.get("callback_data", "").encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url and not LINK.fullmatch(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    app = button.get("web_app", {}).get("url")
    if app and not app.startswith("https://"):
        raise bad_request(
            f"inline keyboard button Web App URL '{app}' is invalid: Only HTTPS links are allowed"
        )
    copied = button.get("copy_text", {}).get("text")
    if copied is not None and not 1 <= units(copied) <= LONGEST_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def shown(rows: tuple[tuple[dict[str, Any], ...], ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        tuple(
            Button(each["text"], each.get("callback_data"), each.get("url"), each.get("style"))
            for each in row
        )
        for row in rows
    )
