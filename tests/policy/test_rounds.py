"""The two rounds with golden firms: few questions, none twice, none whose answer can change nothing."""

import statistics
from random import Random

import pytest

from policy.facts import Value
from policy.verdicts import Determination
from tests.policy.owners import Asked, answers, golden_firms, outcome, rounds, told
from tests.policy.strategies import HENAN, Firm

QUICK_MEDIAN, DEEP_MOST = 9, 28
EACH = pytest.mark.parametrize("name", golden_firms())


def test_the_golden_firms_are_many_and_of_all_kinds() -> None:
    firms = golden_firms().values()
    assert len(firms) >= 30
    for key in ("industry", "entity_type"):
        assert {firm[key] for firm in firms if key in firm} == set(HENAN.facts[key].choices)
    revenues = [outcome(firm).ladder.reached for firm in firms]
    assert {rung.threshold for rung in HENAN.ladder.rungs} | {None} == set(revenues)


def test_the_quick_round_takes_at_most_nine_questions_in_the_middle() -> None:
    counts = [len(rounds(name)[0].asked) for name in golden_firms()]
    assert statistics.median(counts) <= QUICK_MEDIAN
    assert max(counts) <= len(HENAN.facts)


@EACH
def test_the_deep_round_takes_at_most_28_more(name: str) -> None:
    assert len(rounds(name)[1].asked) <= DEEP_MOST


@EACH
def test_the_number_that_remains_never_grows(name: str) -> None:
    for talk in rounds(name):
        remaining = [each.question.remaining for each in talk.asked]
        assert remaining == sorted(remaining, reverse=True)
        assert not remaining or len(remaining) <= remaining[0]
        assert not remaining or remaining[-1] >= 1


@EACH
def test_nothing_is_asked_twice_nor_again_once_it_was_withheld(name: str) -> None:
    quick, deep = rounds(name)
    precisely = [each.question.fact for each in (*quick.asked, *deep.asked) if not each.question.vague]
    assert len(precisely) == len(set(precisely))
    for each in (*quick.asked, *deep.asked):
        assert each.question.fact not in each.withheld


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if number % 4 else ())
        for number, name in enumerate(golden_firms())
    ],
)
def test_no_question_is_asked_whose_answer_can_change_nothing(name: str) -> None:
    quick, deep = rounds(name)
    idle = [each.question for each in quick.asked if not can_change(each, deep=False)]
    idle += [each.question for each in deep.asked if not can_change(each, deep=True)]
    assert idle == []


def can_change(asked: Asked, deep: bool) -> bool:
    """Whether some answer changes what is told: as things stand, or once others that are not withheld are answered."""
    fact, random = HENAN.facts[asked.question.fact], Random(asked.question.fact)
    before = told(asked.given, deep)
    values = list(answers(fact, asked.given.get(fact.key)))
    if any(told(asked.given | {fact.key: value}, deep) != before for value in values):
        return True
    for _ in range(40):
        others = some_answers(asked, random)
        found = {told(others | {fact.key: value}, deep) for value in values}
        if len(found) > 1:
            return True
    return False


def some_answers(asked: Asked, random: Random) -> Firm:
    """What is known, and answers to whatever else may still be asked."""
    more: dict[str, Value] = {
        key: random.choice(list(answers(fact, None)))
        for key, fact in HENAN.facts.items()
        if key not in asked.given and key not in asked.withheld and not fact.background
    }
    return asked.given | more


def test_a_firm_from_elsewhere_and_one_that_knows_nothing_are_not_kept() -> None:
    quick, deep = rounds("外省企业")
    assert (quick.facts, deep.facts) == (["registered_in_henan"], [])
    quick, deep = rounds("什么都不知道的企业")
    assert len(quick.asked) <= 5
    assert not {"rd_institution", "upgrade_total_investment"} & set(quick.facts)


@EACH
def test_after_both_rounds_nothing_is_missing_that_the_owner_knows(name: str) -> None:
    """What stays open hangs on what was withheld, or on something in the text."""
    _, deep = rounds(name)
    known = golden_firms()[name]
    found = outcome(deep.given)
    asked_for = {
        missing.fact
        for each in found.everything()
        if not stuck(each, deep.withheld)
        for missing in each.missing
    }
    assert asked_for & known.keys() <= deep.given.keys() | deep.withheld


def stuck(each: Determination, withheld: frozenset[str]) -> bool:
    """Whether something that has to be known first was withheld, or a criterion that decides cannot be told."""
    blocked = each.gate is not None and {missing.fact for missing in each.gate} <= withheld
    return blocked or any(
        one.criterion.decides and one.missing and {missing.fact for missing in one.missing} <= withheld
        for one in each.checked
    )
