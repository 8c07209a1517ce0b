"""What examples may be given: facts in the JSON shapes, with amounts as in the rules, and lists in all their forms."""

from datetime import date
from pathlib import Path

import pytest

from policy.complaints import EditionError
from policy.examples import check_files
from policy.gathering import read_folder

MINIMAL = read_folder(Path(__file__).parent / "editions" / "minimal")
DAY = date(2026, 11, 1)
MORE_FACTS = """
spend:
  kind: records
  title: 研发费用
  year_field: year
  fields:
    year: {kind: year, title: 年度}
    amount: {kind: money, title: 费用, limits: {min: 0元}}
  background: 试例子的写法
titles:
  kind: records
  title: 资格
  key_field: code
  fields:
    code: {kind: choice, title: 资格, options: [{key: a, label: 甲}, {key: b, label: 乙}]}
    until: {kind: month, title: 有效期至}
  background: 试例子的写法
"""


def complaints(given: str, then: str = "{verdict: undetermined}") -> list[str]:
    """What is complained of one more example of the subsidy, without its place."""
    files = dict(MINIMAL)
    files["facts.yaml"] += MORE_FACTS
    files["schemes/subsidy.yaml"] += f"  - name: 再一个\n    given: {given}\n    then: {then}\n"
    try:
        check_files(files, DAY)
    except EditionError as error:
        return [line.split(": ", 1)[1] for line in error.lines]
    return []


@pytest.mark.parametrize(
    "given",
    [
        "{}",
        "{total: null, growth: null}",
        "{revenue: {low: 1亿, high: null, low_open: true}}",
        "{revenue: {value: 3.2亿, approx: true}}",
        "{growth: 12.5%}",
        '{growth: "12.5"}',
        "{staff: 12}",
        "{spend: {2024: 300万, 2025: 400万}}",
        "{titles: [a, {code: b, until: 2027-06}]}",
        "{role: none, lab: false}",
        "{platforms: []}",
    ],
)
def test_an_example_may_be_given(given: str) -> None:
    assert complaints(given) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{spend: {2024: 三百万}}", "'三百万' is not an amount; write it as 5000万, 1.5亿 or 300元"),
        ("{spend: {24: 3万}}", "spend: '24' is not a year; write it as \"2025\""),
        ("{titles: [c]}", "titles[1].code: 'c' is not one of a, b"),
        ("{titles: [{cod: a}]}", "titles[1].cod: unknown fact; did you mean 'code'?"),
        ("{staff: many}", "'many' is not a whole number; write it in digits, as 2025"),
        ("{growth: much}", "growth: 'much' is not a number; write percentage points, as 15 or \"12.5\""),
        ("{lab: maybe}", "lab: 'maybe' is not true or false; write true, false or null (not known)"),
        ("{revenue: {low: 2亿, high: 1亿}}", "revenue: no number lies between its low and its high end; swap or correct them"),
        ("[]", "expected a mapping (key: value), found a list"),
    ],
)  # fmt: skip
def test_an_example_may_not_be_given(given: str, message: str) -> None:
    assert complaints(given) == [message]


@pytest.mark.parametrize(
    ("then", "message"),
    [
        ("{missing: [growth, total, spent, recognised]}", None),
        ("{missing: [growth, totals]}", "unknown word 'totals'; did you mean 'total'?"),
        ("{amount: null, short_by: null, because: []}", None),
        ("{amount: 0元}", "the example fails: amount should be 0元, the rules give none"),
        ("{amount: nothing}", "'nothing' is not an amount; write it as 5000万, 1.5亿 or 300元"),
        ("[]", "expected a mapping (key: value), found a list"),
    ],
)
def test_what_an_example_may_want(then: str, message: str | None) -> None:
    assert complaints("{}", then) == ([] if message is None else [message])


def test_what_is_short_may_be_wanted_as_nothing_though_it_is_something() -> None:
    then = "{short_by: null}"
    assert complaints("{growth: 5%, total: 4999万}", then) == [
        "the example fails: short_by should be none, the rules give 1万元"
    ]


def test_an_example_may_be_judged_on_its_own_day() -> None:
    files = dict(MINIMAL)
    early = "  - name: 施行前\n    as_of: 2025-08-31\n    given: {growth: 5%}\n    then: {verdict: not_applicable}\n"
    files["schemes/subsidy.yaml"] += early
    assert check_files(files, DAY)[1] == 5


def test_who_types_in_one_file_has_its_examples_run_and_all_files_read() -> None:
    files = dict(MINIMAL)
    files["schemes/subsidy.yaml"] = files["schemes/subsidy.yaml"].replace(
        "verdict: eligible, amount", "verdict: conditional, amount"
    )
    with pytest.raises(EditionError, match=r"subsidy\.yaml:\d+: the example fails"):
        check_files(files, DAY, only="schemes/subsidy.yaml")
    _, ran = check_files(files, DAY, only="ladder.yaml")
    assert 0 < ran < check_files(MINIMAL, DAY)[1]
    with pytest.raises(EditionError, match=r"plan\.yaml:1: the file is missing"):
        check_files(
            {name: text for name, text in files.items() if name != "plan.yaml"}, DAY, only="ladder.yaml"
        )
