"""Conditions drawn at random against brute force: every way in which what is not known could come out."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from policy.comparisons import Compare, OneOf, Operator
from policy.facts import Fact, Kind, Option, Value
from policy.intervals import Interval
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.truth import Truth
from tests.policy.strategies import OFTEN

NUMBERS = range(4)
LETTERS = ("x", "y", "z")
YES_NO = {key: Fact(key, Kind.YESNO, key) for key in ("a", "b", "c", "d")}
COUNTS = {key: Fact(key, Kind.COUNT, key) for key in ("m", "n")}
CHOICE = Fact("o", Kind.CHOICE, "o", options=tuple(Option(letter, letter) for letter in LETTERS))
SETTLED = {Truth.YES, Truth.NO}
LEAVES = [*YES_NO.values(), *COUNTS.values(), CHOICE]
Firm = dict[str, Value]


def leaf(fact: Fact) -> st.SearchStrategy[Condition]:
    if fact.kind is Kind.COUNT:
        return st.builds(Compare, st.just(fact), st.sampled_from(Operator), st.sampled_from((1, 2)))
    values = st.lists(
        st.sampled_from(fact.choices), min_size=1, max_size=len(fact.choices) - 1, unique=True
    ).map(tuple)
    return st.builds(OneOf, st.just(fact), values)


def combined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(All, several),
        st.builds(Any, several),
        st.builds(Not, parts),
        st.builds(OpenReading, parts, st.just("未写明")),
    )


CONDITIONS = st.recursive(st.sampled_from(LEAVES).flatmap(leaf), combined, max_leaves=6)


@st.composite
def conditions_that_name_each_fact_once(draw: st.DrawFn) -> Condition:
    parts = [
        draw(leaf(fact))
        for fact in draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=4, unique=True))
    ]
    while len(parts) > 1:
        taken = [parts.pop() for _ in range(draw(st.integers(2, len(parts))))]
        whole: Condition = draw(st.sampled_from((All, Any)))(tuple(taken))
        wrap = draw(st.sampled_from(("", "not", "open")))
        parts.append(
            Not(whole) if wrap == "not" else OpenReading(whole, "未写明") if wrap == "open" else whole
        )
    return parts[0]


@st.composite
def partly_known(draw: st.DrawFn) -> Firm:
    firm: Firm = {}
    for fact in draw(st.lists(st.sampled_from(LEAVES), unique=True, max_size=4)):
        if fact.kind is Kind.COUNT:
            low, high = sorted((draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(NUMBERS))))
            firm[fact.key] = Interval(low, high)
        else:
            firm[fact.key] = draw(st.sampled_from(fact.choices))
    return firm


def completions(firm: Firm) -> list[Firm]:
    """Every exact firm that fits what is known."""
    choices: list[list[Value]] = []
    for fact in LEAVES:
        known = firm.get(fact.key, Interval(0, NUMBERS[-1]) if fact.kind is Kind.COUNT else None)
        if isinstance(known, Interval):
            choices.append([Interval.exact(n) for n in NUMBERS if known.meet(Interval.exact(n)).value == n])
        else:
            choices.append(list(fact.choices) if known is None else [known])
    return [dict(zip((fact.key for fact in LEAVES), values, strict=True)) for values in product(*choices)]


def relevant(condition: Condition, firm: Firm) -> list[Firm]:
    """Completions that differ in the condition's own facts only."""
    beside = [fact for fact in LEAVES if fact.key not in condition.facts()]
    fixed: Firm = {fact.key: fact.choices[0] if fact.choices else Interval.exact(0) for fact in beside}
    return completions(fixed | firm)


def truth(condition: Condition, firm: Mapping[str, Value]) -> Truth:
    return condition.evaluate(firm).truth


@given(CONDITIONS, partly_known())
@OFTEN
def test_a_settled_truth_is_the_truth_of_every_way_it_can_come_out(condition: Condition, firm: Firm) -> None:
    found = condition.evaluate(firm)
    if found.truth is not Truth.UNKNOWN:
        assert {truth(condition, each) for each in relevant(condition, firm)} == {found.truth}
        assert found.missing == ()
        assert found.could == {found.truth}


@given(CONDITIONS, partly_known())
@OFTEN
def test_no_truth_that_can_still_come_out_is_left_out(condition: Condition, firm: Firm) -> None:
    reachable = {truth(condition, each) for each in relevant(condition, firm)} & SETTLED
    assert reachable <= condition.evaluate(firm).could


@given(conditions_that_name_each_fact_once(), partly_known())
@OFTEN
def test_where_each_fact_is_named_once_just_these_truths_can_come_out(
    condition: Condition, firm: Firm
) -> None:
    reachable = {truth(condition, each) for each in relevant(condition, firm)} & SETTLED
    assert condition.evaluate(firm).could == reachable


@given(conditions_that_name_each_fact_once(), partly_known())
@OFTEN
def test_where_each_fact_is_named_once_a_fact_is_missing_if_and_only_if_it_can_matter(
    condition: Condition, firm: Firm
) -> None:
    missing = {each.fact for each in condition.evaluate(firm).missing}
    ways = relevant(condition, firm)
    for fact in condition.facts():
        others = [tuple(str(value) for key, value in way.items() if key != fact) for way in ways]
        outcomes: dict[tuple[str, ...], set[Truth]] = {}
        for other, way in zip(others, ways, strict=True):
            outcomes.setdefault(other, set()).add(truth(condition, way))
        assert (fact in missing) == any(len(found) > 1 for found in outcomes.values())


@given(CONDITIONS, partly_known())
@OFTEN
def test_every_reason_says_what_was_given_and_what_is_asked(condition: Condition, firm: Firm) -> None:
    facts = {fact.key: fact for fact in LEAVES}
    for reason in condition.evaluate(firm).because:
        value = firm[reason.fact]
        assert reason.given == facts[reason.fact].show(value)
        figures = [*map(str, NUMBERS), *LETTERS, "是", "否"]
        assert any(figure in reason.asks for figure in figures)


@given(CONDITIONS, partly_known())
@OFTEN
def test_a_condition_looks_only_at_the_facts_it_names(condition: Condition, firm: Firm) -> None:
    narrowed = {key: value for key, value in firm.items() if key in condition.facts()}
    assert condition.evaluate(firm) == condition.evaluate(narrowed)
