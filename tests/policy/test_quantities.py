"""The notation of the rule files: what is read, what is refused, and that showing and reading undo one another."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.quantities import (
    read_day,
    read_month,
    read_percent,
    read_whole,
    read_yuan,
    show_month,
    show_number,
    show_yuan,
)
from tests.policy.strategies import OFTEN, SELDOM


@given(st.one_of(st.integers(0, 10**17), st.integers(0, 10**9).map(lambda number: number * 10_000)))
@OFTEN
def test_an_amount_shown_is_read_back(yuan: int) -> None:
    assert read_yuan(show_yuan(yuan)) == yuan


@given(st.integers(0, 9999 * 12 + 11))
@SELDOM
def test_a_month_shown_is_read_back(months: int) -> None:
    assert read_month(show_month(months)) == months


@given(st.decimals(0, 10**6, places=3))
@SELDOM
def test_a_percentage_shown_is_read_back(points: Decimal) -> None:
    assert read_percent(f"{show_number(points)}%") == points


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        (0, "0元"),
        (9999, "9999元"),
        (10_000, "1万元"),
        (49_990_000, "4999万元"),
        (66_666_666, "6666.6666万元"),
        (100_000_000, "1亿元"),
        (320_000_000, "3.2亿元"),
        (100_000_001, "10000.0001万元"),
        (-20_000, "-2万元"),
        (10_000_000_000_000, "100000亿元"),
    ],
)
def test_amounts_are_shown_exactly_in_the_unit_people_say(yuan: int, shown: str) -> None:
    assert show_yuan(yuan) == shown


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("5000万", 50_000_000),
        ("1.5亿", 150_000_000),
        ("300元", 300),
        ("300", 300),
        ("0.0001万元", 1),
        ("1.8亿元", 180_000_000),
    ],
)
def test_amounts_are_read_in_whole_yuan(text: str, yuan: int) -> None:
    assert read_yuan(text) == yuan


@pytest.mark.parametrize(
    "text",
    [
        "",
        "万",
        "五千万",
        "5,000万",
        "5000 万",
        "-5万",
        "0.5元",
        "0.00001万",
        "1e9",
        "5000万美元",
        "５０００万",
        " 5000万",
        "9" * 19,
        "9" * 5000,
    ],
)
def test_what_is_no_amount_in_whole_yuan_is_refused(text: str) -> None:
    assert read_yuan(text) is None


@pytest.mark.parametrize("text", ["15", "15 %", "-1%", "十五%", "%", "9" * 5000 + "%"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    assert read_percent(text) is None


@pytest.mark.parametrize(("text", "number"), [("2025", 2025), ("-3", -3), ("007", 7)])
def test_whole_numbers_are_read(text: str, number: int) -> None:
    assert read_whole(text) == number


@pytest.mark.parametrize("text", ["", "-", "--5", "1.0", "1_000", "１２", "9" * 19, "9" * 5000])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert read_whole(text) is None


@pytest.mark.parametrize(
    "text", ["2025-00", "2025-13", "2025-9", "2025", "2025-09-01", "25-09", "２０２５-09"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    assert read_month(text) is None


def test_a_day_is_read_in_one_form_only() -> None:
    assert read_day("2025-09-01") == date(2025, 9, 1)
    assert [read_day(text) for text in ("20250901", "2025-W36-1", "2025-02-30", "2025-9-1", "")] == [None] * 5


def test_numbers_are_shown_without_trailing_zeros() -> None:
    assert [show_number(number) for number in (10, 100, Decimal("12.50"), Decimal(15), Decimal("1E+2"))] == [
        "10",
        "100",
        "12.5",
        "15",
        "100",
    ]
