"""Which fact next: few questions, none about what is settled, none whose answer can change nothing."""

from collections.abc import Collection, Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from policy.determine import Outcome, determine
from policy.facts import Records, Value
from policy.intervals import Interval
from policy.questions import Question, conflicts, next_question
from policy.standing import RungState
from policy.wire import read_document
from tests.policy.random_firms import firm
from tests.policy.strategies import HENAN, Firm, answers

YI = 100_000_000
UPGRADE = {"upgrade_total_investment", "upgrade_equipment_software", "upgrade_demo_recognized"}
IN_HENAN: Firm = {"registered_in_henan": True}
SETTLED: Firm = IN_HENAN | {"upgrade_project": False, "national_platforms": Records(())}


def outcome(given: Firm) -> Outcome:
    return determine(HENAN, given, date(2026, 11, 1))


def ask(given: Firm, withheld: Collection[str] = ()) -> Question | None:
    return next_question(outcome(given), given, withheld)


def result(given: Firm) -> tuple[object, ...]:
    """What a firm is told, so far as an answer can change it."""
    found = outcome(given)
    rungs = tuple((each.state, each.ahead) for each in found.ladder.rungs)
    return rungs, tuple((each.verdict, each.amount) for each in found.schemes)


def partial_firms(count: int, seed: int) -> Iterator[tuple[Firm, set[str], Random]]:
    """Random firms of which part is known, with some of the facts withheld."""
    random = Random(seed)
    for _ in range(count):
        given, _day = read_document(HENAN, firm(random))
        given = {key: value for key, value in given.items() if random.random() < 0.7}
        unknown = [key for key in HENAN.facts if key not in given]
        yield given, {key for key in unknown if random.random() < 0.2}, random


def interview(firm: Firm) -> list[str]:
    """Answer what is asked until nothing is; the questions in order."""
    given: Firm = {}
    asked = []
    while (question := ask(given)) is not None:
        asked.append(question.fact)
        given[question.fact] = firm[question.fact]
    return asked


def test_the_firm_of_the_contract_needs_three_questions_for_the_ladder_and_eight_for_everything() -> None:
    firm: Firm = SETTLED | {"revenue": Interval.exact(320_000_000), "rd_institution": True}
    asked = interview(firm)
    assert asked[:3] == ["registered_in_henan", "revenue", "rd_institution"]
    after_three = outcome({key: firm[key] for key in asked[:3]})
    assert RungState.UNKNOWN not in {each.state for each in after_three.ladder.rungs}
    assert sorted(asked) == sorted(firm)
    assert len(asked) <= 8


def test_a_firm_from_elsewhere_is_asked_nothing_more() -> None:
    assert interview({"registered_in_henan": False}) == ["registered_in_henan"]
    assert ask({"registered_in_henan": False, "upgrade_project": True}) is None


def test_a_small_firm_is_not_asked_about_rungs() -> None:
    asked = interview(SETTLED | {"revenue": Interval.exact(YI - 1)})
    assert asked == ["registered_in_henan", "revenue", "upgrade_project", "national_platforms"]


