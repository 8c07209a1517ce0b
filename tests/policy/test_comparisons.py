"""How comparisons are said in words."""

import pytest

from policy.comparisons import Compare, OneOf, Operator
from policy.facts import Fact, Kind, Option
from policy.findings import Missing, Reason
from policy.intervals import Interval
from policy.logic import Not, OpenReading
from policy.truth import Truth

REVENUE = Fact("revenue", Kind.MONEY, "营业收入")
MONTH = Fact("since", Kind.MONTH, "获批年月")
ROLE = Fact(
    "role",
    Kind.CHOICE,
    "角色",
    options=(Option("lead", "牵头"), Option("member", "参加"), Option("none", "没有")),
)
YEAR_2025 = 2025 * 12
GATE = Compare(REVENUE, Operator.AT_LEAST, 50_000_000)


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("at_least", "5000万元以上（含）"),
        ("at_most", "不超过 5000万元"),
        ("more_than", "超过 5000万元"),
        ("less_than", "5000万元以下（不含）"),
    ],
)
def test_what_is_asked_of_an_amount(operator: str, words: str) -> None:
    assert Compare(REVENUE, Operator(operator), 50_000_000).asks == words


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("at_least", "2025年9月及以后"),
        ("at_most", "不晚于 2025年9月"),
        ("more_than", "晚于 2025年9月"),
        ("less_than", "早于 2025年9月"),
    ],
)
def test_what_is_asked_of_a_month(operator: str, words: str) -> None:
    assert Compare(MONTH, Operator(operator), YEAR_2025 + 8).asks == words


@pytest.mark.parametrize(
    ("operator", "truths"),
    [
        ("at_least", "no yes yes"),
        ("at_most", "yes yes no"),
        ("more_than", "no no yes"),
        ("less_than", "yes no no"),
    ],
)
def test_the_bound_itself_counts_or_does_not(operator: str, truths: str) -> None:
    condition = Compare(REVENUE, Operator(operator), 100)
    found = [condition.evaluate({"revenue": Interval.exact(value)}).truth for value in (99, 100, 101)]
    assert found == [Truth[word.upper()] for word in truths.split()]


def test_an_exact_figure_that_is_short_says_by_how_much() -> None:
    found = GATE.evaluate({"revenue": Interval.exact(49_990_000)})
    assert found.because == (Reason("revenue", "4999万元", "5000万元以上（含）", 10_000),)


def test_a_range_that_is_short_does_not_guess_by_how_much() -> None:
    found = GATE.evaluate({"revenue": Interval(high=50_000_000, high_open=True)})
    assert found.because == (Reason("revenue", "不到 5000万元", "5000万元以上（含）", None),)


def test_what_is_too_much_is_not_short() -> None:
    condition = Compare(REVENUE, Operator.LESS_THAN, 100)
    assert condition.evaluate({"revenue": Interval.exact(101)}).because[0].short_by is None


def test_a_figure_not_precise_enough_misses_the_threshold_in_doubt() -> None:
    assert GATE.evaluate({"revenue": Interval.about(50_000_000)}).missing == (Missing("revenue", 50_000_000),)
    assert GATE.evaluate({}).missing == (Missing("revenue", None),)


def test_a_choice_is_said_by_its_labels() -> None:
    found = OneOf(ROLE, ("lead", "member")).evaluate({"role": "none"})
    assert found.because == (Reason("role", "没有", "牵头或参加"),)


def test_a_value_of_another_kind_is_not_known() -> None:
    assert OneOf(ROLE, ("lead",)).evaluate({"role": Interval.exact(1)}).missing == (Missing("role"),)
    assert GATE.evaluate({"revenue": True}).missing == (Missing("revenue"),)


def test_the_opposite_says_so() -> None:
    found = Not(OneOf(ROLE, ("none",))).evaluate({"role": "lead"})
    assert (found.truth, found.because) == (Truth.YES, (Reason("role", "牵头", "不是：没有"),))


def test_an_open_reading_tells_what_is_open_and_misses_nothing() -> None:
    condition = OpenReading(OneOf(ROLE, ("member",)), "参加算不算没有写")
    found = condition.evaluate({"role": "member"})
    assert (found.truth, found.open_readings, found.missing) == (Truth.UNKNOWN, ("参加算不算没有写",), ())
    assert condition.facts() == {"role"}
    assert condition.evaluate({"role": "lead"}).truth is Truth.NO
