"""Columns and one firm at a time tell the same: on random conditions and facts, and on random firms of the shipped edition."""

from collections.abc import Sequence
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.columnar.conditions import Sight, hold
from policy.columnar.measures import judge_columns
from policy.columnar.records import read_records
from policy.comparisons import Compare, OneOf, Operator
from policy.determine import determine
from policy.facts import Fact, Kind, Option, Records, Value
from policy.intervals import Interval
from policy.judged import WORDS, Word, affected, words, words_of
from policy.layout import layout_of
from policy.lists import Empty, Has, Some
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.narrowing import AS_OF
from policy.quantities import Number
from policy.ratios import Elapsed, Share, Sum
from policy.scores import Part, Score, Step
from policy.truth import Truth
from policy.wire import read_facts
from tests.policy.random_deep import deep_firm
from tests.policy.strategies import HENAN, OFTEN

MONTH = 2026 * 12 + 10
YES_NO = Fact("a", Kind.YESNO, "a")
CHOICE = Fact("o", Kind.CHOICE, "o", options=tuple(Option(each, each) for each in "xyz"))
MONEY = [Fact("m", Kind.MONEY, "m", least=0), Fact("n", Kind.MONEY, "n")]
PERCENT, BESIDE = Fact("p", Kind.PERCENT, "p"), Fact("q", Kind.PERCENT, "q")
SINCE = Fact("s", Kind.MONTH, "s", least=MONTH - 20)
CODE = Fact("code", Kind.CHOICE, "code", options=CHOICE.options)
CHOSEN = Fact("c", Kind.RECORDS, "c", fields={"code": CODE}, key_field="code")
LISTED = Fact("l", Kind.RECORDS, "l", fields={"o": CHOICE, "s": SINCE, "n": MONEY[1]})
CATALOGUE = {each.key: each for each in (YES_NO, CHOICE, *MONEY, PERCENT, BESIDE, SINCE, CHOSEN, LISTED)}
LAYOUT = layout_of(CATALOGUE)
OPERATORS = st.sampled_from(Operator)
BOUNDS = st.integers(0, 6)


def on_numbers(facts: Sequence[Fact]) -> st.SearchStrategy[Condition]:
    fact = st.sampled_from(facts)
    terms = st.lists(fact, min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(Compare, fact, OPERATORS, BOUNDS),
        st.builds(Sum, terms, OPERATORS, BOUNDS),
        st.builds(Share, terms, terms, OPERATORS, st.decimals(0, 200, places=1)),
    )


def on_choices(fact: Fact) -> st.SearchStrategy[Condition]:
    return st.builds(
        OneOf, st.just(fact), st.lists(st.sampled_from(fact.choices), min_size=1, max_size=2).map(tuple)
    )


def combined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    steps = st.lists(st.builds(Step, parts, st.integers(0, 9)), max_size=3).map(tuple)
    scored = st.lists(st.builds(Part, st.just("分"), steps, st.just((0, 9))), min_size=1, max_size=2).map(
        tuple
    )
    return st.one_of(
        st.builds(All, several),
        st.builds(Any, several),
        st.builds(Not, parts),
        st.builds(OpenReading, parts, st.just("未写明")),
        st.builds(Score, scored, st.integers(0, 18)),
    )


FIELDS = st.one_of(
    on_choices(CHOICE), on_numbers([MONEY[1]]), st.builds(Compare, st.just(SINCE), OPERATORS, st.just(MONTH))
)
LEAVES = st.one_of(
    on_numbers(MONEY),
    on_choices(YES_NO),
    on_choices(CHOICE),
    st.builds(Compare, st.just(PERCENT), OPERATORS, st.decimals(0, 6, places=1)),
    st.builds(Sum, st.just((PERCENT, BESIDE)), OPERATORS, st.decimals(0, 9, places=1)),
    st.builds(Elapsed, st.just(SINCE), OPERATORS, st.integers(0, 14)),
    st.builds(Empty, st.sampled_from((CHOSEN, LISTED)), st.booleans()),
    st.builds(Has, st.just(CHOSEN), st.lists(st.sampled_from("xyz"), min_size=1, max_size=2).map(tuple)),
    st.builds(Some, st.just(LISTED), st.recursive(FIELDS, combined, max_leaves=3)),
)


CONDITIONS = st.recursive(LEAVES, combined, max_leaves=6)


POINTS: st.SearchStrategy[Number] = st.decimals(0, 6, places=1)


