"""Every line of cases/*.yaml: what an owner typed, and what is read from it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.answers import Ask, Reading, read
from flows.answers.reading import Number
from flows.answers.wire import ask_from_json
from tests.written import written

CASES = Path(__file__).parent / "cases"


def shown(reading: Reading) -> str:
    """Write a reading as the cases do: `300_000_000..400_000_000) approx`, a round bracket for an open end."""
    if reading.kind == "unknown":
        return "unknown"
    if reading.kind == "reject":
        return f"reject {reading.hint}"
    if reading.kind == "multi":
        return "{" + "; ".join(f"{name}: {shown(fact)}" for name, fact in reading.facts.items()) + "}"
    flags = [word for word, on in (("approx", reading.approx), ("confirm", reading.confirm)) if on]
    return " ".join([_value(reading), *flags])


def _value(reading: Reading) -> str:
    value = reading.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, str):
        return value
    if value is not None:
        return _number(value)
    low, high = _number(reading.low), _number(reading.high)
    return f"{'(' * reading.low_open}{low}..{high}{')' * reading.high_open}"


def _number(number: Number | None) -> str:
    if number is None:
        return ""
    return f"{number:,}".replace(",", "_") if number >= 10_000 else str(number)


def _groups() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, group)
        for path in sorted(CASES.glob("*.yaml"))
        for group in written(path.read_text(encoding="utf-8"))
    ]


LINES = [
    pytest.param(ask_from_json(group["ask"]), text, expected, id=f"{name}-{text}")
    for name, group in _groups()
    for text, expected in group["reads"]
]


@pytest.mark.parametrize(("ask", "text", "expected"), LINES)
def test_a_typed_answer_reads_as_its_owner_meant_it(ask: Ask, text: str, expected: str) -> None:
    assert shown(read(text, ask)) == expected


def test_there_are_enough_cases_and_no_text_twice_in_a_group() -> None:
    assert len(LINES) >= 700
    for name, group in _groups():
        texts = [text for text, _ in group["reads"]]
        assert len(texts) == len(set(texts)), name


def test_every_rejection_says_why_and_every_reading_names_its_rule() -> None:
    for line in LINES:
        ask, text, _ = line.values
        assert isinstance(ask, Ask)
        reading = read(str(text), ask)
        assert reading.rule, text
        assert (reading.hint is not None) == (reading.kind == "reject"), text


def test_money_is_never_a_float() -> None:
    reading = read("12.34元", Ask("money"))
    assert reading.value == Decimal("12.34")
    assert isinstance(read("0.1亿", Ask("money")).value, int)
