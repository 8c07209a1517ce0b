"""Facts as JSON: every value that comes in goes out the same, and what cannot be taken in is said with its path."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.complaints import DocumentError
from policy.facts import Fact, Kind, Option, Records
from policy.intervals import Interval
from policy.wire import read_document, read_facts, read_value, write_value
from tests.policy.strategies import HENAN, OFTEN

MONEY = Fact("revenue", Kind.MONEY, "营业收入", least=0, most=10**13)
PERCENT = Fact("share", Kind.PERCENT, "占比", least=Decimal(0))
MONTH = Fact("since", Kind.MONTH, "年月", least=1980 * 12)
YESNO = Fact("lab", Kind.YESNO, "研发机构")
CHOICE = Fact("role", Kind.CHOICE, "角色", options=(Option("lead", "牵头"), Option("none", "没有")))
TEXT = Fact("name", Kind.TEXT, "名称")
LIST = Fact(
    "labs", Kind.RECORDS, "平台", fields={each.key: each for each in (TEXT, MONTH, CHOICE)}, key_field="role"
)
BY_YEAR = Fact(
    "spend",
    Kind.RECORDS,
    "研发费用",
    fields={"year": Fact("year", Kind.YEAR, "年度"), "amount": MONEY},
    year_field="year",
)
FACTS = {fact.key: fact for fact in (MONEY, PERCENT, MONTH, YESNO, CHOICE, TEXT, LIST, BY_YEAR)}


def intervals(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Interval]:
    ends = st.tuples(numbers, numbers, st.booleans(), st.booleans())
    ranges = ends.map(lambda four: Interval(min(four[:2]), max(four[:2]), *four[2:])).filter(
        lambda each: not each.is_empty
    )
    half = st.builds(Interval, st.none(), numbers, st.just(value=False), st.booleans())
    return st.one_of(numbers.map(Interval.exact), numbers.map(Interval.about), ranges, half)


WHOLE = st.integers(0, 10**12)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "revenue": intervals(WHOLE),
    "share": intervals(st.decimals(0, 100, places=1)),
    "since": intervals(st.integers(1980 * 12, 2100 * 12)).filter(
        lambda each: each.stated is None or (each.least or 0) >= 0
    ),
    "lab": st.booleans(),
    "role": st.sampled_from(("lead", "none")),
    "name": st.text(max_size=5),
}
ITEMS = st.fixed_dictionaries({}, optional={key: SCALARS[key] for key in ("name", "since", "role")})
YEARS = st.dictionaries(st.integers(1990, 2100), intervals(WHOLE), max_size=3)
LISTS: dict[str, st.SearchStrategy[Any]] = {
    "labs": st.lists(ITEMS, max_size=3).map(lambda items: Records(tuple(items))),
    "spend": YEARS.map(
        lambda years: Records(
            tuple({"year": Interval.exact(year), "amount": each} for year, each in years.items())
        )
    ),
}
VALUES = st.one_of(*(st.tuples(st.just(FACTS[key]), values) for key, values in (SCALARS | LISTS).items()))


@given(VALUES)
@OFTEN
def test_a_value_written_is_read_back(drawn: tuple[Fact, Any]) -> None:
    fact, value = drawn
    assert read_value(fact, write_value(fact, value), fact.key) == value


@pytest.mark.parametrize(
    ("fact", "value", "written"),
    [
        (MONEY, Interval.exact(5), 5),
        (MONEY, Interval.about(500), {"value": 500, "approx": True}),
        (MONEY, Interval.about(5), {"value": 5, "approx": True}),
        (MONEY, Interval(1, None, low_open=True), {"low": 1, "high": None, "low_open": True, "high_open": False}),
        (MONEY, Interval(90, 95, stated=100), {"low": 90, "high": 95, "low_open": False, "high_open": False}),
        (PERCENT, Interval.exact(Decimal("12.5")), "12.5"),
        (PERCENT, Interval.exact(Decimal("15.0")), 15),
        (MONTH, Interval.exact(2025 * 12 + 8), "2025-09"),
        (LIST, Records(({"name": "甲", "since": Interval.exact(2025 * 12)},), complete=False), [{"name": "甲", "since": "2025-01"}]),
        (BY_YEAR, Records(({"year": Interval.exact(2025), "amount": Interval.exact(4)},)), {"2025": 4}),
    ],
)  # fmt: skip
def test_the_shape_of_a_value(fact: Fact, value: Any, written: Any) -> None:
    assert write_value(fact, value) == written


@pytest.mark.parametrize("nothing", [None, {"low": None, "high": None}])
def test_null_and_an_interval_without_ends_are_not_known(nothing: Any) -> None:
    assert read_facts(FACTS, {"revenue": nothing}) == {}


def test_an_entry_of_a_list_may_be_named_by_its_key_alone() -> None:
    assert read_value(LIST, ["lead", {"role": "none", "name": None}], "labs") == Records(
        ({"role": "lead"}, {"role": "none"})
    )


def test_about_so_much_may_reach_beyond_what_can_be() -> None:
    assert read_value(MONEY, {"value": 10**13, "approx": True}, "revenue") == Interval.about(10**13)


REFUSED: list[tuple[Fact, Any, str]] = [
    (MONEY, "100", "revenue: '100' is not a number; write whole yuan, without unit or decimals"),
    (MONEY, 1.5, "revenue: 1.5 is not a number; write whole yuan, without unit or decimals"),
    (MONEY, True, "revenue: True is not a number; write whole yuan, without unit or decimals"),
    (MONEY, 10**18, "revenue: is too large; a number has at most 18 digits"),
    (MONEY, -1, "revenue: is less than 0元, the least that can be"),
    (MONEY, 10**13 + 1, "revenue: is more than 100000亿元, the most that can be"),
    (MONEY, {"low": 5, "high": 4}, "revenue: no number lies between its low and its high end; swap or correct them"),
    (MONEY, {"low": 5, "high": 6, "low_open": True, "high_open": True}, "revenue: no number lies between its low and its high end; swap or correct them"),
    (PERCENT, 12.5, 'share: 12.5 is not a number; write percentage points, as 15 or "12.5"'),
    (PERCENT, "12.5%", "share: '12.5%' is not a number; write percentage points, as 15 or \"12.5\""),
    (MONTH, 202509, 'since: 202509 is not a month; write it as "2025-09"'),
    (MONTH, "2025-13", "since: '2025-13' is not a month; write it as \"2025-09\""),
    (MONTH, "1979-12", "since: is less than 1980年1月, the least that can be"),
    (YESNO, "yes", "lab: 'yes' is not true or false; write true, false or null (not known)"),
    (YESNO, 1, "lab: 1 is not true or false; write true, false or null (not known)"),
    (CHOICE, "leed", "role: 'leed' is not one of lead, none; did you mean 'lead'?"),
    (CHOICE, True, "role: True is not a text; write it in quotes"),
    (TEXT, 5, "name: 5 is not a text; write it in quotes"),
    (LIST, {"name": "甲"}, "labs: {'name': '甲'} is not a list; [] means none, null means not known"),
    (LIST, [5], "labs[1]: expected an object {...}, found int"),
    (LIST, [{}, {"nam": "甲"}], "labs[2].nam: unknown fact; did you mean 'name'?"),
    (LIST, ["leader"], "labs[1].role: 'leader' is not one of lead, none; did you mean 'lead'?"),
    (BY_YEAR, [1], "spend: expected an object {...}, found list"),
    (BY_YEAR, {"25": 1}, "spend: '25' is not a year; write it as \"2025\""),
    (BY_YEAR, {"2025": "x"}, "spend[1].amount: 'x' is not a number; write whole yuan, without unit or decimals"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "given", "message"), REFUSED)
def test_what_cannot_be_taken_in_is_said_with_its_path(fact: Fact, given: Any, message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_value(fact, given, fact.key)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"value": 5},
        {"value": 5, "approx": False},
        {"low": 5, "about": True},
        {"low": 5, "low_open": "yes"},
        {"high": 5, "high_open": 1},
    ],
)
def test_a_number_has_three_shapes_and_no_other(shape: Any) -> None:
    with pytest.raises(
        DocumentError, match=r'revenue: expected \{"low", "high".*or \{"value", "approx": true\}'
    ):
        read_value(MONEY, shape, "revenue")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "document: expected an object {...}, found list"),
        ({"fact": {}}, "fact: unknown key; did you mean 'facts'?"),
        ({"x": {}}, "x: unknown key; known are: about, as_of, facts"),
        ({"about": []}, "about: expected an object {...}, found list"),
        ({"facts": []}, "facts: expected an object {...}, found list"),
        ({"facts": {"revenu": 1}}, "facts.revenu: unknown fact; did you mean 'revenue'?"),
        ({"as_of": 20261101}, 'as_of: 20261101 is not a day; write it as "2026-11-01"'),
        ({"as_of": "2026-11"}, "as_of: '2026-11' is not a day; write it as \"2026-11-01\""),
    ],
)
def test_what_is_wrong_with_a_document(document: Any, message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(HENAN, document)
    assert str(refused.value) == message


def test_a_document_may_leave_everything_out() -> None:
    assert (
        read_document(HENAN, {})
        == read_document(HENAN, {"about": None, "facts": None, "as_of": None})
        == ({}, None)
    )
