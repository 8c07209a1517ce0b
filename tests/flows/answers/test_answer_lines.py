"""The JSON lines a program sends and gets: the contract's keys, one line a line, whatever stands there."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.answers import Ask, Option
from flows.answers.wire import ask_from_json, parse_lines

KEYS = {"id", "kind", "value", "low", "high", "low_open", "high_open", "approx", "confirm", "hint", "facts"}


def answered(document: object) -> dict[str, Any]:
    (line,) = parse_lines([json.dumps(document)])
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def test_a_line_answers_with_every_key_of_the_contract() -> None:
    answer = answered(
        {"id": "a1", "text": "不到3亿", "kind": "money", "ask": {"kind": "money", "unit": "万元"}}
    )
    assert set(answer) == KEYS
    assert (answer["id"], answer["high"], answer["high_open"], answer["low"]) == (
        "a1",
        300_000_000,
        True,
        None,
    )


def test_several_facts_carry_a_reading_each() -> None:
    fields = {
        "revenue": {"kind": "money", "label": "营业收入"},
        "employees": {"kind": "count", "label": "员工人数"},
    }
    answer = answered({"id": 7, "text": "营收3亿,员工120人", "ask": {"kind": "multi", "fields": fields}})
    assert answer["facts"]["revenue"]["value"] == 300_000_000
    assert answer["facts"]["employees"]["value"] == 120


def test_several_options_are_a_list_of_keys() -> None:
    options = [{"n": 1, "key": "hnte", "label": "高新技术企业"}, {"n": 2, "key": "zjtx", "label": "专精特新"}]
    answer = answered(
        {"id": None, "text": "1,2", "ask": {"kind": "choice", "options": options, "multi": True}}
    )
    assert answer["value"] == ["hnte", "zjtx"]


def test_a_decimal_keeps_its_digits() -> None:
    assert answered({"id": 1, "text": "12.34元", "ask": {"kind": "money"}})["value"] == 12.34


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "{",
        "null",
        "[1]",
        '"text"',
        "[" * 100000,
        '{"id": 1}',
        '{"text": 3, "ask": {"kind": "count"}}',
        "9" * 5000,
        '{"text": "3", "ask": {"kind": "nonsense"}}',
        '{"text": "3", "ask": 7}',
        '{"text": null, "ask": {}}',
    ],
)
def test_a_line_that_asks_nothing_is_unclear(line: str) -> None:
    (out,) = parse_lines([line])
    assert (json.loads(out)["kind"], json.loads(out)["hint"]) == ("reject", "unclear")


@given(st.lists(st.text(max_size=40)))
def test_there_is_one_line_out_per_line_in(lines: list[str]) -> None:
    answers = list(parse_lines(lines))
    assert len(answers) == len(lines)
    assert all("\n" not in answer and set(json.loads(answer)) == KEYS for answer in answers)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "kind",
                        "unit",
                        "min",
                        "max",
                        "typical",
                        "options",
                        "fields",
                        "today",
                        "n",
                        "key",
                        "label",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["money", "count", "percent", "choice", "multi", "year", "month", "yesno", "number"]),
)
def test_no_question_is_too_odd(asked: object, kind: str) -> None:
    question = {**asked, "kind": kind} if isinstance(asked, dict) else asked
    assert set(answered({"id": asked, "text": "3亿", "kind": kind, "ask": question})) == KEYS


def test_a_question_keeps_what_it_says_and_drops_what_it_cannot_mean() -> None:
    asked = {
        "kind": "money",
        "unit": "亿元",
        "min": 0,
        "max": "a lot",
        "typical": [1e5, 2.5],
        "today": "2026-02-30",
        "options": [{"key": "a"}, {"label": "no key"}, 3],
        "wording": "ignored",
    }
    assert ask_from_json(asked) == Ask(
        "money", unit="亿元", min=0, typical=(100_000, Decimal("2.5")), options=(Option(1, "a", "a"),)
    )
    assert ask_from_json({"kind": "year", "today": "2026-11-23"}).today == date(2026, 11, 23)
    assert ask_from_json({"kind": "money", "min": float("nan"), "max": True}) == Ask("money")


def test_half_a_character_in_a_text_or_an_id_does_no_harm() -> None:
    (out,) = parse_lines([r'{"id": "\ud800", "text": "3\ud800亿", "ask": {"kind": "money"}}'])
    assert out.isascii()
    assert json.loads(out)["kind"] == "reject"
