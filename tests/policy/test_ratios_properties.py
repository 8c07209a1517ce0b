"""Shares, sums, times ago, choices and scores: exact on exact figures, and sound where only ranges are known."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from policy.comparisons import Compare, Operator
from policy.facts import Fact, Kind, Option, Records, Value
from policy.findings import Finding
from policy.intervals import Interval
from policy.lists import Has
from policy.logic import Condition
from policy.narrowing import AS_OF
from policy.quantities import Number
from policy.ratios import Elapsed, Share, Sum
from policy.scores import Part, Score, Step
from policy.truth import Truth
from tests.policy.strategies import OFTEN

MOST = 5
COUNTS = tuple(Fact(key, Kind.COUNT, key, least=0) for key in "abcd")
SINCE = Fact("since", Kind.MONTH, "注册年月", least=20_000)
CODE = Fact("code", Kind.CHOICE, "需要", options=tuple(Option(each, each) for each in "xyz"))
NEEDS = Fact("needs", Kind.RECORDS, "需要", fields={"code": CODE}, key_field="code")
NOW = 24_000
HOLDS: Mapping[Operator, Callable[[Number, Number], bool]] = {
    Operator.AT_LEAST: lambda value, bound: value >= bound,
    Operator.AT_MOST: lambda value, bound: value <= bound,
    Operator.MORE_THAN: lambda value, bound: value > bound,
    Operator.LESS_THAN: lambda value, bound: value < bound,
}
OPERATORS = st.sampled_from(Operator)
SOME = st.lists(st.sampled_from(COUNTS), min_size=1, max_size=2, unique=True).map(tuple)
BOUNDS = st.sampled_from([Decimal(each) for each in ("0", "3", "50", "100", "110.25")])
SHARES = st.builds(Share, SOME, SOME, OPERATORS, BOUNDS)
SUMS = st.builds(Sum, SOME, OPERATORS, st.integers(0, 8))
COMPARISONS = st.builds(Compare, st.sampled_from(COUNTS), OPERATORS, st.integers(1, 4))
STEPS = st.lists(st.builds(Step, COMPARISONS, st.integers(0, 30)), max_size=2).map(tuple)
PARTS = st.builds(Part, st.just("分"), STEPS, st.just((0, 30)), STEPS)
SCORES = st.builds(Score, st.lists(PARTS, min_size=1, max_size=2).map(tuple), st.integers(1, 60))
Firm = dict[str, Value]
Points = Mapping[str, int]


@st.composite
def known(draw: st.DrawFn) -> Firm:
    """Each figure exactly, within a range (an end may be open or missing), or not at all."""
    firm: Firm = {}
    for fact in COUNTS:
        low, high = sorted((draw(st.integers(0, MOST)), draw(st.integers(0, MOST))))
        how = draw(st.sampled_from(("exact", "range", "at most", "nothing")))
        if how != "nothing":
            ends = {"exact": (low, low), "range": (low, high), "at most": (None, high)}[how]
            firm[fact.key] = Interval(*ends, high_open=how == "range" and high > low and draw(st.booleans()))
    return firm


def ways(firm: Firm) -> Iterator[Points]:
    """Every exact firm (up to a few more than the most that is told) that fits what is known."""
    choices = [[n for n in range(MOST + 4) if _fits(firm.get(fact.key), n)] for fact in COUNTS]
    return (dict(zip("abcd", each, strict=True)) for each in product(*choices))


def _fits(value: Value | None, number: int) -> bool:
    return not isinstance(value, Interval) or value.meet(Interval.exact(number)).value == number


def exact(points: Points) -> Firm:
    return {key: Interval.exact(number) for key, number in points.items()}


def summed(points: Points, facts: tuple[Fact, ...]) -> int:
    return sum(points[fact.key] for fact in facts)


def wanted(condition: Condition, points: Points) -> bool | None:
    """What a condition comes to on exact figures, by plain arithmetic; None: the text or the whole leaves it open."""
    if isinstance(condition, Sum):
        return HOLDS[condition.operator](summed(points, condition.terms), condition.bound)
    if isinstance(condition, Share):
        part, whole = summed(points, condition.part), summed(points, condition.whole)
        return HOLDS[condition.operator](Decimal(part * 100), condition.bound * whole) if whole else None
    assert isinstance(condition, Score)
    spans = [_span(part, points) for part in condition.scored]
    low, high = (sum(ends) for ends in zip(*spans, strict=True))
    return True if low >= condition.at_least else False if high < condition.at_least else None


def _span(part: Part, points: Points) -> tuple[int, int]:
    for step in part.points:
        assert isinstance(step.when, Compare)
        if HOLDS[step.when.operator](points[step.when.fact.key], step.when.bound):
            return step.give, step.give
    return part.between


def truth(found: bool | None) -> Truth:
    return Truth.UNKNOWN if found is None else Truth.of(found)


@given(st.one_of(SHARES, SUMS, SCORES), st.tuples(*[st.integers(0, MOST)] * 4))
@OFTEN
def test_exact_figures_come_out_as_plain_arithmetic_says(
    condition: Condition, figures: tuple[int, ...]
) -> None:
    points = dict(zip("abcd", figures, strict=True))
    found = condition.evaluate(exact(points))
    assert found.truth is truth(wanted(condition, points))
    assert found.missing == ()


@given(st.one_of(SHARES, SUMS, SCORES), known())
@OFTEN
def test_what_is_settled_by_ranges_comes_out_so_on_every_point_in_them(
    condition: Condition, firm: Firm
) -> None:
    found = condition.evaluate(firm)
    if found.truth is not Truth.UNKNOWN:
        assert {truth(wanted(condition, points)) for points in ways(firm)} == {found.truth}
        assert found.missing == ()


@given(st.one_of(SHARES, SUMS, SCORES), known())
@OFTEN
def test_no_truth_that_can_still_come_out_is_left_out(condition: Condition, firm: Firm) -> None:
    reachable = {truth(wanted(condition, points)) for points in ways(firm)} - {Truth.UNKNOWN}
    assert reachable <= condition.evaluate(firm).could


@given(st.one_of(SHARES, SUMS, SCORES), known())
@OFTEN
def test_what_is_missing_is_what_is_not_known_exactly_and_answering_it_settles(
    condition: Condition, firm: Firm
) -> None:
    found = condition.evaluate(firm)
    missing = {each.fact for each in found.missing}
    assert missing <= condition.facts()
    assert not any(_is_exact(firm.get(key)) for key in missing)
    for points in ways(firm):
        told = firm | {key: value for key, value in exact(points).items() if key in missing}
        assert condition.evaluate(told).missing == ()
        if missing and wanted(condition, points) is not None:
            assert condition.evaluate(told).truth is truth(wanted(condition, points))


def _is_exact(value: Value | None) -> bool:
    return isinstance(value, Interval) and value.value is not None


@given(SUMS, known())
@OFTEN
def test_of_a_sum_each_missing_fact_can_settle(condition: Sum, firm: Firm) -> None:
    for missing in condition.evaluate(firm).missing:
        outcomes: dict[tuple[int, ...], set[bool | None]] = {}
        for points in ways(firm):
            others = tuple(number for key, number in points.items() if key != missing.fact)
            outcomes.setdefault(others, set()).add(wanted(condition, points))
        assert any(len(found) > 1 for found in outcomes.values()) or _beyond(condition, firm)


def _beyond(condition: Sum, firm: Firm) -> bool:
    """The points tried end a little above what is told; a bound further up is reached by what has no end."""
    return any(fact.key not in firm for fact in condition.terms) and condition.bound > MOST


@given(st.builds(Elapsed, st.just(SINCE), OPERATORS, st.integers(0, 24)), st.data())
@OFTEN
def test_months_ago_are_counted_on_the_day(condition: Elapsed, data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.integers(NOW - 30, NOW + 3)) for _ in range(2))
    today: Firm = {AS_OF: Interval.exact(NOW)}
    told = condition.evaluate(today | {"since": Interval(low, high)}).truth
    points = {
        condition.evaluate(today | {"since": Interval.exact(month)}).truth for month in range(low, high + 1)
    }
    assert points == {ago(condition, NOW - month) for month in range(low, high + 1)}
    assert told is (points.pop() if len(points) == 1 else Truth.UNKNOWN)
    assert [each.fact for each in condition.evaluate(today).missing] == ["since"]
    assert condition.evaluate({"since": Interval.exact(low)}).truth is Truth.UNKNOWN


def ago(condition: Elapsed, months: int) -> Truth:
    """So many months later on the calendar are as many whole ones, or one fewer; the days are not known."""
    found = {HOLDS[condition.operator](whole, condition.months) for whole in (months - 1, months)}
    return truth(found.pop() if len(found) == 1 else None)


def test_what_only_the_days_tell_is_said_and_nothing_is_asked() -> None:
    for months, words in ((12, "满不满一年"), (6, "满不满 6 个月")):
        condition = Elapsed(SINCE, Operator.AT_LEAST, months)
        found = condition.evaluate({AS_OF: Interval.exact(NOW), "since": Interval.exact(NOW - months)})
        assert (found.truth, found.missing, found.could) == (Truth.UNKNOWN, (), frozenset())
        assert words in found.open_readings[0]


@given(
    st.sets(st.sampled_from("xyz"), min_size=1), st.lists(st.sampled_from("xyz-"), max_size=3), st.booleans()
)
@OFTEN
def test_one_of_the_choices_named_is_among_those_chosen(
    named: set[str], chosen: list[str], complete: bool
) -> None:
    condition = Has(NEEDS, tuple(sorted(named)))
    items = tuple({} if each == "-" else {"code": each} for each in chosen)
    found: Finding = condition.evaluate({"needs": Records(items, complete)})
    sure = bool(named & set(chosen))
    is_open = not sure and (not complete or "-" in chosen)
    assert found.truth is (Truth.UNKNOWN if is_open else Truth.of(sure))
    assert bool(found.missing) == is_open
    assert condition.evaluate({}).truth is Truth.UNKNOWN
    assert set(found.because[0].given.split("、")) <= {*named, *chosen, "没有"} if found.because else is_open


def test_a_share_says_by_how_much_it_is_short_only_from_exact_figures() -> None:
    part, whole = COUNTS[:2]
    condition = Share((part,), (whole,), Operator.AT_LEAST, Decimal(3))
    exactly = condition.evaluate({"a": Interval.exact(2), "b": Interval.exact(101)})
    assert exactly.because[0].short_by == 2  # 3.03 rounded up, less the two there are
    vaguely = condition.evaluate({"a": Interval(1, 2), "b": Interval.exact(101)})
    assert (vaguely.truth, vaguely.because[0].short_by) == (Truth.NO, None)