@st.composite
def numbers(draw: st.DrawFn, fact: Fact) -> Interval:
    if fact.kind is Kind.PERCENT:
        low, high = sorted((draw(POINTS), draw(POINTS)))
    else:
        base = MONTH - 14 if fact.kind is Kind.MONTH else 0
        low, high = sorted((draw(st.integers(base, base + 6)), draw(st.integers(base, base + 14))))
    if low == high:
        return draw(st.sampled_from((Interval.exact(low), Interval.about(low))))
    ends = draw(st.sampled_from(("both", "low", "high")))
    found = Interval(
        low if ends != "high" else None,
        high if ends != "low" else None,
        low_open=ends != "high" and draw(st.booleans()),
        high_open=ends != "low" and draw(st.booleans()),
    )
    return Interval(low, high) if found.is_empty else found


@st.composite
def values(draw: st.DrawFn, fact: Fact) -> Value:
    if fact.kind in {Kind.YESNO, Kind.CHOICE}:
        return draw(st.sampled_from(fact.choices))
    if fact.kind is not Kind.RECORDS:
        return draw(numbers(fact))
    items = draw(
        st.lists(
            st.fixed_dictionaries({}, optional={k: values(f) for k, f in fact.fields.items()}), max_size=3
        )
    )
    return Records(tuple(items), complete=draw(st.booleans()))


FIRMS = st.lists(
    st.fixed_dictionaries({}, optional={key: values(fact) for key, fact in CATALOGUE.items()}),
    min_size=1,
    max_size=6,
)


@given(CONDITIONS, FIRMS)
@OFTEN
def test_a_condition_over_columns_is_the_condition_of_each_firm(
    condition: Condition, firms: list[dict[str, Value]]
) -> None:
    records = [LAYOUT.pack(firm) for firm in firms]
    held = [record for record in records if record is not None]
    if not held:
        return
    found = hold(condition, Sight(read_records(held, LAYOUT, CATALOGUE), MONTH))
    told = zip(found.yes, found.no, strict=True)
    for firm, record in zip(firms, records, strict=True):
        if record is not None:
            yes, no = next(told)
            truth = condition.evaluate({**firm, AS_OF: Interval.exact(MONTH)}).truth
            assert (bool(yes), bool(no)) == (truth is Truth.YES, truth is Truth.NO)


def compare(count: int, start: int, day: date) -> int:
    """Judge random firms both ways; how many subjects were compared."""
    layout, random = layout_of(HENAN.facts), Random(start)
    firms = [read_facts(HENAN.facts, deep_firm(random)["facts"]) for _ in range(count)]
    records = [layout.pack(each) for each in firms]
    assert None not in records
    judged = judge_columns(HENAN, read_records([each for each in records if each], layout, HENAN.facts), day)
    assert not judged.inexpressible
    assert not judged.unfit.any()
    compared = 0
    for row, firm in enumerate(firms):
        wanted = words(determine(HENAN, firm, day))
        assert wanted.keys() == judged.subjects.keys()
        for subject, word in wanted.items():
            told = judged.subjects[subject]
            yuan = int(told.yuan[row])
            assert Word(WORDS[told.verdict[row]], None if yuan < 0 else yuan) == word, (subject, firm)
            compared += 1
    return compared


@pytest.mark.parametrize("day", [date(2025, 5, 20), date(2026, 3, 31), date(2026, 11, 23)])
def test_random_firms_are_told_the_same_by_columns(day: date) -> None:
    assert compare(300, 11, day) > 5000


@pytest.mark.slow
@pytest.mark.parametrize("thousands", [3, pytest.param(100, marks=pytest.mark.full)])
def test_thousands_of_firms_are_told_the_same_by_columns(thousands: int) -> None:
    compared = sum(compare(1000, start, date(2026, 11, 23)) for start in range(thousands))
    assert compared > 10_000 * thousands


def test_an_edition_changes_nothing_against_itself() -> None:
    assert affected(HENAN, HENAN, date(2026, 11, 23)) == frozenset()


@pytest.mark.parametrize(
    "wanted", [{HENAN.schemes[0].key}, {"ladder"}, {HENAN.recognitions[0].key, HENAN.schemes[1].key}, set()]
)
def test_words_of_some_subjects_are_those_of_the_whole_outcome(wanted: set[str]) -> None:
    day, random = date(2026, 11, 23), Random(5)
    for _ in range(200):
        given = read_facts(HENAN.facts, deep_firm(random)["facts"])
        some = frozenset(wanted)
        assert words_of(HENAN, given, day, some) == words(determine(HENAN, given, day), some)
