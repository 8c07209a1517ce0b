"""Markup, pieces, buttons and rows: pure parts of the channel."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.buttons import LONGEST, STALE, Pressed, pack, unpack
from bot.telegram.keyboard import keyboard_of
from bot.telegram.markup import split, to_html, units
from flows.messages import Choice, Reply
from flows.slots import is_about, short_form
from policy.load import SHIPPED, load_edition
from tests.botapi.entities import formatted

ALWAYS = (
    Choice("unknown", "不确定"),
    Choice("skip", "跳过"),
    Choice("back", "上一步"),
    Choice("explain", "这是什么意思"),
)


@given(st.text())
def test_whatever_is_said_telegram_takes_it_and_shows_it(text: str) -> None:
    storable = text.encode("utf-8", "ignore").decode().replace("\r", "")
    said = formatted(to_html(storable), "HTML", None)
    bold = re.compile(r"\*\*(.+?)\*\*")  # what is left alone: asterisks that enclose nothing
    assert said.text.strip() == bold.sub(r"\1", storable).strip()


def test_bold() -> None:
    assert to_html("**第 1 级** < 2 & 3") == "<b>第 1 级</b> &lt; 2 &amp; 3"


@given(st.text(alphabet="甲a😀\n", max_size=300), st.integers(10, 60))
def test_pieces_fit_and_nothing_but_space_is_lost(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert all(units(piece) <= longest for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


def test_pieces_are_cut_between_paragraphs() -> None:
    assert split("一二三\n四五\n\n六七八九", 8) == ["一二三\n四五", "六七八九"]


def test_what_is_bold_on_both_sides_of_a_cut_stays_bold() -> None:
    text = f"{'甲' * 10}**{'乙' * 100}**{'丙' * 10}"
    pieces = split(text, 40)
    assert len(pieces) > 3
    shown = [formatted(to_html(piece), "HTML", None) for piece in pieces]
    assert "".join(piece.text for piece in shown) == text.replace("**", "")
    assert sum(entity["length"] for piece in shown for entity in piece.entities) == 100


@given(st.integers(0, 30), st.integers(1, 60), st.integers(0, 30), st.integers(12, 40))
def test_wherever_the_cut_falls_no_asterisk_is_shown(
    before: int, bold: int, after: int, longest: int
) -> None:
    text = f"{'甲' * before}**{'乙' * bold}**{'丙' * after}"
    pieces = split(text, longest)
    assert all(units(piece) <= longest for piece in pieces)
    assert "".join(re.sub("</?b>", "", to_html(piece)) for piece in pieces) == text.replace("**", "")


def test_units_are_utf_16() -> None:
    assert units("甲😀") == 3 == len("甲😀".encode("utf-16-le")) // 2


def test_a_button_comes_back_as_it_went() -> None:
    reply = Reply("question", "question", "upgrade_equipment_software", revision=4_294_967_295)
    data = pack(reply, Choice("edit:upgrade_total_investment", "改"))
    assert data
    pressed = unpack(data)
    assert (pressed.choice, pressed.revision) == ("edit:upgrade_total_investment", 4_294_967_295)
    assert is_about(str(pressed.about), "upgrade_equipment_software")
    assert not is_about(str(pressed.about), "revenue")
    assert len(data.encode()) <= LONGEST


def test_every_slot_of_the_shipped_edition_fits_into_a_button() -> None:
    edition = load_edition(SHIPPED)
    slots = [
        *edition.facts,
        *(f"{fact.key}.12.{name}" for fact in edition.facts.values() for name in fact.fields),
    ]
    for slot in slots:
        reply = Reply("question", "question", slot, revision=2**32 - 1)
        for other in slots:
            assert pack(reply, Choice(f"edit:{other}", "改")), (slot, other)
    assert len({short_form(slot) for slot in slots}) == len(slots)


@pytest.mark.parametrize("data", [None, "", "x" * 80, "2:0:a:b", "1:-1:a:b", "1:0:a:B", "1:0:a:b\n", "1:0:a"])
def test_what_never_was_ours_is_stale(data: str | None) -> None:
    assert unpack(data) == STALE


def test_a_choice_may_hold_colons() -> None:
    assert unpack("1:0:a:b:") == Pressed("b:", "a", 0)


def rows(reply: Reply) -> list[list[str]]:
    keyboard = keyboard_of(reply)
    assert keyboard is not None
    return [[button["text"] for button in row] for row in keyboard["inline_keyboard"]]


def test_rows() -> None:
    options = (Choice("yes", "有"), Choice("no", "没有"))
    long = tuple(Choice(f"o{number}", "信息传输、软件和信息技术服务业") for number in range(2))
    echo = {"echo": {"slot": "revenue", "title": "营业收入", "kind": "value", "by_hand": True}}
    assert rows(Reply("question", "question", "x", (*options, *ALWAYS), echo, revision=1)) == [
        ["有", "没有"],
        ["不确定", "跳过", "上一步", "这是什么意思"],
        ["改营业收入"],
    ]
    assert rows(Reply("question", "question", "x", long, revision=1)) == [[long[0].label], [long[1].label]]
    assert keyboard_of(Reply("notice", "deleted")) is None


def test_many_choices_stay_within_what_telegram_takes() -> None:
    many = tuple(Choice(f"edit:{number}", f"营业收入第{number}") for number in range(200))
    keyboard = keyboard_of(Reply("notice", "edit", None, many))
    assert keyboard is not None
    sizes = [len(row) for row in keyboard["inline_keyboard"]]
    assert sum(sizes) <= 100
    assert max(sizes) <= 8
    assert json.dumps(keyboard)
