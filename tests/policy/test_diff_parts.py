"""What came, went, moved or changed its kind between two editions is said, part by part."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from policy.benefits import Each, Rate
from policy.comparisons import Compare, OneOf, Operator
from policy.diff import diff
from policy.diff_words import shown
from policy.logic import All, Condition, OpenReading
from policy.schemes import Edition, Scheme
from tests.policy.strategies import HENAN

INVESTMENT, PROJECT = HENAN.facts["upgrade_total_investment"], HENAN.facts["upgrade_project"]
SPENT, PLATFORMS = HENAN.facts["upgrade_equipment_software"], HENAN.facts["national_platforms"]
AT_LEAST = Compare(INVESTMENT, Operator.AT_LEAST, 50_000_000)


def lines(before: Edition, after: Edition) -> list[str]:
    return [each.line for each in diff(before, after)]


def with_condition(condition: Condition) -> Edition:
    first = HENAN.schemes[0]
    assert isinstance(first, Scheme)
    return replace(HENAN, schemes=(replace(first, eligible_when=condition), *HENAN.schemes[1:]))


def with_facts(**facts: object) -> Edition:
    return replace(HENAN, facts={**HENAN.facts, **facts})  # type: ignore[dict-item]  # facts by name


def test_a_fact_that_came_one_that_went_and_another_order() -> None:
    fewer = replace(HENAN, facts={key: each for key, each in HENAN.facts.items() if key != "employees"})
    title = HENAN.facts["employees"].title
    assert f"{title}：新增事实项" in lines(fewer, HENAN)
    assert f"{title}：事实项取消" in lines(HENAN, fewer)
    turned = replace(HENAN, facts=dict(reversed(list(HENAN.facts.items()))))
    assert lines(HENAN, turned) == ["事实项：次序变了（只是文字）"]


def test_an_option_that_came_one_that_went_and_another_order() -> None:
    industry = HENAN.facts["industry"]
    fewer = with_facts(industry=replace(industry, options=industry.options[1:]))
    assert lines(HENAN, fewer) == [f"{industry.title}：取消选项“{industry.options[0].label}”"]
    assert lines(fewer, HENAN) == [f"{industry.title}：新增选项“{industry.options[0].label}”"]
    turned = with_facts(industry=replace(industry, options=industry.options[::-1]))
    assert lines(HENAN, turned) == [f"{industry.title}：选项次序变了（只是文字）"]


def test_rungs_in_another_order_decide() -> None:
    turned = replace(HENAN, ladder=replace(HENAN.ladder, rungs=HENAN.ladder.rungs[::-1]))
    assert any(each.decides and "次序变了" in each.text for each in diff(HENAN, turned))


def test_a_measure_that_comes_from_another_edition_or_is_of_another_kind_is_told() -> None:
    first, other = HENAN.schemes[0], HENAN.recognitions[0]
    moved = replace(HENAN, schemes=(replace(first, edition="henan-2027"), *HENAN.schemes[1:]))
    assert any("henan-2027" in line for line in lines(HENAN, moved))
    swapped = replace(HENAN, schemes=(replace(other, key=first.key), *HENAN.schemes[1:]))  # type: ignore[arg-type]  # on purpose
    assert any("Recognition" in line for line in lines(HENAN, swapped))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (AT_LEAST, replace(AT_LEAST, bound=30_000_000), "门槛 5000万元 → 3000万元"),
        (AT_LEAST, replace(AT_LEAST, operator=Operator.MORE_THAN), "原来"),
        (AT_LEAST, OneOf(PROJECT, (True,)), "现在"),
        (All((AT_LEAST, OneOf(PROJECT, (True,)))), All((AT_LEAST,)), "（没有别的）"),
        (
            All((AT_LEAST, OneOf(PROJECT, (True,)))),
            All((OneOf(PROJECT, (True,)), AT_LEAST)),
            "现在：下面都要：；" + f"{PROJECT.title}",
        ),
        (OpenReading(AT_LEAST, "一种读法"), OpenReading(AT_LEAST, "另一种读法"), "另一种读法"),
    ],
)
def test_a_condition_that_changed_is_told(was: Condition, now: Condition, said: str) -> None:
    assert any(said in line for line in lines(with_condition(was), with_condition(now)))


def test_a_benefit_of_another_kind_is_told_whole() -> None:
    first = HENAN.schemes[0]
    assert isinstance(first, Scheme)
    sides = [
        replace(HENAN, schemes=(replace(first, benefit=benefit), *HENAN.schemes[1:]))
        for benefit in (Rate(Fraction(3, 20), SPENT, 10_000_000), Each(5_000_000, PLATFORMS))
    ]
    assert any(
        f"补助 {SPENT.title}的 15%，上限 1000万元 → {PLATFORMS.title}每个 500万元" in line
        for line in lines(*sides)
    )


@pytest.mark.parametrize(
    ("value", "name", "said"),
    [
        (PROJECT, "", PROJECT.title),
        (AT_LEAST, "", f"{INVESTMENT.title} {AT_LEAST.asks}"),
        (None, "", "没有"),
        (date(2026, 1, 2), "", "2026-01-02"),
        (5_000_000, "cap", "500万元"),
        ({"甲": 1, "乙": 2}, "", "甲：1、乙：2"),
        (("长" * 400,), "", f"{'长' * 300}……"),
    ],
)
def test_a_value_is_said_in_words(value: object, name: str, said: str) -> None:
    assert shown(value, name) == said
