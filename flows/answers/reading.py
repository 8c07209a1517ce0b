"""What is asked of an answer and what was read from it: the types of this package, nothing that reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

Number = int | Decimal
Value = int | Decimal | bool | str | tuple[str, ...] | None
AskKind = Literal["money", "percent", "count", "year", "month", "yesno", "choice", "number", "multi"]
ReadingKind = Literal[
    "money",
    "percent",
    "count",
    "year",
    "month",
    "yesno",
    "choice",
    "number",
    "multi",
    "unknown",
    "reject",
]
Hint = Literal[
    "missing_unit",
    "ambiguous_unit",
    "wrong_unit",
    "ambiguous_percent",
    "negative",
    "out_of_range",
    "no_number",
    "too_vague",
    "foreign_currency",
    "unclear",
    "explain",
    "declined",
]
ASK_KINDS: frozenset[str] = frozenset(get_args(AskKind))
HINTS: frozenset[str] = frozenset(get_args(Hint))


class Option(NamedTuple):
    """One choice of a question: its number on the screen, its key, what it says, what else people call it."""

    n: int
    key: str
    label: str
    aliases: tuple[str, ...] = ()


class Ask(NamedTuple):
    """What was asked. Money limits are in yuan; `typical` only judges numbers typed without a unit."""

    kind: AskKind
    field: str | None = None
    unit: str | None = None
    min: Number | None = None
    max: Number | None = None
    typical: tuple[Number, Number] | None = None
    options: tuple[Option, ...] = ()
    multi: bool = False
    fields: Mapping[str, Ask] = MappingProxyType({})
    label: str | None = None
    today: date | None = None


class Reading(NamedTuple):
    """What an answer says: money in yuan, percent in percentage points, a month as YYYY-MM.

    An exact answer has `value`; a bound or a range has `low` and/or `high`. `confirm` means that something
    was assumed. `rule` names the rule that read it, for the advisor who asks why.
    """

    kind: ReadingKind
    value: Value = None
    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False
    approx: bool = False
    confirm: bool = False
    hint: Hint | None = None
    facts: Mapping[str, Reading] = MappingProxyType({})
    rule: str = ""


def reject(hint: Hint, rule: str) -> Reading:
    """Ask again, and say why."""
    return Reading("reject", hint=hint, rule=rule)
