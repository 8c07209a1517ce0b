"""Intervals against brute force over the whole numbers they stand for, and what decimals do otherwise."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.intervals import Interval
from policy.truth import Truth
from tests.policy.strategies import OFTEN, SELDOM

WORLD = range(-8, 9)
ENDS = st.one_of(st.none(), st.integers(-5, 5))
INTERVALS = st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans())
D = Decimal


def members(interval: Interval) -> set[int]:
    """The whole numbers of a small world that an interval allows."""
    return {
        number
        for number in WORLD
        if (
            interval.low is None
            or number > interval.low
            or (number == interval.low and not interval.low_open)
        )
        and (
            interval.high is None
            or number < interval.high
            or (number == interval.high and not interval.high_open)
        )
    }


def truth_of(found: set[bool]) -> Truth:
    return Truth.UNKNOWN if len(found) > 1 else Truth.of(known=found == {True})


@given(INTERVALS, st.integers(-5, 5))
@OFTEN
def test_comparing_says_what_all_possible_numbers_say(interval: Interval, bound: int) -> None:
    if possible := members(interval):
        assert interval.at_least(bound) is truth_of({number >= bound for number in possible})
        assert interval.at_most(bound) is truth_of({number <= bound for number in possible})


@given(INTERVALS)
@OFTEN
def test_an_interval_knows_whether_it_is_empty_or_one_number(interval: Interval) -> None:
    possible = members(interval)
    assert interval.is_empty == (not possible)
    if possible and not interval.is_unbounded and len(possible) < len(WORLD) // 2:
        bounded = interval.low is not None and interval.high is not None
        assert interval.value == (next(iter(possible)) if bounded and len(possible) == 1 else None)


@given(INTERVALS, INTERVALS)
@OFTEN
def test_what_two_intervals_both_allow(one: Interval, two: Interval) -> None:
    assert members(one.meet(two)) == members(one) & members(two) == members(two.meet(one))


@given(INTERVALS, st.integers(-6, 6))
@SELDOM
def test_the_nearest_possible_number(interval: Interval, value: int) -> None:
    if possible := members(interval):
        assert interval.nearest(value) == min(possible, key=lambda number: abs(number - value))


@given(st.integers(-(10**12), 10**12))
@SELDOM
def test_about_is_ten_per_cent_either_way_in_whole_numbers(value: int) -> None:
    about = Interval.about(value)
    near, far = -(-abs(value) * 9 // 10), abs(value) * 11 // 10
    assert {about.low, about.high} == ({near, far} if value >= 0 else {-near, -far})
    assert about.at_least(value) is not Truth.NO
    assert about.at_most(value) is not Truth.NO


def test_about_keeps_the_stated_figure_when_it_is_narrowed() -> None:
    assert Interval.about(100).meet(Interval(high=95)) == Interval(90, 95, stated=100)


def test_about_of_a_decimal() -> None:
    assert Interval.about(D("12.5")) == Interval(D("11.25"), D("13.75"), stated=D("12.5"))
    assert Interval.about(D("-10")) == Interval(D(-11), D(-9), stated=D(-10))


@pytest.mark.parametrize(
    ("interval", "at_least", "at_most"),
    [
        (Interval(D(5), D(9)), Truth.YES, Truth.UNKNOWN),
        (Interval(D(5), D(9), low_open=True), Truth.YES, Truth.NO),
        (Interval(D(1), D(5)), Truth.UNKNOWN, Truth.YES),
        (Interval(D(1), D(5), high_open=True), Truth.NO, Truth.YES),
        (Interval(D("4.9"), D("5.1")), Truth.UNKNOWN, Truth.UNKNOWN),
    ],
)
def test_an_open_end_of_decimals_has_no_next_neighbour(
    interval: Interval, at_least: Truth, at_most: Truth
) -> None:
    assert (interval.at_least(5), interval.at_most(5)) == (at_least, at_most)


@pytest.mark.parametrize(
    ("low_open", "high_open", "empty"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_one_decimal_is_left_over_only_between_closed_ends(
    low_open: bool, high_open: bool, empty: bool
) -> None:
    assert Interval(D(5), D(5), low_open, high_open).is_empty is empty
