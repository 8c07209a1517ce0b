"""What there is to claim, and how the working is said."""

from fractions import Fraction

import pytest

from policy.benefits import Amount, Each, Rate
from policy.facts import Fact, Kind, Records, Value
from policy.findings import Finding, Missing, Reason, settled
from policy.intervals import Interval
from policy.truth import Truth

WAN = 10_000
BASE = Fact("spent", Kind.MONEY, "设备投资")
SHARE = Rate(Fraction(15, 100), BASE, 1000 * WAN)
UNCAPPED = Rate(Fraction(1, 8), BASE, None)
LIST = Fact("platforms", Kind.RECORDS, "平台")
AWARD = Each(500 * WAN, LIST)
YES = settled(Truth.YES)
EXACT = Interval.exact


@pytest.mark.parametrize(
    ("base", "yuan", "working"),
    [
        (EXACT(4000 * WAN), 600 * WAN, "4000万元 × 15% = 600万元，未到上限 1000万元"),
        (EXACT(7000 * WAN), 1000 * WAN, "7000万元 × 15% = 1050万元，超过上限，按 1000万元计"),
        (EXACT(66_666_666), 9_999_999, "6666.6666万元 × 15% = 999.9999万元（不足 1 元的舍去），未到上限 1000万元"),
        (EXACT(66_666_667), 1000 * WAN, "6666.6667万元 × 15% = 1000万元（不足 1 元的舍去），超过上限，按 1000万元计"),
        (EXACT(0), 0, "0元 × 15% = 0元，未到上限 1000万元"),
        (Interval.about(4000 * WAN), 600 * WAN, "约 4000万元 × 15% = 600万元，未到上限 1000万元（按约数计）"),
        (Interval(36_000_000, 39_000_000, stated=40_000_000), 5_850_000, "约 3900万元 × 15% = 585万元，未到上限 1000万元（按约数计）"),
        (Interval(7000 * WAN, 8000 * WAN), 1000 * WAN, "至少 7000万元、不超过 8000万元，× 15% 后两头都是 1000万元"),
        (Interval(7000 * WAN), 1000 * WAN, "至少 7000万元，× 15% 后两头都是 1000万元"),
        (Interval(4000 * WAN, 5000 * WAN), None, "在 600万元至 750万元之间，要看准数"),
        (Interval(high=5000 * WAN), None, "在 0元至 750万元之间，要看准数"),
    ],
)  # fmt: skip
def test_a_share_up_to_a_cap(base: Interval, yuan: int | None, working: str) -> None:
    missing = (Missing("spent"),) if yuan is None else ()
    assert SHARE.amount({"spent": base}, YES) == Amount(yuan, working, missing)


def test_a_share_that_just_reaches_the_cap() -> None:
    tenth = Rate(Fraction(10, 100), BASE, 1000 * WAN)
    assert (
        tenth.amount({"spent": EXACT(10_000 * WAN)}, YES).working
        == "1亿元 × 10% = 1000万元，正好到上限 1000万元"
    )


def test_a_share_without_a_cap() -> None:
    assert UNCAPPED.amount({"spent": EXACT(1000)}, YES) == Amount(125, "1000元 × 12.5% = 125元")
    assert UNCAPPED.amount({"spent": Interval(low=1000)}, YES).working == "在 125元至 未定之间，要看准数"


def test_without_a_base_there_is_no_amount() -> None:
    assert SHARE.amount({}, YES) == Amount(None, "", (Missing("spent"),))
    assert SHARE.fact == BASE


@pytest.mark.parametrize(
    ("eligible", "amount"),
    [
        (
            settled(Truth.YES, *[Reason("platforms", "甲", "新建")] * 2),
            Amount(1000 * WAN, "2 个 × 500万元 = 1000万元"),
        ),
        (settled(Truth.NO, Reason("platforms", "乙", "新建")), Amount(0, "0 个 × 500万元 = 0元")),
        (Finding(Truth.UNKNOWN), Amount(0, "0 个 × 500万元 = 0元")),
    ],
)
def test_a_sum_for_each_entry_that_surely_counts(eligible: Finding, amount: Amount) -> None:
    assert AWARD.amount({"platforms": Records(({}, {}))}, eligible) == amount


@pytest.mark.parametrize("facts", [{}, {"platforms": Records(({},), complete=False)}])
def test_a_list_not_told_to_its_end_has_no_amount(facts: dict[str, Value]) -> None:
    assert AWARD.amount(facts, YES) == Amount(None, missing=(Missing("platforms"),))
