"""How values are said in words."""

from decimal import Decimal

import pytest

from policy.facts import Fact, Kind, Option, Records, Value
from policy.intervals import Interval

MONEY = Fact("revenue", Kind.MONEY, "营业收入")
COUNT = Fact("staff", Kind.COUNT, "职工", unit="人")
PERCENT = Fact("share", Kind.PERCENT, "占比")
MONTH = Fact("since", Kind.MONTH, "年月")
PLAIN = Fact("listed", Kind.YESNO, "上市")
LABELLED = Fact("lab", Kind.YESNO, "研发机构", options=(Option("yes", "有"), Option("no", "没有")))
TEXT = Fact("name", Kind.TEXT, "名称")
LIST = Fact("labs", Kind.RECORDS, "平台", fields={"name": TEXT, "since": MONTH, "kept": LABELLED})
EXACT = Interval.exact


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        (MONEY, EXACT(320_000_000), "3.2亿元"),
        (MONEY, Interval.about(320_000_000), "约 3.2亿元"),
        (MONEY, Interval(high=100_000_000, high_open=True), "不到 1亿元"),
        (MONEY, Interval(high=100_000_000), "不超过 1亿元"),
        (MONEY, Interval(low=100_000_000), "至少 1亿元"),
        (MONEY, Interval(low=100_000_000, low_open=True), "超过 1亿元"),
        (MONEY, Interval(100_000_000, 200_000_000, high_open=True), "至少 1亿元、不到 2亿元"),
        (MONEY, Interval(4, 6, low_open=True, high_open=True), "5元"),
        (MONEY, Interval(), "未定"),
        (COUNT, EXACT(300), "300人"),
        (PERCENT, EXACT(Decimal("12.50")), "12.5%"),
        (MONTH, EXACT(2025 * 12 + 8), "2025年9月"),
        (PLAIN, True, "是"),
        (PLAIN, False, "否"),
        (LABELLED, True, "有"),
        (LABELLED, False, "没有"),
        (TEXT, "重点实验室", "重点实验室"),
        (LIST, Records(()), "没有"),
        (LIST, Records((), complete=False), "有"),
        (
            LIST,
            Records(({"name": "甲", "since": EXACT(2025 * 12)}, {"name": "乙"}, {})),
            "甲（2025年1月）、乙、一项",
        ),
        (LIST, Records(({"kept": False, "name": "甲", "since": EXACT(2025 * 12)},)), "甲（2025年1月，没有）"),
    ],
)
def test_a_value_in_words(fact: Fact, value: Value, words: str) -> None:
    assert fact.show(value) == words


def test_a_list_by_year_has_one_field_that_is_not_the_year() -> None:
    fields = {"year": Fact("year", Kind.YEAR, "年度"), "amount": MONEY}
    assert Fact("spend", Kind.RECORDS, "研发费用", fields=fields, year_field="year").value_field == "amount"
