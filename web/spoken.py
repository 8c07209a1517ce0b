"""What a form of the talk may bring, checked field by field. What does not fit was not made by our page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CHOICE = re.compile(r"[A-Za-z0-9_.:#-]{1,100}")
_ABOUT = re.compile(r"[A-Za-z0-9_.#-]{0,100}")
_REVISION = re.compile(r"[0-9]{0,10}")
_BARE_NUMBER = re.compile(r"[\s0-9０-９.,，．]+")
_UNITS = {"", "万元", "亿元"}
_LONGEST = 1200  # a little more than the talk takes, so that it says itself that this is too long
_LONGEST_SHOWN = 300


class NotOursError(ValueError):
    """A form that no page of ours can have sent."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message from the page: a text or a choice, under the question that its form hung on."""

    key: str
    text: str | None
    choice: str | None
    about: str | None
    revision: int | None

    @property
    def shown(self) -> str | None:
        """The text as the talk shows it again; None for a choice, which is shown by its label."""
        if self.text is None or len(self.text) <= _LONGEST_SHOWN:
            return self.text
        return f"{self.text[:_LONGEST_SHOWN]}…"


def spoken(form: Mapping[str, object]) -> Spoken:
    """Read the form. Raises NotOursError; an empty text is a text."""
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    choice, text, unit = told.get("choice"), told.get("text"), told.get("unit", "")
    if (choice is None) is (text is None) or unit not in _UNITS:
        raise NotOursError("neither a text nor a choice")
    key, about = _checked(_KEY, told.get("key", "")), _checked(_ABOUT, told.get("about", ""))
    revision = _checked(_REVISION, told.get("revision", ""))
    return Spoken(
        key=key,
        text=None if text is None else _with_unit(text[:_LONGEST], unit),
        choice=None if choice is None else _checked(_CHOICE, choice),
        about=about or None,
        revision=int(revision) if revision else None,
    )


def _checked(shape: re.Pattern[str], value: str) -> str:
    if shape.fullmatch(value) is None:
        raise NotOursError(f"no {shape.pattern}")
    return value


def _with_unit(text: str, unit: str) -> str:
    """A bare number takes the unit of the button it was sent by; what names a unit itself keeps its own."""
    return f"{text.strip()}{unit}" if _BARE_NUMBER.fullmatch(text) else text
