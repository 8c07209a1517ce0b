"""Everything the plan says is accounted for: each article, each highlight, each of its 72 measures, and the examples."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.comparisons import Compare
from policy.determine import determine
from policy.gathering import read_folder
from policy.load import SHIPPED
from policy.load_articles import ladder_id
from policy.load_recognitions import SUPPLEMENT
from policy.logic import Condition
from policy.quantities import read_percent
from policy.ratios import Share, Sum
from policy.recognitions import Recognition
from policy.results import write_outcome
from policy.schemes import Scheme
from tests.policy.strategies import HENAN
from tests.written import written

ACCOUNT: Mapping[str, list[str]] = written(
    (Path(__file__).parent / "measures.yaml").read_text(encoding="utf-8")
)
PLACES = [*(f"摘要H{n}" for n in range(1, 5)), *(f"第{n}条" for n in range(1, 22))]
FILES = {
    name: written(text)
    for name, text in read_folder(SHIPPED).items()
    if "/" in name and not name.endswith(SUPPLEMENT)
}
WELL, OPEN = {"eligible", "conditional"}, {"undetermined"}
ILL = {"ineligible", "not_applicable"}
TARGETS = {"2.55%", "27%", "56%"}  # the province's own figures that could be mistaken for a firm's


def named() -> Iterator[tuple[str, str, str]]:
    """(place, id, how it is treated) of everything in the plan's account."""
    kinds = {each.key: str(each.kind) for each in (*HENAN.schemes, *HENAN.guides)}
    for article in HENAN.articles:
        yield from ((article.place, key, kinds[key]) for key in article.measures)
        yield from ((article.place, key, "ladder") for key in article.rungs)
        yield from ((article.place, each.key, "not_for_firms") for each in article.not_for_firms)


def test_the_list_holds_every_place_and_all_72_measures_in_73_rows() -> None:
    assert list(ACCOUNT) == PLACES
    rows = [key for keys in ACCOUNT.values() for key in keys]
    assert (len(rows), len(set(rows))) == (73, 72)


def test_every_article_highlight_and_measure_is_accounted_for_where_it_stands_and_nothing_else() -> None:
    assert [each.place for each in HENAN.articles] == PLACES
    assert {(place, key) for place, key, _ in named()} == {
        (place, key) for place, keys in ACCOUNT.items() for key in keys
    }
    assert len(list(named())) == 73


def test_every_measure_is_treated_in_one_way() -> None:
    ways: dict[str, set[str]] = {}
    for _, key, way in named():
        ways.setdefault(key, set()).add(way)
    assert all(len(found) == 1 for found in ways.values())
    counts = [way for found in ways.values() for way in found]
    assert {way: counts.count(way) for way in set(counts)} == {
        "assessed": 2,
        "guided": 64,
        "ladder": 4,
        "not_for_firms": 2,
    }


def test_the_rungs_of_the_account_are_those_of_the_ladder() -> None:
    rungs = [key for article in HENAN.articles for key in article.rungs]
    assert rungs == [ladder_id(rung.key) for rung in HENAN.ladder.rungs]


def test_what_is_not_for_firms_says_why() -> None:
    spared = [each for article in HENAN.articles for each in article.not_for_firms]
    assert all(len(each.reason) > 10 and each.title for each in spared)


def test_a_measure_cites_the_place_it_is_accounted_for_at() -> None:
    measures = {each.key: each for each in (*HENAN.schemes, *HENAN.guides)}
    for place, key, way in named():
        if way in {"assessed", "guided"}:
            assert place in {each.place for each in measures[key].citations}, key


def test_whoever_asks_is_told_of_every_measure_once() -> None:
    for facts in ({}, {"registered_in_henan": True}, {"registered_in_henan": False}):
        written: Any = write_outcome(determine(HENAN, facts, date(2026, 11, 23)))
        told = [each["id"] for each in written["schemes"]]
        assert len(told) == len(set(told))
        rungs = {ladder_id(rung) for rung in written["ladder"]["rungs"]}
        assert {key for keys in ACCOUNT.values() for key in keys} <= {*told, *rungs}


@pytest.mark.parametrize(
    "name", [name for name, file in FILES.items() if file.get("kind") != "guided"], ids=lambda name: name
)
def test_an_assessed_measure_has_examples_of_every_verdict(name: str) -> None:
    examples = FILES[name]["examples"]
    found = {each["then"].get("verdict") for each in examples}
    assert len(examples) >= 3
    assert found & OPEN
    assert found & ILL
    # Where every deciding criterion is left to the firm itself or not confirmed, nothing can come out well.
    assert found & WELL or not can_come_out_well(name)


def can_come_out_well(name: str) -> bool:
    """Whether a measure can be more than undetermined: something decides, or the firm may have it."""
    edition, key = Path(name).parent.name, Path(name).stem
    measures = (each for each in HENAN.recognitions if (each.edition, each.key) == (edition, key))
    found = next(measures, None)
    return found is None or found.held_when is not None or any(each.decides for each in found.criteria)


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith("guided/")], ids=lambda name: Path(name).stem
)
def test_a_guided_measure_has_two_examples_and_says_what_to_do(name: str) -> None:
    file = FILES[name]
    assert len(file["examples"]) >= 2
    verdicts = {each["then"]["verdict"] for each in file["examples"]}
    assert verdicts >= {"concerns", "does_not_concern" if "concerns_when" in file else "out_of_scope"}
    assert file["next_steps"]
    assert file["left_open"]


def bounds(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Share):
        yield f"{condition.bound}%"
    if isinstance(condition, Compare | Sum):
        yield f"{condition.bound}%" if hasattr(condition.bound, "as_tuple") else str(condition.bound)
    for part in condition.parts():
        yield from bounds(part)


def conditions() -> Iterator[Condition]:
    for each in HENAN.measures():
        if isinstance(each, Scheme):
            yield from (each.applies_when, each.eligible_when)
        elif isinstance(each, Recognition):
            found = (each.held_when, each.applies_when, *(one.when for one in each.criteria))
            yield from (one for one in found if one is not None)
        elif (concerns := getattr(each, "concerns_when", None)) is not None:
            yield concerns


def test_the_provinces_targets_are_told_as_such_and_bound_no_condition() -> None:
    figures = " ".join(each.figure for each in HENAN.targets)
    assert len(HENAN.targets) >= 14
    for figure in TARGETS:
        assert figure.removesuffix("%") in figures
    told = {bound for condition in conditions() for bound in bounds(condition)}
    assert told & {f"{read_percent(each)}%" for each in TARGETS} == set()
    assert {each.by for each in HENAN.targets} == {"2027", ""}


def test_only_the_three_targets_that_the_plan_dates_have_a_year() -> None:
    assert [each.place for each in HENAN.targets if each.by] == ["总体要求"] * 3
