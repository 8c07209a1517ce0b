"""What must hold for every text: amounts read back, vagueness stays, script does not matter, nothing raises."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.answers import Ask, Option, read
from flows.answers.normalise import LONGEST, normalise
from flows.answers.reading import HINTS

TO_TRADITIONAL = opencc.OpenCC("s2tw")
TODAY = date(2026, 11, 23)
MONEY = Ask("money", label="去年营业收入", unit="万元", min=0, typical=(10**5, 10**11), today=TODAY)
COUNT = Ask("count", label="员工人数", min=0, today=TODAY)
OPTIONS = (Option(1, "company", "有限责任公司"), Option(2, "listed", "上市公司"), Option(3, "none", "都没有"))
ASKS = [
    MONEY,
    COUNT,
    Ask("money"),
    Ask("percent"),
    Ask("year", today=TODAY),
    Ask("month", today=TODAY),
    Ask("yesno"),
    Ask("number"),
    Ask("choice", options=OPTIONS),
    Ask("choice", options=OPTIONS, multi=True),
    Ask("choice"),
    Ask("multi", fields={"revenue": MONEY, "employees": COUNT}),
    Ask("multi"),
]
TYPED = (
    "0123456789.,,。-~%+e 亿万千百十零一二两三四五六七八九半几多余来个点成年月日元块角分人以上下内不到超过约"
    "左右有没无是吗?、的吧第其中和或至\ud800\0²½①１／()wkm$¥abc"
)
DIGITS, PLACES = "零一二三四五六七八九", ("", "十", "百", "千")

yuan = st.integers(min_value=0, max_value=10**13)


def spoken(number: int) -> str:
    """Write a whole number as it is read aloud: 三亿零二百万."""
    if number == 0:
        return "零"
    said, unit = "", 0
    while number:
        number, section = divmod(number, 10**4)
        if section:
            gap = "零" if number and section < 1000 else ""
            said = gap + _section(section) + ("", "万", "亿", "万亿")[unit] + said
        elif said and not said.startswith("零"):
            said = "零" + said
        unit += 1
    return said.removeprefix("零")


def _section(section: int) -> str:
    digits = f"{section:04d}"
    parts = [DIGITS[int(d)] + (PLACES[3 - i] if d != "0" else "") for i, d in enumerate(digits)]
    said = "".join(part for part, after in pairwise([*parts, "零"]) if part != "零" or after != "零")
    return said.strip("零")


@pytest.mark.parametrize(
    ("unit", "size"), [("元", 1), ("千元", 10**3), ("万元", 10**4), ("亿元", 10**8), ("亿", 10**8)]
)
@given(amount=yuan)
def test_every_amount_printed_in_digits_reads_back_the_same(unit: str, size: int, amount: int) -> None:
    text = f"{Decimal(amount) / size:f}{unit}"
    assert read(text, Ask("money")).value == amount


@given(amount=st.integers(min_value=1, max_value=10**12 - 1))
def test_every_amount_spoken_in_full_reads_back_the_same(amount: int) -> None:
    assert read(f"{spoken(amount)}元", Ask("money")).value == amount
    assert read(spoken(amount), Ask("number")).value == amount


@given(amount=yuan)
def test_grouping_and_width_change_nothing(amount: int) -> None:
    wide = str(amount).translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    assert read(f"{amount:,}元", MONEY) == read(f"{amount}元", MONEY) == read(f"{wide}元", MONEY)


@given(cents=st.integers(min_value=1, max_value=10**12))
def test_cents_are_kept_to_the_cent(cents: int) -> None:
    value = read(f"{cents // 100}.{cents % 100:02d}元", Ask("money")).value
    assert isinstance(value, int | Decimal)
    assert Fraction(value) == Fraction(cents, 100)


@pytest.mark.parametrize("about", ["约{}", "大概{}", "{}左右", "差不多{}", "{}上下"])
@given(amount=st.integers(min_value=1, max_value=10**6))
def test_about_never_reads_as_exact(about: str, amount: int) -> None:
    reading = read(about.format(f"{amount}万"), Ask("money"))
    assert reading.approx
    assert reading.value == amount * 10**4


@pytest.mark.parametrize(
    "bound", ["不到{}", "{}以下", "至少{}", "{}以上", "超过{}", "近{}", "{}不到", "{}多", "{}出头", "最多{}"]
)
@given(amount=st.integers(min_value=1, max_value=10**6))
def test_a_bound_never_reads_as_a_value(bound: str, amount: int) -> None:
    reading = read(bound.format(f"{amount}万"), Ask("money"))
    assert reading.kind == "money"
    assert reading.value is None
    assert reading.low is not None or reading.high is not None


@given(low=st.integers(min_value=1, max_value=9999), more=st.integers(min_value=1, max_value=9999))
def test_a_range_borrows_its_unit_from_the_right(low: int, more: int) -> None:
    reading = read(f"{low}到{low + more}万", Ask("money"))
    assert (reading.low, reading.high) == (low * 10**4, (low + more) * 10**4)


@given(amount=st.integers(min_value=1, max_value=10**6 - 1))
def test_no_unit_and_none_asked_is_asked_again(amount: int) -> None:
    assert read(str(amount), Ask("money")).hint == "missing_unit"


@given(
    text=st.text(alphabet="三亿两千万元点五百多个左右以上不到约有没是对约几余成年人研发国际", max_size=12),
    ask=st.sampled_from(ASKS),
)
def test_traditional_reads_as_simplified(text: str, ask: Ask) -> None:
    assert read(TO_TRADITIONAL.convert(text), ask) == read(text, ask)


@settings(max_examples=400)
@given(text=st.text(max_size=60) | st.text(alphabet=TYPED, max_size=60), ask=st.sampled_from(ASKS))
def test_no_text_raises_and_every_reading_is_well_formed(text: str, ask: Ask) -> None:
    reading = read(text, ask)
    assert reading.kind in {ask.kind, "unknown", "reject"}
    assert (reading.hint in HINTS) == (reading.kind == "reject")
    if isinstance(reading.low, int) and isinstance(reading.high, int):
        assert reading.low <= reading.high


@given(text=st.text(alphabet=TYPED, max_size=LONGEST))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    "piece", ["9", "一", "万", "不到", "3亿到", " ", "1,", ".", "零", "没有", "是", "1/", "("]
)
@pytest.mark.parametrize("length", [LONGEST, 10**6])
def test_a_very_long_answer_is_refused_at_once(piece: str, length: int) -> None:
    text = (piece * length)[:length]
    for ask in ASKS:
        assert read(text, ask).kind in {"reject", ask.kind, "unknown"}
        if length > LONGEST:
            assert read(text, ask).hint == "unclear"
