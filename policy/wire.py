"""Facts as JSON, in and out: the shapes of the public contract. Determinations are written in results.py."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from policy.complaints import DocumentError, did_you_mean, known_are
from policy.facts import NUMERIC, Fact, Kind, Records, Value
from policy.intervals import Interval
from policy.quantities import read_day
from policy.schemes import Edition
from policy.wire_numbers import Json, read_number, write_number

_TOP_KEYS = ("about", "as_of", "facts")


def read_document(edition: Edition, document: Json) -> tuple[dict[str, Value], date | None]:
    """The facts and the day of an input document. Raises DocumentError."""
    top = _mapping(document, "document")
    for key in top:
        if key not in _TOP_KEYS:
            raise DocumentError(key, f"unknown key{known_are(key, _TOP_KEYS)}")
    _mapping_or_null(top.get("about"), "about")
    facts = read_facts(edition.facts, _mapping_or_null(top.get("facts"), "facts"))
    return facts, _day(top.get("as_of"))


def read_facts(
    catalogue: Mapping[str, Fact], document: Mapping[str, Json], at: str = "facts."
) -> dict[str, Value]:
    """Values by key; null, absent and an interval without ends are unknown and left out. Raises DocumentError."""
    values = {}
    for key, given in document.items():
        if key not in catalogue:
            raise DocumentError(f"{at}{key}", f"unknown fact{did_you_mean(key, catalogue)}")
        if given is None:
            continue
        value = read_value(catalogue[key], given, f"{at}{key}")
        if not (isinstance(value, Interval) and value.is_unbounded):
            values[key] = value
    return values


def read_value(fact: Fact, given: Json, where: str) -> Value:
    """One value in the form of its kind. Raises DocumentError."""
    if fact.kind in NUMERIC:
        return read_number(fact, given, where)
    if fact.kind is Kind.RECORDS:
        return Records(tuple(_items(fact, given, where)))
    if fact.kind is Kind.YESNO:
        if not isinstance(given, bool):
            raise DocumentError(
                where, f"{given!r} is not true or false; write true, false or null (not known)"
            )
        return given
    if not isinstance(given, str):
        raise DocumentError(where, f"{given!r} is not a text; write it in quotes")
    keys = [option.key for option in fact.options]
    if fact.kind is Kind.CHOICE and given not in keys:
        raise DocumentError(where, f"{given!r} is not one of {', '.join(keys)}{did_you_mean(given, keys)}")
    return given


def _items(fact: Fact, given: Json, where: str) -> Iterable[Mapping[str, Value]]:
    if fact.year_field is not None:
        by_year = _mapping(given, where)
        given = [
            {fact.year_field: _year(key, where), fact.value_field: value} for key, value in by_year.items()
        ]
    if not isinstance(given, list):
        raise DocumentError(where, f"{given!r} is not a list; [] means none, null means not known")
    for number, item in enumerate(given, 1):
        document = {fact.key_field: item} if fact.key_field and isinstance(item, str) else item
        yield read_facts(fact.fields, _mapping(document, f"{where}[{number}]"), f"{where}[{number}].")


def _year(text: str, where: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise DocumentError(where, f'{text!r} is not a year; write it as "2025"')
    return int(text)


def _mapping(given: Json, where: str) -> Mapping[str, Json]:
    if not isinstance(given, Mapping):
        raise DocumentError(where, f"expected an object {{...}}, found {type(given).__name__}")
    return given


def _mapping_or_null(given: Json, where: str) -> Mapping[str, Json]:
    return {} if given is None else _mapping(given, where)


def _day(given: Json) -> date | None:
    if given is None:
        return None
    day = read_day(given) if isinstance(given, str) else None
    if day is None:
        raise DocumentError("as_of", f'{given!r} is not a day; write it as "2026-11-01"')
    return day


def write_value(fact: Fact, value: Value) -> Json:
    """The form that read_value takes. That a list is not told to its end has no JSON form, it is lost."""
    if isinstance(value, Records):
        return _write_items(fact, value.items)
    return write_number(fact, value) if isinstance(value, Interval) else value


def _write_items(fact: Fact, items: Iterable[Mapping[str, Value]]) -> Json:
    written = [{key: write_value(fact.fields[key], each) for key, each in item.items()} for item in items]
    if fact.year_field is None:
        return written
    return {str(item[fact.year_field]): item.get(fact.value_field) for item in written}
