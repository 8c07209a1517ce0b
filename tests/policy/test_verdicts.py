"""One scheme for one firm: which verdict goes before which, and what is told with it."""

from datetime import date
from pathlib import Path

import pytest

from policy.determine import Outcome, determine
from policy.facts import Records, Value
from policy.findings import Missing, Reason
from policy.intervals import Interval
from policy.load import load_edition
from policy.verdicts import Determination, Verdict

MINIMAL = load_edition(Path(__file__).parent / "editions" / "minimal")
DAY = date(2026, 11, 1)
EXACT = Interval.exact
GROWING: dict[str, Value] = {"in_province": True, "growth": EXACT(5)}
WAN = 10_000


def outcome(facts: dict[str, Value], day: date = DAY) -> Outcome:
    return determine(MINIMAL, facts, day)


def subsidy(facts: dict[str, Value], day: date = DAY) -> Determination:
    return next(each for each in outcome(facts, day).schemes if each.scheme.key == "subsidy")


def test_no_such_case_goes_before_everything() -> None:
    found = subsidy({"growth": EXACT(0), "total": EXACT(1), "spent": EXACT(2)})
    assert (found.verdict, found.amount) == (Verdict.NOT_APPLICABLE, 0)
    assert found.because == (Reason("growth", "0%", "超过 0%", None),)


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2025, 8, 31), Verdict.NOT_APPLICABLE),
        (date(2025, 9, 1), Verdict.UNDETERMINED),
        (date(2027, 12, 31), Verdict.UNDETERMINED),
        (date(2028, 1, 1), Verdict.NOT_APPLICABLE),
    ],
)
def test_a_scheme_holds_from_its_first_day_to_its_last(day: date, verdict: Verdict) -> None:
    found = subsidy(GROWING, day)
    assert found.verdict is verdict
    assert (found.left_open == (f"{day} 不在施行期内",)) == (verdict is Verdict.NOT_APPLICABLE)


def test_answers_that_conflict_go_before_a_sure_no_and_are_both_named() -> None:
    found = subsidy(GROWING | {"total": EXACT(100 * WAN), "spent": EXACT(200 * WAN), "recognised": False})
    assert (found.verdict, found.amount, found.missing) == (Verdict.CONTRADICTORY, None, ())
    assert found.because == (Reason("spent", "200万元", "不超过总投资（100万元）", None),)


def test_a_conflict_is_no_matter_of_a_scheme_that_does_not_look_at_it() -> None:
    facts: dict[str, Value] = {"total": EXACT(1), "spent": EXACT(2), "platforms": Records(())}
    award = next(each for each in outcome(facts).schemes if each.scheme.key == "award")
    assert award.verdict is Verdict.NOT_APPLICABLE


def test_all_that_says_no_is_told() -> None:
    found = subsidy(GROWING | {"total": EXACT(1), "recognised": False})
    assert (found.verdict, found.amount) == (Verdict.INELIGIBLE, 0)
    assert [reason.fact for reason in found.because] == ["total", "recognised"]


def test_only_what_an_authority_decides_is_open() -> None:
    found = subsidy(GROWING | {"total": EXACT(8000 * WAN), "spent": EXACT(4000 * WAN)})
    assert (found.verdict, found.amount, found.missing) == (
        Verdict.CONDITIONAL,
        600 * WAN,
        (Missing("recognised"),),
    )
    assert (found.is_open, found.certainty) == (True, MINIMAL.documents["plan"].certainty)


def test_a_fact_that_is_missing_twice_is_named_once_with_its_first_doubt() -> None:
    found = subsidy(GROWING | {"total": EXACT(8000 * WAN), "spent": Interval(1, 2 * WAN), "recognised": True})
    assert (found.verdict, found.missing) == (Verdict.UNDETERMINED, (Missing("spent"),))
    assert found.working == "在 0元至 3000元之间，要看准数"


def test_totals_add_only_what_has_the_verdict() -> None:
    new: dict[str, Value] = {"kind": "new", "since": EXACT(2026 * 12)}
    facts = GROWING | {
        "total": EXACT(8000 * WAN),
        "spent": EXACT(4000 * WAN),
        "platforms": Records((new, new)),
    }
    assert outcome(facts).total(Verdict.ELIGIBLE) == 1000 * WAN
    assert outcome(facts).total(Verdict.CONDITIONAL) == 600 * WAN
    assert outcome(facts | {"in_province": False}).total(Verdict.ELIGIBLE) == 0
