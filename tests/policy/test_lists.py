"""Conditions on list facts: what is told, what is not told yet, and what an entry needs."""

from typing import Any

import pytest

from policy.comparisons import OneOf
from policy.facts import Fact, Kind, Option, Records
from policy.findings import Missing, Reason
from policy.lists import Empty, Some
from policy.logic import Any as AnyOf
from policy.logic import OpenReading
from policy.truth import Truth

KIND = Fact(
    "kind",
    Kind.CHOICE,
    "来历",
    options=(Option("new", "新建"), Option("old", "原有"), Option("joint", "共建")),
)
NAME = Fact("name", Kind.TEXT, "名称")
LIST = Fact("platforms", Kind.RECORDS, "平台", fields={"name": NAME, "kind": KIND})
NEW = Some(LIST, AnyOf((OneOf(KIND, ("new",)), OpenReading(OneOf(KIND, ("joint",)), "共建算不算没有写"))))
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
A_NEW, AN_OLD, A_JOINT = (
    {"name": name, "kind": kind} for name, kind in (("甲", "new"), ("乙", "old"), ("丙", "joint"))
)


def listed(*items: Any, complete: bool = True) -> dict[str, Any]:
    return {"platforms": Records(items, complete=complete)}


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        ({}, UNKNOWN),
        (listed(), NO),
        (listed(complete=False), UNKNOWN),
        (listed(AN_OLD), NO),
        (listed(AN_OLD, complete=False), UNKNOWN),
        (listed(AN_OLD, A_NEW), YES),
        (listed(A_NEW, complete=False), YES),
        (listed({"name": "甲"}), UNKNOWN),
        (listed(A_JOINT), UNKNOWN),
    ],
)
def test_one_entry_settles_a_yes_and_all_of_them_a_no(facts: dict[str, Any], truth: Truth) -> None:
    found = NEW.evaluate(facts)
    assert found.truth is truth
    assert (found.missing == (Missing("platforms"),)) == (truth is UNKNOWN and facts != listed(A_JOINT))


def test_each_entry_that_decided_is_a_reason_of_its_own() -> None:
    assert (
        NEW.evaluate(listed(A_NEW, AN_OLD, A_NEW)).because == (Reason("platforms", "甲（新建）", "新建"),) * 2
    )
    assert NEW.evaluate(listed(AN_OLD)).because == (Reason("platforms", "乙（原有）", "新建、共建"),)
    assert NEW.evaluate(listed()).because == (Reason("platforms", "没有", "有"),)
    assert NEW.evaluate(listed({"name": "甲"})).because == ()


def test_what_the_text_leaves_open_is_told_also_beside_an_entry_that_counts() -> None:
    found = NEW.evaluate(listed(A_NEW, A_JOINT))
    assert (found.truth, found.open_readings) == (YES, ("共建算不算没有写",))


@pytest.mark.parametrize(
    ("facts", "some", "none", "given"),
    [
        (listed(), NO, YES, "没有"),
        (listed(A_NEW), YES, NO, "有"),
        (listed(complete=False), YES, NO, "有"),
    ],
)
def test_whether_there_is_anything(facts: dict[str, Any], some: Truth, none: Truth, given: str) -> None:
    found = Empty(LIST, empty=False).evaluate(facts)
    assert (found.truth, found.because) == (some, (Reason("platforms", given, "有"),))
    found = Empty(LIST, empty=True).evaluate(facts)
    assert (found.truth, found.because) == (none, (Reason("platforms", given, "没有"),))


def test_a_list_not_told_of_is_missing() -> None:
    assert Empty(LIST, empty=True).evaluate({}).missing == (Missing("platforms"),)
    assert Empty(LIST, empty=True).facts() == {"platforms"}
    assert tuple(NEW.parts()) == ()
