"""What must never happen: a reading more precise than its text, a short cut that reads otherwise, time that explodes."""

import itertools
import time
from decimal import Decimal

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Ask, Reading, read
from flows.answers.atoms import atoms_at
from flows.answers.common_numerals import common_numeral
from flows.answers.normalise import _settled, normalise
from flows.answers.numbers import _Sum, _Unreadable
from flows.answers.numeral import Numeral
from flows.answers.wire import parse_lines
from tests.flows.answers.test_answer_properties import ASKS, COUNT, MONEY, TYPED
from tests.flows.answers.test_typed_answers import LINES

VAGUE = (
    "约{}",
    "{}左右",
    "大概{}",
    "{}上下",
    "{}出头",
    "近{}",
    "不到{}",
    "{}以上",
    "快{}了",
    "小{}",
    "最多{}",
    "{}打不住",
)
SOMETHING = ("{}多万", "{}来万", "{}余万", "{}几万")
tens = st.integers(min_value=1, max_value=99).map(lambda n: n * 10)


def is_exact(reading: Reading) -> bool:
    return reading.value is not None and not reading.approx


@pytest.mark.parametrize("words", VAGUE)
@pytest.mark.parametrize(
    "around", ["{}", "去年{}", "营收{}", "{},具体得问会计", "前年2亿,去年{}", "你看啊 去年不中 {}"]
)
@given(number=tens)
def test_what_is_said_vaguely_is_never_read_as_exact(words: str, around: str, number: int) -> None:
    assert not is_exact(read(around.format(words.format(f"{number}万")), MONEY))


@pytest.mark.parametrize("words", SOMETHING)
@given(number=tens)
def test_a_number_that_says_some_more_is_never_exact(words: str, number: int) -> None:
    text = words.format(number)
    assert not is_exact(read(text, MONEY))
    assert not is_exact(read(f"一共{text}", MONEY))


@pytest.mark.parametrize("people", ["{}来人", "{}多人", "{}几个人", "近{}人", "{}人左右", "{}来号人"])
@given(number=tens)
def test_several_facts_keep_what_is_vague_about_each(people: str, number: int) -> None:
    asked = Ask("multi", fields={"revenue": MONEY, "employees": COUNT})
    facts = read(f"现在{people.format(number)} 一年{number}来万", asked).facts
    assert all(not is_exact(fact) for fact in facts.values())


@given(first=st.integers(min_value=1, max_value=9999), second=st.integers(min_value=1, max_value=9999))
def test_two_amounts_are_never_added_without_a_word_that_says_so(first: int, second: int) -> None:
    for between in (" ", ",", "、", " 系统"):
        reading = read(f"设备{first}万元{between}{second}万元", Ask("money", label="设备和软件"))
        assert reading.value in {None, first * 10**4} or first == second
    reading = read(f"{first}万元加{second}万元", Ask("money"))
    assert (reading.value, reading.confirm) == ((first + second) * 10**4, True)


@given(old=tens, new=tens, said=st.sampled_from(["不对", "说错了", "哦不", "不对,是", " 不对 应该是"]))
def test_what_is_taken_back_is_not_read_and_its_correction_is_confirmed(
    old: int, new: int, said: str
) -> None:
    reading = read(f"{old}万{said}{new}万", MONEY)
    assert reading.kind == "reject" or (reading.value == new * 10**4 and reading.confirm)


def _slowly(text: str) -> Numeral | None:
    atoms, end = atoms_at(text, 0, led=False)
    try:
        return _Sum(led=False).add_all(atoms).numeral(0, end)
    except _Unreadable:
        return None


def test_the_short_cut_for_usual_numerals_reads_what_the_long_way_reads() -> None:
    tried = 0
    for length in range(1, 5):
        for characters in itertools.product("一二九十百千万亿零多5.", repeat=length):
            text = "".join(characters)
            quick = common_numeral(text, 0)
            if quick is not None:
                tried += 1
                assert quick == _slowly(text), text
    assert tried > 150


def test_what_skips_the_converter_would_not_have_been_changed_by_it() -> None:
    settled = sorted(char for char in _settled() if ord(char) >= 0x4E00)
    assert len(settled) > 3000
    converter = opencc.OpenCC("tw2s")
    for step in (1, 7, 101):
        text = "".join(settled[::step])
        assert converter.convert(text) == text


def _numbers(reading: Reading) -> list[object]:
    inner = [number for fact in reading.facts.values() for number in _numbers(fact)]
    return [reading.value, reading.low, reading.high, *inner]


def test_no_number_is_ever_a_float() -> None:
    for line in LINES:
        ask, text, _ = line.values
        assert isinstance(ask, Ask)
        found = _numbers(read(str(text), ask))
        assert all(isinstance(number, int | Decimal | str | tuple | None) for number in found), text


@given(text=st.text(alphabet=TYPED + " \n", max_size=60), ask=st.sampled_from(ASKS))
def test_reading_twice_gives_the_same(text: str, ask: Ask) -> None:
    assert read(text, ask) == read(normalise(text), ask) or " " in text or "\n" in text
    assert read(text, ask) == read(text, ask)


@given(st.binary(max_size=300))
def test_any_bytes_on_a_line_give_one_line(raw: bytes) -> None:
    line = raw.decode("utf-8", errors="surrogateescape").replace("\n", " ")
    assert len(list(parse_lines([line]))) == 1


def _seconds(text: str, ask: Ask) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        read(text, ask)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    "piece", ["9", "一", "万 ", "不到", "3亿到", " ", "1,", "零", "没有,", "是 ", "(", "去年3亿", "不对3万"]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    for ask in ASKS:
        short, long = ((piece * length)[:length] for length in (10_000, 100_000))
        assert _seconds(long, ask) <= 40 * _seconds(short, ask) + 0.002
        assert _seconds((piece * 200)[:200], ask) < 0.1
