"""Asks and readings as JSON, one object a line in and out. What the JSON means is in the contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from flows.answers.reader import read
from flows.answers.reading import ASK_KINDS, Ask, AskKind, Number, Option, Reading, Value, reject

_DEEPEST = 3  # several facts hold single facts; nothing real goes deeper
_LARGEST_EXPONENT = 30


def parse_lines(lines: Iterable[str]) -> Iterator[str]:
    """Read one JSON object a line and give one a line, whatever stands there."""
    for line in lines:
        yield json.dumps(_answer(line))


def _answer(line: str) -> dict[str, object]:
    try:
        document = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        return reading_to_json(None, reject("unclear", "broken_json"))
    if not isinstance(document, dict):
        return reading_to_json(None, reject("unclear", "no_object"))
    text, asked = document.get("text"), document.get("ask")
    asked = {"kind": document.get("kind"), **(asked if isinstance(asked, dict) else {})}
    if not isinstance(text, str) or asked.get("kind") not in ASK_KINDS:
        return reading_to_json(document.get("id"), reject("unclear", "no_text_or_kind"))
    return reading_to_json(document.get("id"), read(text, ask_from_json(asked)))


def ask_from_json(document: object) -> Ask:
    """Take what was asked from parsed JSON; keys that are unknown or of a wrong type count as absent."""
    return _ask(document, 0)


def _ask(document: object, depth: int) -> Ask:
    given = document if isinstance(document, dict) else {}
    kind = given.get("kind")
    return Ask(
        kind=cast("AskKind", kind) if isinstance(kind, str) and kind in ASK_KINDS else "number",
        field=_text(given.get("field")),
        unit=_text(given.get("unit")),
        min=_number(given.get("min")),
        max=_number(given.get("max")),
        typical=_typical(given.get("typical")),
        options=_options(given.get("options")),
        multi=given.get("multi") is True,
        fields=_fields(given.get("fields"), depth),
        label=_text(given.get("label")),
        today=_day(given.get("today")),
    )


def _fields(given: object, depth: int) -> Mapping[str, Ask]:
    if not isinstance(given, dict) or depth >= _DEEPEST:
        return MappingProxyType({})
    return MappingProxyType({str(name): _ask(ask, depth + 1) for name, ask in given.items()})


def _text(given: object) -> str | None:
    return given if isinstance(given, str) else None


def _number(given: object) -> Number | None:
    if isinstance(given, bool) or not isinstance(given, (int, float, Decimal)):
        return None
    number = Decimal(str(given))
    if (
        not number.is_finite()
        or number.adjusted() > _LARGEST_EXPONENT
        or number.adjusted() < -_LARGEST_EXPONENT
    ):
        return None
    return int(number) if number == number.to_integral_value() else number


def _typical(given: object) -> tuple[Number, Number] | None:
    if not isinstance(given, list) or len(given) != len(("low", "high")):
        return None
    low, high = (_number(end) for end in given)
    return None if low is None or high is None else (low, high)


def _options(given: object) -> tuple[Option, ...]:
    listed = given if isinstance(given, list) else []
    return tuple(
        _option(n, o)
        for n, o in enumerate(listed, 1)
        if isinstance(o, dict) and isinstance(o.get("key"), str)
    )


def _option(position: int, given: Mapping[str, object]) -> Option:
    n, key, aliases = given.get("n"), str(given["key"]), given.get("aliases")
    return Option(
        n if isinstance(n, int) and not isinstance(n, bool) else position,
        key,
        _text(given.get("label")) or key,
        tuple(a for a in aliases if isinstance(a, str)) if isinstance(aliases, list) else (),
    )


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None


def reading_to_json(id: object, reading: Reading) -> dict[str, object]:  # noqa: A002 - the contract's word
    """Give a reading in the contract's shape; an id that is no plain value becomes null."""
    return {"id": _plain(id) if isinstance(id, (str, int, float, Decimal)) else None, **_body(reading)}


def _body(reading: Reading) -> dict[str, object]:
    return {
        "kind": reading.kind,
        "value": _plain(reading.value),
        "low": _plain(reading.low),
        "high": _plain(reading.high),
        "low_open": reading.low_open,
        "high_open": reading.high_open,
        "approx": reading.approx,
        "confirm": reading.confirm,
        "hint": reading.hint,
        "facts": {name: _body(fact) for name, fact in reading.facts.items()},
    }


def _plain(value: Value | float) -> object:
    """JSON knows one kind of number: a Decimal is written with its own digits, nothing is computed."""
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value
