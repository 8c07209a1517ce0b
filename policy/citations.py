"""Where a rule stands: documents, citations, how sure we are of them, and the days on which something is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """How sure we are of a source: seen at the official place, in a reprint, or not yet confirmed."""

    OFFICIAL = "official"
    REPRINT = "reprint"
    UNCONFIRMED = "unconfirmed"

    @classmethod
    def of(cls, sources: Iterable["Certainty"]) -> "Certainty":
        """No surer than the least sure of the sources; without any, unconfirmed."""
        found = set(sources)
        return next((each for each in reversed(cls) if each in found), cls.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Document:
    """A source: its title, issuer and number (empty where not seen), where it was seen, the day it was last checked, how sure we are."""

    title: str
    issuer: str
    issued: date
    checked: date
    certainty: Certainty
    number: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something stands: a document and the article or highlight in it (依据). `note` says what stands there and
    what does not, where that is easily misread.
    """

    document: str
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which something is in force, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
