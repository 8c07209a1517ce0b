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
        parts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
        }
        return cls(**parts)


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
    """Somebody who subscribed, where to reach them, and which of their firms it concerns."""

    person_id: int
    account_id: int
    channel: str
    address: str
    is_weekly: bool
    firms: tuple[Concerned, ...] = field(default=())
