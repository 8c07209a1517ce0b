"""One turn in, one turn out: data, not text. How a reply reads is render.py's and the templates' business."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Json: TypeAlias = Any
ReplyKind: TypeAlias = Literal["question", "confirm", "hint", "result", "notice"]


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this service, as the privacy notice names them; empty where nobody was set.

    `site`: how people reach the page, as https://host; empty where it is only tried out. `mails`: whether mail is sent.
    """

    name: str = ""
    contact: str = ""
    site: str = ""
    mails: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody sent (来言): a text, a choice, or something that cannot be read (`unreadable` names its kind).

    `key` identifies the message on its channel, so that one delivered twice is answered once. `about` and
    `revision` are those of the reply that a button hung on (its `fact` and `revision`), `on` is the message that showed it.
    `shown_as`: the words by which the talk is shown again, kept with the reply; None where the channel itself keeps them.
    """

    channel: str
    sender: str
    key: str
    at: datetime
    text: str | None = None
    choice: str | None = None
    about: str | None = None
    revision: int | None = None
    on: str | None = None
    unreadable: str | None = None
    shown_as: str | None = None

    def storable(self) -> "Incoming":
        """Itself without what no database takes: NUL, and halves of characters that a broken client sends."""
        return replace(
            self,
            sender=_storable(self.sender),
            key=_storable(self.key),
            text=None if self.text is None else _storable(self.text),
            choice=None if self.choice is None else _storable(self.choice),
            about=None if self.about is None else _storable(self.about),
            shown_as=None if self.shown_as is None else _storable(self.shown_as),
        )

    @property
    def said(self) -> str:
        return (self.text if self.choice is None else self.choice) or ""

    @property
    def today(self) -> date:
        """The day in China, whatever the server's clock is set to."""
        return self.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, or a numbered line where there are none."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What we say (回复). `topic` names the template, `data` is what it tells, as plain JSON.

    `fact` is the slot that is asked; `result` the determinations in the form of the public contract;
    `revision` a number for what is asked, for the buttons to bring back: an old button then never answers a new question.
    """

    kind: ReplyKind
    topic: str
    fact: str | None = None
    choices: tuple[Choice, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    revision: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON. By hand, because dataclasses.asdict copies all of `data`, at a tenth of a turn's cost."""
        choices = [{"key": choice.key, "label": choice.label} for choice in self.choices]
        return {name: getattr(self, name) for name in _NAMES} | {"choices": choices}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Reply":
        return cls(**{**stored, "choices": tuple(Choice(**choice) for choice in stored["choices"])})


_NAMES = tuple(each.name for each in fields(Reply))


def _storable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")
