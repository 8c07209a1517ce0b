"""The oracle against worked cases, then the engine against the oracle on random firms, and both against the golden ones."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from policy.determine import determine
from policy.load import load_edition
from policy.results import write_outcome
from policy.wire import read_document
from tests.policy.oracle import EQUIPMENT, PLATFORMS, PROJECT, RECOGNISED, TOTAL, UPGRADE, expected
from tests.policy.random_firms import firm

Document = dict[str, Any]
Assess = Callable[[Document], Document]

ROOT = Path(__file__).parents[2]
GOLDEN: list[Document] = json.loads((ROOT / "tests/policy/firms/golden.json").read_text(encoding="utf-8"))
NAMED = pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
W = 10_000  # 万


def about(value: int) -> Document:
    return {"value": value, "approx": True}


def between(
    low: int | None, high: int | None, *, low_open: bool = False, high_open: bool = False
) -> Document:
    return {"low": low, "high": high, "low_open": low_open, "high_open": high_open}


def document(**facts: Any) -> Document:
    """Write a document of a Henan firm that leaves nothing open but what is passed."""
    settled = {"registered_in_henan": True, "revenue": 0, PROJECT: False, "national_platforms": []}
    return {"about": {}, "as_of": "2026-11-01", "facts": settled | facts}


REVENUES = [
    ("about so much reaches a threshold once nine tenths do, in whole yuan", about(111_111_111), 1, 0),
    ("about one yuan less leaves that threshold open", about(111_111_110), 0, 1),
    ("about so much is below once eleven tenths are, in whole yuan", about(90_909_090), 0, 0),
    ("about one yuan more leaves the first threshold open", about(90_909_091), 0, 1),
    ("a range from exactly 1亿 reaches it", between(10_000 * W, None), 1, 3),
    (
        "an open end at 99,999,999 leaves whole yuan from 1亿 on",
        between(99_999_999, None, low_open=True),
        1,
        3,
    ),
    ("a closed end at 99,999,999 leaves all four open", between(99_999_999, None), 0, 4),
    (
        "an upper end of 5亿, not included, leaves out the second rung",
        between(0, 50_000 * W, high_open=True),
        0,
        1,
    ),
    ("an upper end of 5亿, included, leaves the second rung open", between(0, 50_000 * W), 0, 2),
    ("a range with neither end says nothing", between(None, None), 0, 4),
]


@pytest.mark.parametrize(
    ("revenue", "sure", "opened"), [case[1:] for case in REVENUES], ids=[case[0] for case in REVENUES]
)
def test_rungs_reached_surely_and_rungs_left_open(revenue: Any, sure: int, opened: int) -> None:
    answer = expected(document(revenue=revenue, rd_institution=True, landmark_result=True))
    states = list(answer["ladder"]["rungs"].values())
    assert (states.count("met"), states.count("unknown")) == (sure, opened)
    assert ("revenue" in answer["must_ask"]) == (opened > 0)


T, E, R = TOTAL, EQUIPMENT, RECOGNISED
UPGRADES: list[tuple[str, tuple[Any, Any, bool | None], tuple[str, int | None], set[str]]] = [
    ("equipment of nothing earns nothing", (6000 * W, 0, True), ("eligible", 0), set()),
    ("one yuan below the gate", (49_999_999, 0, None), ("ineligible", 0), set()),
    ("total and equipment alike", (5000 * W, 5000 * W, True), ("eligible", 750 * W), set()),
    ("nothing known but a project", (None, None, None), ("undetermined", None), {T, E, R}),
    ("surely not recognised asks nothing", (None, None, False), ("ineligible", 0), set()),
    ("surely short asks nothing", (3000 * W, None, None), ("ineligible", 0), set()),
    ("the base matters before the recognition", (6000 * W, None, None), ("undetermined", None), {E, R}),
    ("equipment alone settles the gate", (None, 5000 * W, None), ("conditional", 750 * W), {R}),
    (
        "about 5600万 of equipment settles the gate",
        (None, about(5600 * W), True),
        ("eligible", 840 * W),
        set(),
    ),
    ("about 5500万 does not", (None, about(5500 * W), True), ("undetermined", None), {T}),
    ("nine tenths in whole yuan reach the gate", (about(55_555_555), 0, True), ("eligible", 0), set()),
    ("nine tenths fall a yuan short", (about(55_555_554), 0, True), ("undetermined", None), {T}),
    ("eleven tenths fall short in whole yuan", (about(45_454_545), 0, True), ("ineligible", 0), set()),
    ("eleven tenths just reach the gate", (about(45_454_546), 0, True), ("undetermined", None), {T}),
    (
        "an open end at the gate is short",
        (between(0, 5000 * W, high_open=True), 0, True),
        ("ineligible", 0),
        set(),
    ),
    ("a closed end at the gate is open", (between(0, 5000 * W), 0, True), ("undetermined", None), {T}),
    ("equipment narrows a range", (between(0, 6000 * W), 5000 * W, True), ("eligible", 750 * W), set()),
    ("a range at the cap", (9000 * W, between(66_666_667, None), True), ("eligible", 1000 * W), set()),
    ("a range from below it", (9000 * W, between(66_666_666, None), True), ("undetermined", None), {E}),
    ("a range without a total", (None, between(7000 * W, None), None), ("conditional", 1000 * W), {R}),
    ("a total that pins a range", (6000 * W, between(6000 * W, None), True), ("eligible", 900 * W), set()),
    ("about more than the total", (6500 * W, about(7000 * W), True), ("eligible", 975 * W), set()),
    ("about 10 % above the total", (6300 * W, about(7000 * W), True), ("eligible", 945 * W), set()),
    ("about too much for it", (6300 * W - 1, about(7000 * W), True), ("contradictory", None), set()),
    ("too much for about so much", (about(6000 * W), 6600 * W + 1, None), ("contradictory", None), set()),
    ("a contradiction outweighs being short", (100 * W, 200 * W, False), ("contradictory", None), set()),
    (
        "ranges that touch",
        (between(0, 6000 * W), between(6000 * W, None), True),
        ("eligible", 900 * W),
        set(),
    ),
    (
        "ranges that touch but for an open end",
        (between(0, 6000 * W, high_open=True), between(6000 * W, None), True),
        ("contradictory", None),
        set(),
    ),
]


@pytest.mark.parametrize(
    ("given", "then", "asked"), [case[1:] for case in UPGRADES], ids=[case[0] for case in UPGRADES]
)
def test_an_upgrade_project_comes_to(given: Any, then: tuple[str, int | None], asked: set[str]) -> None:
    facts = dict(zip((TOTAL, EQUIPMENT, RECOGNISED), given, strict=True))
    answer = expected(document(**facts, upgrade_project=True))
    assert tuple(answer["schemes"][UPGRADE].values()) == then
    assert answer["must_ask"] == asked


def test_without_knowing_of_a_project_what_is_open_about_it_is_asked_even_if_not_recognised() -> None:
    answer = expected(document(upgrade_project=None, upgrade_demo_recognized=False))
    assert answer["schemes"][UPGRADE] == {"verdict": "undetermined", "amount_yuan": None}
    assert answer["must_ask"] == {PROJECT, TOTAL, EQUIPMENT}


def test_without_knowing_of_a_project_a_gate_that_equipment_settles_is_not_asked() -> None:
    assert expected(document(upgrade_project=None, **{EQUIPMENT: 5000 * W}))["must_ask"] == {
        PROJECT,
        RECOGNISED,
    }


def test_a_contradiction_shows_before_the_project_is_known_which_is_still_asked() -> None:
    answer = expected(document(upgrade_project=None, **{TOTAL: 1, EQUIPMENT: 2}))
    assert answer["schemes"][UPGRADE]["verdict"] == "contradictory"
    assert answer["must_ask"] == {PROJECT}


NEW = {"kind": "new", "role": "host", "created_on": "2026-01"}
OLD = {"kind": "existing"}
AWARDS: list[tuple[str, list[Document], str, bool]] = [
    ("one sure platform suffices beside an open one", [NEW, NEW | {"role": None}], "eligible", False),
    ("a missing day is asked for", [NEW | {"created_on": None}], "undetermined", True),
    ("a missing kind is asked for", [NEW | {"kind": None}], "undetermined", True),
    ("an item of which nothing is known is asked for", [{}], "undetermined", True),
    ("the day of a co-built one does not matter", [{"kind": "new", "role": "co_builder"}], "undetermined", False),
    ("a co-built one may yet be an existing one", [{"role": "co_builder"}, OLD], "undetermined", True),
    ("that changes nothing beside one co-built anew", [{"role": "co_builder"}, NEW | {"role": "co_builder"}], "undetermined", False),
    ("the role of one from before the plan does not matter", [{"kind": "new", "created_on": "2025-08"}], "undetermined", False),
    ("an existing one never counts, whatever is missing", [OLD, OLD | {"role": "host", "created_on": "2026-01"}], "ineligible", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("items", "verdict", "asked"), [case[1:] for case in AWARDS], ids=[case[0] for case in AWARDS]
)
def test_national_platforms_come_to(items: list[Document], verdict: str, asked: bool) -> None:
    answer = expected(document(national_platforms=items))
    assert answer["schemes"][PLATFORMS]["verdict"] == verdict
    assert answer["must_ask"] == ({"national_platforms"} if asked else set())


@NAMED
def test_the_oracle_agrees_with_the_golden_firms(case: Document) -> None:
    answer = expected(case["in"])
    then = comparable(case["then"])
    assert {key: narrowed(answer[key], wanted) for key, wanted in then.items()} == then


# The engine


@pytest.fixture(scope="module")
def assess() -> Assess:
    edition = load_edition(ROOT / "policy/henan/2025")

    def answer(document: Document) -> Document:
        facts, day = read_document(edition, document)
        return write_outcome(determine(edition, facts, day or date(2026, 11, 1)))

    return answer


@NAMED
def test_the_engine_agrees_with_the_golden_firms(case: Document, assess: Assess) -> None:
    answer, then = assess(case["in"]), comparable(case["then"])
    assert {key: narrowed(comparable(answer)[key], wanted) for key, wanted in then.items()} == then
    schemes = {scheme["id"]: scheme for scheme in answer["schemes"]}
    for scheme in case["then"].get("schemes", []):
        for reason in scheme.get("because", []):
            assert any(reason.items() <= told.items() for told in schemes[scheme["id"]]["because"])


def test_the_engine_agrees_with_the_oracle_on_a_thousand_firms(assess: Assess) -> None:
    agree_on(assess, Random(20250901), 1_000)


@pytest.mark.parametrize(
    "firms",
    [
        pytest.param(2_000, marks=pytest.mark.slow),
        pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.full]),
    ],
)
def test_the_engine_agrees_with_the_oracle_on_thousands_of_firms(assess: Assess, firms: int) -> None:
    agree_on(assess, Random(20261101), firms)


def agree_on(assess: Assess, random: Random, firms: int) -> None:
    def differing(document: Document) -> list[str]:
        return differences(comparable(assess(document)), expected(document))

    wrong = [document for document in (firm(random) for _ in range(firms)) if differing(document)]
    if wrong:
        smallest = min(
            (shrunk(document, differing) for document in wrong[:200]), key=lambda one: len(str(one))
        )
        told = json.dumps(smallest, ensure_ascii=False)
        pytest.fail(
            "\n".join([f"{len(wrong)} of {firms} firms differ; the smallest:", told, *differing(smallest)])
        )


def shrunk(document: Document, differing: Callable[[Document], list[str]]) -> Document:
    """Drop whatever facts a disagreement does not need."""
    for key in list(document["facts"]):
        fewer = document | {"about": {}, "facts": {k: v for k, v in document["facts"].items() if k != key}}
        document = fewer if differing(fewer) else document
    return document


def comparable(answer: Document) -> Document:
    """Cut the contract's output, or a part of it, down to what the oracle answers, and to its shape."""
    whole = expected(document())
    cut = {key: value for key, value in answer.items() if key in whole}
    if "ladder" in cut:
        cut["ladder"] = {key: value for key, value in cut["ladder"].items() if key in whole["ladder"]}
    if "must_ask" in cut:
        cut["must_ask"] = set(cut["must_ask"])
    if "schemes" in cut:
        both = [scheme for scheme in cut["schemes"] if scheme["id"] in (UPGRADE, PLATFORMS)]
        cut["schemes"] = {one["id"]: {key: one[key] for key in ("verdict", "amount_yuan")} for one in both}
    return cut


def narrowed(answer: Any, wanted: Any) -> Any:
    """Leave of an answer only the keys that are wanted, so that a golden firm may name a part."""
    if isinstance(wanted, dict):
        return {key: narrowed(answer[key], part) for key, part in wanted.items() if key in answer}
    return answer


def differences(told: Document, wanted: Document, path: str = "") -> list[str]:
    """Name each key whose values differ, with what the engine told and what the oracle expects."""
    lines = []
    for key in wanted.keys() | told.keys():
        ours, theirs, place = wanted.get(key), told.get(key), f"{path}{key}"
        if isinstance(ours, dict) and isinstance(theirs, dict):
            lines += differences(theirs, ours, f"{place}.")
        elif ours != theirs or (key in wanted) != (key in told):
            lines.append(f"  {place}: the engine says {theirs!r}, the oracle {ours!r}")
    return sorted(lines)
