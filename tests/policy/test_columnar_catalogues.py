"""Records packed under one catalogue of facts and read under another: what does not fit is named, the rest is told as one by one."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from policy.benefits import Each, Rate
from policy.columnar.compare import compare_columns
from policy.columnar.conditions import InexpressibleError, Sight, hold
from policy.columnar.measures import judge_columns
from policy.columnar.planes import Planes
from policy.columnar.records import Table, read_records
from policy.comparisons import Compare, OneOf, Operator
from policy.determine import determine
from policy.facts import Kind, Records, Value
from policy.gathering import read_folder
from policy.intervals import Interval
from policy.judged import WORDS, Word, words
from policy.layout import LARGEST, SLOTS, layout_of
from policy.lists import Empty, Has, Some
from policy.load import SHIPPED, parse_stored
from policy.logic import Condition
from policy.ratios import Elapsed, Share
from policy.schemes import Edition, Scheme
from policy.truth import Truth
from policy.wire import read_facts
from tests.policy.random_deep import deep_firm
from tests.policy.strategies import HENAN
from tests.policy.test_columnar import CHOSEN, CODE, LISTED, MONEY, MONTH, PERCENT, SINCE

DAY = date(2026, 11, 23)
FILES = read_folder(SHIPPED)
LAYOUT = layout_of(HENAN.facts)
FIRMS = [read_facts(HENAN.facts, deep_firm(Random(number))["facts"]) for number in range(120)]
RECORDS = [each for each in (LAYOUT.pack(firm) for firm in FIRMS) if each is not None]
# What stands in facts.yaml, what then stands there, whether some firms do not fit any more.
CATALOGUES = {
    "a count within other limits": ("limits: {min: 0, max: 2000000}", "limits: {min: 0, max: 50}", True),
    "money within other limits": ("limits: {min: 0元, max: 10000亿}", "limits: {min: 0元, max: 100万}", True),
    "a percentage within other limits": ("limits: {min: 0%, max: 1000%}", "limits: {min: 0%, max: 40%}", True),
    "one option more": ("{key: trade, label", "{key: added, label: 新行业}\n    - {key: trade, label", True),
    "an option more of a list": ("{key: gazelle, label", "{key: added, label: 新资格}\n        - {key: gazelle, label", True),
    "a month of an entry within other limits": ("limits: {min: 1980-01, max: 2100-12}", "limits: {min: 1990-01, max: 2100-12}", True),
    "other words only": ("title: 资产负债率", "title: 负债率", False),
}  # fmt: skip


def edition_with(old: str, new: str) -> Edition:
    assert old in FILES["facts.yaml"]
    return parse_stored({**FILES, "facts.yaml": FILES["facts.yaml"].replace(old, new, 1)})


def agree(edition: Edition, table: Table) -> int:
    """Every firm that fits is told what it is told alone; how many fit."""
    judged = judge_columns(edition, table, DAY)
    for row in np.flatnonzero(~judged.unfit).tolist():
        for subject, word in words(determine(edition, FIRMS[row], DAY)).items():
            told = judged.subjects[subject]
            yuan = int(told.yuan[row])
            assert Word(WORDS[told.verdict[row]], None if yuan < 0 else yuan) == word, (subject, row)
    return int((~judged.unfit).sum())


@pytest.mark.parametrize("what", CATALOGUES)
def test_who_fits_another_catalogue_is_told_as_alone_and_who_does_not_is_named(what: str) -> None:
    old, new, some_do_not = CATALOGUES[what]
    edition = edition_with(old, new)
    fit = agree(edition, read_records(RECORDS, LAYOUT, edition.facts))
    assert (fit < len(RECORDS)) is some_do_not


def test_what_a_catalogue_did_not_have_is_unknown_and_a_record_with_more_beside_it_does_not_fit() -> None:
    fewer = {key: fact for key, fact in HENAN.facts.items() if key != "debt_ratio"}
    layout = layout_of(fewer)
    held = [layout.pack(firm, beside=number % 2 == 0) for number, firm in enumerate(FIRMS)]
    table = read_records([each for each in held if each], layout, HENAN.facts)
    assert table.unfit.tolist() == [number % 2 == 0 for number in range(len(FIRMS))]
    blank = {key: value for key, value in FIRMS[1].items() if key in fewer}
    told = words(determine(HENAN, blank, DAY))
    judged = judge_columns(HENAN, table, DAY)
    assert {subject: WORDS[judged.subjects[subject].verdict[1]] for subject in told} == {
        subject: word.verdict for subject, word in told.items()
    }


def test_columns_that_are_absent_are_unknown_for_all() -> None:
    table = Table(3, {}, {}, {}, np.zeros(3, bool))
    assert not table.number("revenue").is_known.any()
    assert not table.code("industry").any()
    assert not table.month("certificates:hnte").any()


@dataclass(frozen=True)
class Strange(Condition):
    """A condition of which columns know nothing."""

    def evaluate(self, values: Mapping[str, Value]) -> None:  # type: ignore[override]  # never asked
        raise NotImplementedError

    def parts(self) -> tuple[Condition, ...]:
        return ()

    def facts(self) -> frozenset[str]:
        return frozenset()


SIGHT = Sight(read_records(RECORDS, LAYOUT, HENAN.facts), MONTH)
PLAIN = OneOf(CODE, ("x",))


@pytest.mark.parametrize(
    "condition",
    [
        Strange(),
        Some(CHOSEN, PLAIN),
        Some(LISTED, Some(LISTED, PLAIN)),
        Compare(PERCENT, Operator.AT_LEAST, Decimal("0.0000000001")),
        Share((MONEY[0],), (MONEY[1],), Operator.AT_LEAST, Decimal("3.0000001")),
    ],
    ids=[
        "of a strange kind",
        "entries that are chosen",
        "entries of entries",
        "too fine",
        "a share too fine",
    ],
)
def test_what_columns_cannot_tell_is_said_so(condition: Condition) -> None:
    with pytest.raises(InexpressibleError):
        hold(condition, SIGHT)


def with_scheme(**parts: object) -> Edition:
    scheme = HENAN.schemes[0]
    assert isinstance(scheme, Scheme)
    return replace(HENAN, schemes=(replace(scheme, **parts), *HENAN.schemes[1:]))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("strange", ["condition", "rate", "each"])
def test_a_subject_that_columns_cannot_tell_is_named_and_compared_one_by_one(strange: str) -> None:
    base = HENAN.facts["upgrade_equipment_software"]
    platforms = HENAN.facts["national_platforms"]
    edition = {
        "condition": lambda: with_scheme(eligible_when=Strange()),
        "rate": lambda: with_scheme(benefit=Rate(Fraction(10**7, 10**8 + 1), base, None)),
        "each": lambda: with_scheme(benefit=Each(5_000_000, platforms), eligible_when=OneOf(HENAN.facts["upgrade_project"], (True,))),
    }[strange]()  # fmt: skip
    key = edition.schemes[0].key
    judged = judge_columns(edition, SIGHT.table, DAY, frozenset({key}))
    assert judged.inexpressible == {key}
    assert compare_columns(RECORDS, LAYOUT, (HENAN, edition), DAY, frozenset({key})) is None
    others = frozenset({HENAN.schemes[1].key})
    assert compare_columns(RECORDS, LAYOUT, (HENAN, edition), DAY, others) is not None


def test_a_share_without_a_cap_agrees_with_one_by_one() -> None:
    base = HENAN.facts["upgrade_equipment_software"]
    at = next(n for n, each in enumerate(HENAN.schemes) if isinstance(each.benefit, Rate))
    scheme = replace(HENAN.schemes[at], benefit=Rate(Fraction(3, 20), base, None))
    schemes = (*HENAN.schemes[:at], scheme, *HENAN.schemes[at + 1 :])
    assert agree(replace(HENAN, schemes=schemes), SIGHT.table) == len(RECORDS)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("revenue", Interval.exact(LARGEST + 1)),
        ("revenue", Interval(1, 3, stated=2)),
        ("industry", "no such industry"),
        ("certificates", Records(({"code": "no such code"},), complete=True)),
        ("national_platforms", Records(tuple({"kind": "new"} for _ in range(SLOTS + 1)), complete=True)),
        ("debt_ratio", Interval.exact(Decimal("45.00000001"))),
    ],
)
def test_what_a_record_cannot_hold_exactly_makes_none(key: str, value: Value) -> None:
    assert LAYOUT.pack({key: value}) is None
    assert LAYOUT.pack({}) is not None


def test_what_no_rule_looks_at_is_left_out_of_a_record() -> None:
    assert LAYOUT.pack({"nobody asks": True}) == LAYOUT.pack({})


def test_a_record_says_which_catalogue_packed_it_and_whether_there_is_more() -> None:
    record = LAYOUT.pack({}, beside=True)
    assert record is not None
    assert len(record) == LAYOUT.size
    assert struct.unpack_from("<IB", record) == (LAYOUT.key, True)


@pytest.mark.parametrize(
    "other", [{"kind": Kind.MONEY}, {"least": 50, "most": None}], ids=["kind", "one limit"]
)
def test_a_number_of_another_shape_or_beyond_its_one_limit_does_not_fit(other: dict[str, Any]) -> None:
    catalogue = {**HENAN.facts, "employees": replace(HENAN.facts["employees"], **other)}
    unfit = read_records(RECORDS, LAYOUT, catalogue).unfit
    known = [firm.get("employees") for firm in FIRMS]
    if "kind" in other:
        assert unfit.tolist() == [each is not None for each in known]
    else:
        surely = [isinstance(each, Interval) and each.most is not None and each.most < 50 for each in known]
        assert any(surely)
        assert all(unfit[row] for row, each in enumerate(surely) if each)
        assert not all(unfit)


def test_what_changed_is_named_with_before_and_after() -> None:
    at = next(n for n, each in enumerate(HENAN.schemes) if isinstance(each.benefit, Rate))
    scheme = HENAN.schemes[at]
    assert isinstance(scheme.benefit, Rate)
    lower = replace(scheme, benefit=replace(scheme.benefit, cap=1))
    after = replace(HENAN, schemes=(*HENAN.schemes[:at], lower, *HENAN.schemes[at + 1 :]))
    found = compare_columns(RECORDS, LAYOUT, (HENAN, after), DAY, frozenset({scheme.key}))
    assert found is not None
    one_by_one = {
        row
        for row, firm in enumerate(FIRMS)
        if words(determine(HENAN, firm, DAY))[scheme.key] != words(determine(after, firm, DAY))[scheme.key]
    }
    assert {row for row, *_ in found.changed} == one_by_one != set()
    assert found.before[scheme.key] > found.after[scheme.key] >= 0


def test_time_since_is_unknown_where_no_day_is_told() -> None:
    held = hold(Elapsed(SINCE, Operator.AT_LEAST, 3), replace(SIGHT, month=None))
    assert not held.yes.any()
    assert not held.no.any()


def test_planes_are_three_valued() -> None:
    yes, no = np.array([True, False, False]), np.array([False, True, False])
    planes = Planes(yes, no)
    assert (~planes).yes.tolist() == no.tolist()
    assert (planes & ~planes).yes.tolist() == [False] * 3
    assert (planes | ~planes).no.tolist() == [False] * 3


@pytest.mark.parametrize(
    "condition",
    [
        *(Empty(HENAN.facts[key], empty) for key in ("certificates", "national_platforms") for empty in (True, False)),
        Has(HENAN.facts["certificates"], ("hnte", "zjtx")),
    ],
)  # fmt: skip
def test_lists_are_empty_or_hold_something_as_for_each_firm(condition: Condition) -> None:
    held = hold(condition, replace(SIGHT, month=None))
    told = [condition.evaluate(firm).truth for firm in FIRMS]
    assert held.yes.tolist() == [each is Truth.YES for each in told]
    assert held.no.tolist() == [each is Truth.NO for each in told]
