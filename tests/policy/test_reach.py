"""How near a sum is to a firm: sure only with an amount, out of reach only for one that is short of something."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from policy.benefits import Rate
from policy.citations import Certainty, Validity
from policy.complaints import EditionError
from policy.determine import Outcome, determine
from policy.facts import Fact, Kind
from policy.gathering import read_folder
from policy.load import SHIPPED, parse_edition
from policy.money import MoneyItem
from policy.reach import Reach, in_reach
from policy.recognitions import Recognition
from policy.verdicts import Determination, Verdict
from policy.wire import read_document
from tests.policy.strategies import HENAN

V = Verdict
ITEM = MoneyItem("sum", "一笔钱", "100万元", Certainty.REPRINT, (), measure="it")
SCHEME = HENAN.schemes[0]
RECOGNITION = Recognition(
    key="it",
    title="资格",
    edition="e",
    citations=(),
    certainty=Certainty.REPRINT,
    valid=Validity(),
    criteria=(),
)
DEDUCTION = replace(RECOGNITION, benefit=Rate(Fraction(1), Fact("spend", Kind.MONEY, "研发"), None))


def reach(item: MoneyItem, found: Determination | None = None) -> Reach:
    (told,) = in_reach([item], {} if found is None else {"it": found})
    return told.reach


@pytest.mark.parametrize(
    ("verdict", "amount", "expected"),
    [
        (V.ELIGIBLE, 5, Reach.SURE),
        (V.ELIGIBLE, None, Reach.OPEN),
        (V.CONDITIONAL, 5, Reach.CONDITIONAL),
        (V.CONDITIONAL, None, Reach.OPEN),
        (V.UNDETERMINED, None, Reach.OPEN),
        (V.CONTRADICTORY, None, Reach.OPEN),
        (V.CONCERNS, None, Reach.OPEN),
        (V.INELIGIBLE, 0, Reach.OUT_OF_REACH),
        (V.NOT_APPLICABLE, 0, Reach.NOT_CONCERNED),
        (V.DOES_NOT_CONCERN, None, Reach.NOT_CONCERNED),
        (V.OUT_OF_SCOPE, None, Reach.NOT_CONCERNED),
    ],
)
def test_a_sum_is_as_near_as_its_measure_and_sure_only_with_an_amount(
    verdict: Verdict, amount: int | None, expected: Reach
) -> None:
    assert reach(ITEM, Determination(SCHEME, verdict, amount)) is expected


def test_every_verdict_has_its_reach() -> None:
    for verdict in Verdict:
        assert reach(ITEM, Determination(SCHEME, verdict, None)) in Reach


def test_a_deduction_hangs_on_its_recognition_alone() -> None:
    assert reach(ITEM, Determination(DEDUCTION, V.CONDITIONAL, None)) is Reach.CONDITIONAL
    assert reach(ITEM, Determination(RECOGNITION, V.CONDITIONAL, None)) is Reach.OPEN


def test_a_sum_that_hangs_on_nothing_we_judge_is_open() -> None:
    assert reach(replace(ITEM, measure=None)) is Reach.OPEN


def test_what_is_not_confirmed_is_never_sure_nor_conditional() -> None:
    unsure = replace(ITEM, certainty=Certainty.UNCONFIRMED)
    assert reach(unsure, Determination(SCHEME, V.ELIGIBLE, 5)) is Reach.OPEN
    assert reach(unsure, Determination(SCHEME, V.CONDITIONAL, 5)) is Reach.OPEN
    assert reach(unsure, Determination(SCHEME, V.INELIGIBLE, 0)) is Reach.OUT_OF_REACH


def outcome(**facts: object) -> Outcome:
    given, _ = read_document(HENAN, {"facts": facts})
    return determine(HENAN, given, date(2026, 11, 23))


def reaches(**facts: object) -> dict[str, Reach]:
    return {each.item.key: each.reach for each in outcome(**facts).money}


def test_having_a_title_does_not_make_its_money_sure() -> None:
    found = reaches(certificates=[{"code": "little_giant"}, {"code": "hnte"}])
    assert found["little-giant-upgrade"] is Reach.OPEN
    assert found["hnte-award"] is Reach.OPEN
    assert reaches()["provincial-manufacturing-centre"] is Reach.OPEN


def test_who_wants_no_project_is_not_concerned_and_who_does_is_open() -> None:
    assert reaches(needs=[])["open-bidding"] is Reach.NOT_CONCERNED
    assert reaches(needs=["tech_project"])["open-bidding"] is Reach.OPEN
    assert reaches(upgrade_project=False)["upgrade-demo"] is Reach.NOT_CONCERNED


def test_only_what_the_scheme_comes_to_is_sure() -> None:
    told = {
        "upgrade_project": True,
        "upgrade_total_investment": 60_000_000,
        "upgrade_equipment_software": 40_000_000,
    }
    assert reaches(**told, upgrade_demo_recognized=True)["upgrade-demo"] is Reach.SURE
    assert reaches(**told)["upgrade-demo"] is Reach.CONDITIONAL
    assert reaches(**told, upgrade_demo_recognized=False)["upgrade-demo"] is Reach.OUT_OF_REACH


@pytest.mark.parametrize(
    ("spoilt", "by", "said"),
    [
        ("measure: little_giant", "measure: little_gaint", "unknown 'little_gaint'"),
        ("id: open-bidding", "id: hnte-award", "two sums are called 'hnte-award'"),
    ],
)
def test_a_sum_that_hangs_on_nothing_or_comes_twice_is_complained_of(spoilt: str, by: str, said: str) -> None:
    files = dict(read_folder(SHIPPED))
    assert files["money.yaml"].count(spoilt) == 1
    with pytest.raises(EditionError, match=said):
        parse_edition(files | {"money.yaml": files["money.yaml"].replace(spoilt, by)})