@pytest.mark.parametrize(
    ("revenue", "bound"),
    [
        (Interval.about(YI), YI),
        (Interval(YI // 2, 20 * YI), YI),
        (Interval(2 * YI, 20 * YI), 5 * YI),
        (Interval(low=50 * YI), 100 * YI),
    ],
)
def test_a_figure_not_precise_enough_is_asked_for_its_lowest_threshold_in_doubt(
    revenue: Interval, bound: int
) -> None:
    rungs: Firm = dict.fromkeys(("rd_institution", "landmark_result", "sci_tech_leader"), True)
    question = ask(SETTLED | rungs | {"consortium_role": "lead", "revenue": revenue})
    assert question == Question("revenue", remaining=1, vague=True, bound=bound)


def test_a_base_not_precise_enough_has_no_threshold_to_ask_for() -> None:
    given: Firm = SETTLED | {
        "revenue": Interval.exact(0),
        "upgrade_project": True,
        "upgrade_total_investment": Interval.exact(60_000_000),
        "upgrade_equipment_software": Interval(40_000_000, 50_000_000),
        "upgrade_demo_recognized": True,
    }
    assert ask(given) == Question("upgrade_equipment_software", remaining=1, vague=True)


def test_a_bound_that_follows_from_another_fact_is_not_taken_for_an_answer() -> None:
    given: Firm = SETTLED | {
        "revenue": Interval.exact(0),
        "upgrade_project": True,
        "upgrade_equipment_software": Interval.exact(40_000_000),
        "upgrade_demo_recognized": True,
    }
    assert ask(given) == Question("upgrade_total_investment", remaining=1, vague=False, bound=None)


def test_without_revenue_nothing_about_rungs_is_asked() -> None:
    assert ask(SETTLED, withheld={"revenue"}) is None


def test_without_knowing_of_a_project_nothing_about_it_is_asked() -> None:
    given: Firm = IN_HENAN | {"revenue": Interval.exact(0), "national_platforms": Records(())}
    assert ask(given) == Question("upgrade_project", remaining=4)
    assert ask(given, withheld={"upgrade_project"}) is None


def test_answers_that_contradict_one_another_are_told_where_something_looks_at_them() -> None:
    clash: Firm = {
        "upgrade_total_investment": Interval.exact(1),
        "upgrade_equipment_software": Interval.exact(2),
    }
    assert [each.part.key for each in conflicts(outcome(clash))] == ["upgrade_equipment_software"]
    assert conflicts(outcome(clash | {"registered_in_henan": False})) == ()
    assert conflicts(outcome({})) == ()


def test_nothing_that_is_settled_or_withheld_is_asked() -> None:
    for given, withheld, _ in partial_firms(400, seed=1):
        question = ask(given, withheld)
        open_facts = set(outcome(given).must_ask) - withheld
        assert question is None or question.fact in open_facts
        if question is not None:
            assert question.vague == (question.fact in given)
            assert 1 <= question.remaining <= len(open_facts)


def test_no_question_is_asked_whose_answer_can_change_nothing() -> None:
    asked = 0
    for given, withheld, random in partial_firms(300, seed=2):
        question = ask(given, withheld)
        if question is not None:
            asked += 1
            others = set(outcome(given).must_ask) - withheld - {question.fact}
            assert can_change(given, question.fact, others, random), (given, withheld, question)
    assert asked > 200


def can_change(given: Firm, fact: str, others: set[str], random: Random) -> bool:
    """Whether two answers lead to different results, as things stand or once the others are answered in some way."""
    choices = {key: list(answers(HENAN.facts[key], given.get(key))) for key in {fact, *others}}
    for attempt in range(60):
        told: dict[str, Value] = {key: random.choice(choices[key]) for key in others} if attempt else {}
        results = {result(given | told | {fact: answer}) for answer in choices[fact]}
        if len(results) > 1 or (not attempt and results != {result(given)}):
            return True
    return False


def test_answers_never_make_more_questions_remain() -> None:
    random = Random(3)
    for _ in range(150):
        given: Firm = {}
        remaining = len(HENAN.facts)
        while (question := ask(given)) is not None:
            assert question.remaining <= remaining
            remaining = question.remaining
            given[question.fact] = some_answer(question, given.get(question.fact), random)
        assert outcome(given).must_ask == ()


def some_answer(question: Question, known: Value | None, random: Random) -> Value:
    """An answer as owners give it: now and then an amount is vague, the first time it is asked for."""
    answer = random.choice(list(answers(HENAN.facts[question.fact], known)))
    if not isinstance(answer, Interval) or question.vague or random.random() < 0.5:
        return answer
    number = answer.value
    assert isinstance(number, int)
    return random.choice(
        (
            Interval.about(number),
            Interval(low=number),
            Interval(high=number),
            Interval(number // 2, 2 * number),
        )
    )


def test_the_weightiest_question_comes_first_and_the_catalogue_decides_between_equals() -> None:
    order: list[Any] = [ask({}), ask(IN_HENAN), ask(IN_HENAN | {"revenue": Interval.exact(12 * YI)})]
    assert [each.fact for each in order] == ["registered_in_henan", "revenue", "rd_institution"]
    assert UPGRADE & {each.fact for each in order} == set()
