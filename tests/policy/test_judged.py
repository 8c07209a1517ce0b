"""What a changed word means for a firm: better, worse, not settled any more, settled now, or a goal that moved."""

from dataclasses import replace
from datetime import date

import pytest

from policy.determine import determine
from policy.judged import ABSENT, LADDER, NOT_THERE, Turn, Word, affected, is_change, turn_of
from policy.logic import Not
from policy.schemes import Scheme
from tests.policy.strategies import HENAN

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (Word("ineligible", None), Word("eligible", 100), Turn.BETTER),
        (Word("conditional", 100), Word("eligible", 100), Turn.BETTER),
        (Word("eligible", 100), Word("conditional", 100), Turn.WORSE),
        (Word("eligible", 100), Word("eligible", 200), Turn.BETTER),
        (Word("eligible", 200), Word("eligible", None), Turn.WORSE),
        (Word("eligible", 100), Word("undetermined", None), Turn.UNDETERMINED),
        (Word("contradictory", None), Word("ineligible", None), Turn.DETERMINED),
        (Word("unknown", None), Word("undetermined", None), Turn.OTHER),
        (Word("missing", None), Word("met", None), Turn.BETTER),
        (Word("met", None), Word("not_expected", None), Turn.OTHER),
        (Word("not_expected", None), Word("missing", None), Turn.OTHER),
        (Word("ineligible", None), Word("not_applicable", None), Turn.OTHER),
    ],
)
def test_what_a_change_means(before: Word, after: Word, turn: Turn) -> None:
    assert turn_of(before, after) is turn


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (NOT_THERE, Word("eligible", 100), True),
        (NOT_THERE, Word("not_applicable", None), False),
        (Word("out_of_scope", None), NOT_THERE, False),
        (Word("ineligible", None), NOT_THERE, True),
        (Word("eligible", 100), Word("eligible", 100), False),
        (Word("eligible", 100), Word("eligible", 200), True),
    ],
)
def test_what_came_or_went_is_told_where_it_says_something(before: Word, after: Word, told: bool) -> None:
    assert NOT_THERE.verdict == ABSENT
    assert is_change(before, after) is told


def test_whom_a_change_can_concern() -> None:
    first = HENAN.schemes[0]
    assert isinstance(first, Scheme)
    other = replace(HENAN, schemes=(replace(first, title="别的叫法"), *HENAN.schemes[1:]))
    assert affected(HENAN, other, DAY) == {first.key}
    everything = affected(HENAN, replace(HENAN, scope=Not(HENAN.scope)), DAY)
    assert {LADDER, *(each.key for each in HENAN.schemes)} < everything


def test_one_measure_is_judged_by_its_id() -> None:
    outcome = determine(HENAN, {}, DAY)
    assert outcome.of("hnte") == next(each for each in outcome.recognitions if each.scheme.key == "hnte")
    for each in (outcome.schemes[0], outcome.guides[0]):
        assert outcome.of(each.scheme.key) == each
    assert outcome.of("no such measure") is None
