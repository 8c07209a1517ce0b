"""Numbers as JSON, in and out: exact, a range with open or closed ends, or about so much."""

from collections.abc import Mapping
from decimal import Decimal

from policy.complaints import DocumentError
from policy.facts import Fact, Kind
from policy.intervals import Interval
from policy.quantities import Number, read_month, read_percent, show_month, show_number

Json = object
_INTERVAL_KEYS = frozenset({"low", "high", "low_open", "high_open"})
_TOO_LARGE = 10**18
_NUMBERS = {
    Kind.MONEY: "whole yuan, without unit or decimals",
    Kind.PERCENT: 'percentage points, as 15 or "12.5"',
}


def read_number(fact: Fact, given: Json, where: str) -> Interval:
    """What is known of a number, within the fact's limits. Raises DocumentError."""
    value = _interval(fact, given, where)
    ends = (value.low, value.high) if value.stated is None else (value.stated,)
    for end in ends:
        if end is not None and fact.least is not None and end < fact.least:
            raise DocumentError(where, f"is less than {fact.show_number(fact.least)}, the least that can be")
        if end is not None and fact.most is not None and end > fact.most:
            raise DocumentError(where, f"is more than {fact.show_number(fact.most)}, the most that can be")
    return value


def _interval(fact: Fact, given: Json, where: str) -> Interval:
    if not isinstance(given, Mapping):
        return Interval.exact(_number(fact, given, where))
    if given.get("approx") is True and given.keys() == {"value", "approx"}:
        return Interval.about(_number(fact, given["value"], where))
    opens = [given.get(key, False) for key in ("low_open", "high_open")]
    if not given or not given.keys() <= _INTERVAL_KEYS or not all(isinstance(each, bool) for each in opens):
        raise DocumentError(
            where,
            'expected {"low", "high", "low_open": bool, "high_open": bool} or {"value", "approx": true}',
        )
    low, high = (
        None if (end := given.get(key)) is None else _number(fact, end, where) for key in ("low", "high")
    )
    interval = Interval(low, high, *map(bool, opens))
    if interval.is_empty:
        raise DocumentError(where, "no number lies between its low and its high end; swap or correct them")
    return interval


def _number(fact: Fact, given: Json, where: str) -> Number:
    if fact.kind is Kind.MONTH:
        month = read_month(given) if isinstance(given, str) else None
        if month is None:
            raise DocumentError(where, f'{given!r} is not a month; write it as "2025-09"')
        return month
    if (
        fact.kind is Kind.PERCENT
        and isinstance(given, str)
        and (percent := read_percent(f"{given}%")) is not None
    ):
        return percent
    if isinstance(given, bool) or not isinstance(given, int):
        raise DocumentError(
            where, f"{given!r} is not a number; write {_NUMBERS.get(fact.kind, 'a whole number')}"
        )
    if abs(given) >= _TOO_LARGE:
        raise DocumentError(where, "is too large; a number has at most 18 digits")
    return Decimal(given) if fact.kind is Kind.PERCENT else given


def write_number(fact: Fact, value: Interval) -> Json:
    """The form that read_number takes."""
    if value.stated is not None and value == Interval.about(value.stated):
        return {"value": _plain(fact, value.stated), "approx": True}
    if value.low is not None and value.low == value.high:
        return _plain(fact, value.low)
    ends = {"low": value.low, "high": value.high}
    written: dict[str, Json] = {key: None if end is None else _plain(fact, end) for key, end in ends.items()}
    return written | {"low_open": value.low_open, "high_open": value.high_open}


def _plain(fact: Fact, number: Number) -> Json:
    if fact.kind is Kind.MONTH:
        return show_month(int(number))
    return int(number) if number == int(number) else show_number(number)
