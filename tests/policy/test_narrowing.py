"""What follows from a part for its whole, and from a whole for its parts."""

import pytest

from policy.facts import Fact, Kind, Value
from policy.intervals import Interval
from policy.narrowing import Conflict, narrow

TOTAL = Fact("total", Kind.MONEY, "总投资")
SPENT = Fact("spent", Kind.MONEY, "设备", part_of="total")
LAND = Fact("land", Kind.MONEY, "土地", part_of="total")
CATALOGUE = {each.key: each for each in (TOTAL, SPENT, LAND)}
EXACT = Interval.exact


@pytest.mark.parametrize(
    ("given", "total", "spent"),
    [
        ({}, None, None),
        ({"spent": EXACT(7)}, Interval(low=7), EXACT(7)),
        (
            {"spent": Interval(low=7, low_open=True)},
            Interval(low=7, low_open=True),
            Interval(low=7, low_open=True),
        ),
        ({"spent": Interval(high=7)}, None, Interval(high=7)),
        ({"total": EXACT(9)}, EXACT(9), Interval(high=9)),
        ({"total": Interval(3, 9), "spent": Interval(5, 12)}, Interval(5, 9), Interval(5, 9)),
        ({"total": EXACT(95), "spent": Interval.about(100)}, EXACT(95), Interval(90, 95, stated=100)),
        ({"spent": EXACT(7), "land": EXACT(8)}, Interval(low=8), EXACT(7)),
    ],
)
def test_a_whole_is_at_least_its_part_and_a_part_at_most_its_whole(
    given: dict[str, Value], total: Interval | None, spent: Interval | None
) -> None:
    facts = narrow(CATALOGUE, given)
    assert (facts.get("total"), facts.get("spent")) == (total, spent)
    assert facts.conflicts == ()


def test_a_part_above_its_whole_is_a_conflict_and_both_stay_as_they_were_told() -> None:
    given: dict[str, Value] = {"total": EXACT(6), "spent": EXACT(7), "land": EXACT(2)}
    facts = narrow(CATALOGUE, given)
    assert facts.conflicts == (Conflict(SPENT, TOTAL),)
    assert dict(facts) == given
    assert len(facts) == len(given)
