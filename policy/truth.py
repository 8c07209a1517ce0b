"""Kleene's three truth values. Unknown is a value: it is never no, and it cannot be used as a bool."""

from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """YES, NO or UNKNOWN (真值). `&`, `|` and `~` follow Kleene: one NO settles an "and", one YES an "or"."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    __hash__ = (
        object.__hash__
    )  # members are single objects; Enum's own hash is slow, and sets of truths are hot

    @classmethod
    def of(cls, known: bool) -> "Truth":
        return cls.YES if known else cls.NO

    def __and__(self, other: "Truth") -> "Truth":
        return self if self.value <= other.value else other

    def __or__(self, other: "Truth") -> "Truth":
        return self if self.value >= other.value else other

    def __invert__(self) -> "Truth":
        return _OPPOSITE[self]

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is not a bool: compare with Truth.YES, Truth.NO or Truth.UNKNOWN")


_OPPOSITE = {Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN, Truth.YES: Truth.NO}
