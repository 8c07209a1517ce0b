"""Conditions in words; that every kind of condition has words is held where the pages are tested."""

from policy.comparisons import Compare, Operator
from policy.facts import Fact, Kind
from policy.phrases import phrase
from policy.scores import Part, Score, Step

STAFF = Fact("staff", Kind.COUNT, "人数", unit="人")
MANY = Step(Compare(STAFF, Operator.AT_LEAST, 100), 20)
SOME = Step(Compare(STAFF, Operator.AT_LEAST, 50), 10)


def _told(estimate: tuple[Step, ...]) -> str:
    return str(phrase(Score((Part("人员", (MANY,), (0, 20), estimate),), 10)))


def test_a_step_that_only_estimates_is_told_as_not_confirmed() -> None:
    assert "待核实" in _told((MANY, SOME))


def test_a_score_whose_steps_were_all_seen_has_nothing_to_confirm() -> None:
    told = _told((MANY,))
    assert "待核实" not in told
    assert "0 到 20 分" in told
