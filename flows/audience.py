"""Whom a bulletin concerns (受众): a rule over what firms said and were told, of those only who subscribed to its topic."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from models.base import RefusedError


@dataclass(frozen=True, slots=True)
class Audience:
    """All parts that are given must hold; an empty one does not narrow.

    `rungs`: how many rungs are expected of the firm. `subject` with `verdicts`: what the firm was told last of one measure.
    `changed_by`: the number of a reassessment; only those whose result it changed, each with their own before and after.
    """

    cities: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    rungs: tuple[int, ...] = ()
    subject: str | None = None
    verdicts: tuple[str, ...] = ()
    changed_by: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether it asks anything of a firm."""
        return bool(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Only what narrows."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Audience":
        """Raises RefusedError for a part that is not known, so that a misspelled one does not reach everybody."""
        known = {each.name for each in fields(cls)}
        strange = sorted(stored.keys() - known)
        if strange:
            raise RefusedError(f"audience: unknown part '{strange[0]}'; there are {', '.join(sorted(known))}")
        if stored.get("verdicts") and not stored.get("subject"):
            raise RefusedError("audience: 'verdicts' needs 'subject', the measure that they are of")
        misshapen = sorted(name for name, value in stored.items() if not _fits(name, value))
        if misshapen:
            raise RefusedError(f"audience: '{misshapen[0]}' is written otherwise: {_SHAPES[misshapen[0]]}")
        parts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if value is not None
        }
        return cls(**parts)


_SHAPES = {
    "cities": "a list of words",
    "industries": "a list of words",
    "rungs": "a list of numbers",
    "subject": "a word",
    "verdicts": "a list of words",
    "changed_by": "a number",
}
_LARGEST = 1 << 62


def _fits(name: str, value: object) -> bool:
    """Whether a part is written as its field wants it; None is as good as not there."""
    is_list = isinstance(value, list | tuple)
    if value is None or is_list != ("list" in _SHAPES[name]):
        return value is None
    parts = value if isinstance(value, list | tuple) else (value,)
    return all(_is_number(each) if "number" in _SHAPES[name] else isinstance(each, str) for each in parts)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


@dataclass(frozen=True, slots=True)
class Readership:
    """Whom a bulletin goes to: those of a topic's subscribers whom its audience means."""

    topic: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Concerned:
    """A firm of a recipient: `changes` holds what changed for it, where the audience asks for changes."""

    firm_id: int | None
    name: str | None
    fiscal_year: int | None
    assessment_id: int | None
    changes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who subscribed, where to reach them, and which of their firms it concerns. `mail`: a confirmed address
    beside a page that is only looked at now and then, with the key of its leave links."""

    person_id: int
    account_id: int
    channel: str
    address: str
    is_weekly: bool
    firms: tuple[Concerned, ...] = field(default=())
    mail: str | None = None
    leave_key: str | None = None
