"""What must hold for every firm's recognitions: nothing unconfirmed or unasked decides, and what is, says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from policy.citations import Certainty
from policy.determine import Outcome, determine
from policy.facts import Value
from policy.gathering import read_folder
from policy.intervals import Interval
from policy.load import SHIPPED, load_edition, parse_edition, parse_stored
from policy.measures import MeasureKind
from policy.recognitions import Recognition
from policy.results import write_outcome
from policy.truth import Truth
from policy.verdicts import Determination, Verdict
from policy.wire import read_document
from tests.policy.random_deep import deep_firm
from tests.policy.strategies import HENAN
from tests.policy.test_broken import EDITIONS

OPEN = {Verdict.UNDETERMINED, Verdict.CONDITIONAL}
UNCONFIRMED = Certainty.UNCONFIRMED


def outcomes(count: int, seed: int) -> Iterator[Outcome]:
    random = Random(seed)
    for _ in range(count):
        facts, day = read_document(HENAN, deep_firm(random))
        yield determine(HENAN, facts, day or date(2026, 11, 23))


def held(each: Determination) -> bool:
    return each.working == "已经有了"


def recognition_of(each: Determination) -> Recognition:
    assert isinstance(each.scheme, Recognition)
    return each.scheme


def test_never_eligible_by_a_criterion_that_is_not_confirmed_not_asked_or_left_to_an_authority() -> None:
    found = 0
    for outcome in outcomes(300, seed=1):
        for each in outcome.recognitions:
            if each.verdict is Verdict.ELIGIBLE and not held(each):
                found += 1
                assert all(one.criterion.decides and one.truth is Truth.YES for one in each.checked)
                assert recognition_of(each).authority == ""
    assert found > 50


def test_where_nothing_is_confirmed_nothing_is_said_for_or_against_the_firm() -> None:
    for outcome in outcomes(150, seed=2):
        for each in outcome.recognitions:
            criteria = recognition_of(each).criteria
            unsure = tuple(replace(one, certainty=UNCONFIRMED) for one in criteria)
            told = outcome.stand_to(replace(recognition_of(each), criteria=unsure))
            assert told.verdict not in {Verdict.CONDITIONAL, Verdict.INELIGIBLE}
            assert told.verdict is not Verdict.ELIGIBLE or held(told)


def test_what_is_not_confirmed_only_keeps_a_verdict_from_being_sure() -> None:
    for outcome in outcomes(150, seed=3):
        for each in outcome.recognitions:
            criteria = recognition_of(each).criteria
            sure = tuple(one for one in criteria if one.certainty is not UNCONFIRMED)
            told = outcome.stand_to(replace(recognition_of(each), criteria=sure))
            stronger = told.verdict is Verdict.ELIGIBLE and each.verdict is Verdict.CONDITIONAL
            assert told.verdict is each.verdict or stronger


def test_whatever_is_told_of_something_not_confirmed_says_so() -> None:
    found = 0
    for outcome in outcomes(200, seed=4):
        for each in outcome.recognitions:
            for one in each.checked:
                if one.criterion.certainty is UNCONFIRMED and each.verdict in OPEN:
                    found += 1
                    about = [text for text in each.left_open if one.criterion.title in text]
                    assert about
                    assert all("待核实" in text for text in about)
            assert all("待核实" in text for text in each.left_open if "估计" in text or "估分" in text)
    assert found > 100


def test_no_money_is_ever_claimed_for_a_recognition() -> None:
    for outcome in outcomes(100, seed=5):
        assert {each.amount for each in (*outcome.recognitions, *outcome.guides)} == {None}
        claimed = [each.amount or 0 for each in outcome.schemes if each.verdict is Verdict.ELIGIBLE]
        assert outcome.total(Verdict.ELIGIBLE) == sum(claimed)


def test_what_is_settled_misses_nothing_and_what_is_guided_has_no_other_verdict() -> None:
    for outcome in outcomes(150, seed=6):
        for each in outcome.everything():
            assert not each.missing or each.verdict in {*OPEN, Verdict.CONTRADICTORY}
            if each.scheme.kind is MeasureKind.GUIDED:
                assert each.verdict in {
                    Verdict.CONCERNS,
                    Verdict.DOES_NOT_CONCERN,
                    Verdict.UNDETERMINED,
                    Verdict.OUT_OF_SCOPE,
                }


def test_a_point_within_what_is_known_never_flips_a_settled_recognition() -> None:
    """Knowing more: each range is replaced by one of its ends, or by a figure within."""
    settled = {Verdict.ELIGIBLE, Verdict.INELIGIBLE, Verdict.NOT_APPLICABLE, Verdict.CONDITIONAL}
    random = Random(7)
    for outcome in outcomes(250, seed=7):
        exact = {key: point(value, random) for key, value in outcome.facts.items()}
        better = determine(HENAN, exact, outcome.day)
        for vague, sure in zip(outcome.recognitions, better.recognitions, strict=True):
            if vague.verdict in settled and sure.verdict is not Verdict.CONTRADICTORY:
                assert sure.verdict is vague.verdict, vague.scheme.key


def point(value: Value, random: Random) -> Value:
    if not isinstance(value, Interval):
        return value
    ends = [end for end in (value.least, value.most) if end is not None]
    is_open = (value.low_open and value.least == value.low) or (value.high_open and value.most == value.high)
    return value if is_open else Interval.exact(random.choice(ends))


def test_a_stored_edition_is_the_same_edition() -> None:
    for folder in (SHIPPED, EDITIONS / "minimal", EDITIONS / "whole" / "province" / "2025"):
        assert parse_stored(read_folder(folder)) == parse_edition(read_folder(folder)) == load_edition(folder)


def test_a_stored_edition_judges_alike() -> None:
    stored = parse_stored(read_folder(SHIPPED))
    for outcome in outcomes(60, seed=8):
        again = determine(stored, outcome.facts, outcome.day)
        assert write_outcome(again) == write_outcome(outcome)


def test_however_examples_are_written_a_stored_edition_is_read() -> None:
    """Without a line's end, with the ends of another system, with a bracket at the margin, with keys after them."""
    files = read_folder(EDITIONS / "minimal")
    name = "schemes/award.yaml"
    head, examples = files[name].split("examples:\n")
    inside = (
        examples.replace("  - name", "{name")
        .replace("\n    given", ", given")
        .replace("\n    then", ", then")
    )
    texts = (
        files[name].rstrip("\n"),
        files[name].replace("\n", "\r\n"),
        f"{head}examples:\n- {inside.strip()}}}\n",
        f"{head}examples: [\n{inside.strip()}}}\n]\n",
        f"examples:\n{examples}\n# 注\n{head}",
        f"examples:\n{examples}\r\n\r\n{head}",
    )
    for text in texts:
        assert parse_stored(files | {name: text}) == parse_edition(files | {name: text}), text
