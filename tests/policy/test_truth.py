"""Kleene's laws, over all truths: there are only three."""

from itertools import product

import pytest

from policy.truth import Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
PAIRS = list(product(Truth, repeat=2))
TRIPLES = list(product(Truth, repeat=3))


@pytest.mark.parametrize("truth", Truth)
def test_a_truth_cannot_be_used_as_a_bool(truth: Truth) -> None:
    with pytest.raises(TypeError, match="not a bool"):
        bool(truth)


def test_what_is_known_is_yes_or_no() -> None:
    assert (Truth.of(known=True), Truth.of(known=False)) == (YES, NO)


def test_not_turns_yes_and_no_around_and_keeps_unknown() -> None:
    assert [~truth for truth in (YES, NO, UNKNOWN)] == [NO, YES, UNKNOWN]


@pytest.mark.parametrize("truth", Truth)
def test_one_no_settles_an_and_and_one_yes_an_or(truth: Truth) -> None:
    assert (truth & NO, NO & truth, truth | YES, YES | truth) == (NO, NO, YES, YES)
    assert (truth & YES, truth | NO) == (truth, truth)
    assert (truth & truth, truth | truth) == (truth, truth)


@pytest.mark.parametrize(("one", "two"), PAIRS)
def test_the_order_does_not_matter_and_de_morgan_holds(one: Truth, two: Truth) -> None:
    assert (one & two, one | two) == (two & one, two | one)
    assert (~(one & two), ~(one | two)) == (~one | ~two, ~one & ~two)
    assert (one & (one | two), one | (one & two)) == (one, one)


@pytest.mark.parametrize(("one", "two", "three"), TRIPLES)
def test_brackets_do_not_matter_and_each_distributes_over_the_other(
    one: Truth, two: Truth, three: Truth
) -> None:
    assert ((one & two) & three, (one | two) | three) == (one & (two & three), one | (two | three))
    assert one & (two | three) == (one & two) | (one & three)
    assert one | (two & three) == (one | two) & (one | three)


def test_unknown_and_its_opposite_stay_unknown() -> None:
    assert (UNKNOWN & ~UNKNOWN, UNKNOWN | ~UNKNOWN) == (UNKNOWN, UNKNOWN)
