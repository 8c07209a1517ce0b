"""Every kind of condition has words, and notes in the margin of a rule file are found."""

from decimal import Decimal

import pytest

from policy.comparisons import Compare, OneOf, Operator
from policy.lists import Empty, Has, Some
from policy.logic import All, Any, Condition, Not, OpenReading
from policy.margins import read_margins
from policy.phrases import phrase
from policy.ratios import Elapsed, Share, Sum
from policy.scores import Part, Score, Step
from tests.policy.strategies import HENAN
from tests.policy.test_columnar_catalogues import Strange

FACTS = HENAN.facts
PROJECT, INVESTMENT = FACTS["upgrade_project"], FACTS["upgrade_total_investment"]
HAS_PROJECT = OneOf(PROJECT, (True,))
MUCH = Compare(INVESTMENT, Operator.AT_LEAST, 50_000_000)
BOTH = All((HAS_PROJECT, MUCH))
POINTS = (Step(MUCH, 3),)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (BOTH, ["- 下面都要：", f"  - {PROJECT.title}：有", f"  - {INVESTMENT.title} {MUCH.asks}"]),
        (Any((HAS_PROJECT,)), ["- 下面有一样就行：", f"  - {PROJECT.title}：有"]),
        (Not(HAS_PROJECT), [f"- 不是：{PROJECT.title}：有"]),
        (Not(BOTH), ["- 不是下面这样：", "  - 下面都要："]),
        (OpenReading(HAS_PROJECT, "怎样算"), ["- 没有写明：怎样算", f"  - 说的是这种情况：{PROJECT.title}：有"]),
        (OpenReading(BOTH, "怎样算"), ["- 没有写明：怎样算", "  - 说的是这种情况："]),
        (Empty(FACTS["national_platforms"], empty=True), ["一个也没有"]),
        (Some(FACTS["national_platforms"], HAS_PROJECT), ["里至少有一个这样的："]),
        (Has(FACTS["certificates"], ("hnte",)), [FACTS["certificates"].title]),
        (Sum((INVESTMENT, FACTS["revenue"]), Operator.AT_LEAST, 5), ["- 合计："]),
        (Share((INVESTMENT, FACTS["revenue"]), (FACTS["revenue"],), Operator.AT_LEAST, Decimal(5)), ["＋"]),
        (Elapsed(FACTS["registered_on"], Operator.AT_LEAST, 12), [FACTS["registered_on"].title]),
        (Score((Part("规模", POINTS, (0, 5)),), 3), ["分数加起来 3 分以上", "规模（0 到 5 分）", "3 分："]),
    ],
)  # fmt: skip
def test_a_condition_in_words(condition: Condition, said: list[str]) -> None:
    told = "\n".join(phrase(condition).lines())
    assert [each for each in said if each not in told] == []


def test_points_that_are_only_estimated_are_said_to_be() -> None:
    guessed = Part("规模", POINTS, (0, 5), estimate=(*POINTS, Step(HAS_PROJECT, 1)))
    told = "\n".join(phrase(Score((guessed,), 3)).lines())
    assert "只用来估计，不作判断" in told
    assert f"1 分：{PROJECT.title}：有" in told


def test_a_kind_of_condition_without_words_is_not_passed_over() -> None:
    with pytest.raises(TypeError, match="no words for Strange"):
        phrase(Strange())


def test_notes_of_several_lines_are_one_and_those_beside_have_their_line() -> None:
    found = read_margins('# 见到的是转载，\n# 原文没有见到。\n# 另一条\na: "x # y"\nb: 1  # 旁注\n#\n')
    assert found.alone == ("见到的是转载，原文没有见到。", "另一条")
    assert found.beside == {5: "旁注"}
