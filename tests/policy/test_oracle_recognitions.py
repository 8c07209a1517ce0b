"""The engine against the second reading of the recognitions: the same verdict on every random firm, on every day."""

import json
from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest

from policy.determine import Outcome, determine
from policy.wire import read_document
from tests.policy.oracle_recognitions import RULES, judged
from tests.policy.random_deep import deep_firm
from tests.policy.strategies import HENAN

Key = tuple[str, str]
Document = dict[str, Any]


def outcome(document: Document) -> Outcome:
    facts, day = read_document(HENAN, document)
    return determine(HENAN, facts, day or date(2026, 11, 23))


def told(document: Document) -> dict[Key, str]:
    found = outcome(document)
    return {(each.edition, each.key): str(found.stand_to(each).verdict) for each in HENAN.recognitions}


def test_the_second_reading_knows_every_recognition() -> None:
    assert set(RULES) == {(each.edition, each.key) for each in HENAN.recognitions}
    assert len(RULES) == 17


def test_it_knows_the_days_in_force() -> None:
    valid = {(each.edition, each.key): each.valid for each in HENAN.recognitions}
    days = {
        key: (rule.since, None if rule.until == "9999-12-31" else rule.until) for key, rule in RULES.items()
    }
    assert days == {
        key: (each.since and each.since.isoformat(), each.until and each.until.isoformat())
        for key, each in valid.items()
    }


def test_the_engine_agrees_on_a_thousand_firms() -> None:
    seen = agree_on(Random(20160129), 1_000)
    for key in RULES:
        verdicts = {verdict for found, verdict in seen if found == key}
        assert {"undetermined", "not_applicable"} & verdicts
    for key in [key for key in RULES if key[1] not in OPEN_ENDED]:
        assert seen[key, "eligible"] + seen[key, "conditional"] >= 5, key
        assert seen[key, "ineligible"] >= 20, key


# Where no criterion surely fails (zj: by ways nobody asks about), or none decides at all.
OPEN_ENDED = {"innovative_sme", "sci-tech-vice-president-2024", "sci-tech-loan-2025"}


@pytest.mark.parametrize(
    "firms",
    [
        pytest.param(2_000, marks=pytest.mark.slow),
        pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.full]),
    ],
)
def test_the_engine_agrees_on_thousands_of_firms(firms: int) -> None:
    agree_on(Random(20260401), firms)


def agree_on(random: Random, firms: int) -> Counter[tuple[Key, str]]:
    """Compare, shrink the first that differ, and count the verdicts."""
    seen: Counter[tuple[Key, str]] = Counter()
    wrong = []
    for _ in range(firms):
        document = deep_firm(random)
        ours = told(document)
        seen.update(ours.items())
        if ours != judged(document):
            wrong.append(document)
    if wrong:
        smallest = min((shrunk(each) for each in wrong[:20]), key=lambda one: len(str(one)))
        pytest.fail(f"{len(wrong)} of {firms} firms differ; the smallest:\n{shown(smallest)}")
    return seen


def shrunk(document: Document) -> Document:
    """Drop whatever facts a disagreement does not need."""
    for key in list(document["facts"]):
        fewer = document | {"facts": {k: v for k, v in document["facts"].items() if k != key}}
        document = fewer if told(fewer) != judged(fewer) else document
    return document


def shown(document: Document) -> str:
    ours, theirs = told(document), judged(document)
    lines = [
        f"  {key}: the engine says {ours[key]}, the oracle {theirs[key]}"
        for key in RULES
        if ours[key] != theirs[key]
    ]
    return "\n".join([json.dumps(document, ensure_ascii=False), *lines])


def test_only_the_edition_of_the_day_is_told() -> None:
    for day, edition in (("2026-03-31", "quality-sme-2022"), ("2026-04-01", "quality-sme-2026")):
        found = outcome({"as_of": day, "facts": {}})
        editions = {each.scheme.key: each.scheme.edition for each in found.recognitions}
        assert (editions["zjtx"], editions["innovative_sme"]) == (edition, edition)
        assert len(found.recognitions) == 15
