"""Single firms before the shipped recognitions: what may not be said of them, and what they are told instead."""

from datetime import date
from typing import Any

import pytest

from policy.determine import determine
from policy.facts import Records
from policy.intervals import Interval
from policy.verdicts import Determination, Verdict
from policy.wire import read_document
from tests.policy.strategies import HENAN

DAY = date(2026, 11, 23)
A_YEAR_OPEN = "满不满一年要看具体日子"


def told(key: str, day: date = DAY, **facts: Any) -> Determination:
    given, _ = read_document(HENAN, {"facts": facts})
    outcome = determine(HENAN, given, day)
    return next(each for each in outcome.recognitions if each.scheme.key == key)


def missing(found: Determination) -> list[str]:
    return [each.fact for each in found.missing]


@pytest.mark.parametrize("key", ["hnte", "zjtx", "little_giant", "tech_sme"])
def test_nobody_is_short_of_what_he_may_have_already(key: str) -> None:
    short: dict[str, Any] = {
        "hitech_share": "10",
        "debt_ratio": "95",
        "employees": 600,
        "industry": "manufacturing",
        "revenue": 60_000_000,
    }
    found = told(key, **short)
    assert found.verdict is Verdict.UNDETERMINED
    assert missing(found) == ["certificates"]
    assert told(key, **short, certificates=[]).verdict is Verdict.INELIGIBLE
    assert told(key, **short, certificates=[{"code": key}]).verdict is Verdict.ELIGIBLE


def test_a_little_giant_has_what_leads_to_it() -> None:
    giant: dict[str, Any] = {"certificates": [{"code": "little_giant"}]}
    for day in (date(2026, 3, 31), DAY):
        assert told("zjtx", day, **giant).verdict is Verdict.ELIGIBLE
    for code in ("zjtx", "little_giant"):
        found = told("innovative_sme", date(2026, 3, 31), certificates=[{"code": code}])
        assert found.verdict is Verdict.ELIGIBLE


def test_a_year_is_not_sure_in_its_month() -> None:
    others: dict[str, Any] = {
        "certificates": [], "ip_class1_count": 1, "employees": 100, "sci_tech_staff": 10, "hitech_share": "60",
        **dict.fromkeys(("revenue", "revenue_prior", "revenue_prior2"), 50_000_000),
        **dict.fromkeys(("rd_spend", "rd_spend_prior", "rd_spend_prior2"), 2_500_000),
    }  # fmt: skip
    exactly = told("hnte", **others, registered_on="2025-11")
    assert exactly.verdict is Verdict.UNDETERMINED
    assert exactly.missing == ()
    assert any(A_YEAR_OPEN in text for text in exactly.left_open)
    assert told("hnte", **others, registered_on="2025-10").verdict is Verdict.CONDITIONAL
    assert told("hnte", **others, registered_on="2025-12").verdict is Verdict.INELIGIBLE


def test_bought_rights_may_count_for_a_high_tech_firm() -> None:
    found = told("hnte", certificates=[], ip_class1_count=0, ip_class2_count=0)
    assert found.verdict is Verdict.UNDETERMINED
    assert any("买来" in text for text in found.left_open)


def test_in_principle_is_no_sure_no() -> None:
    found = told("provincial_engineering_tech_center", platforms=[], location=[], revenue=29_999_999)
    assert found.verdict is Verdict.UNDETERMINED
    assert any("原则上" in text for text in found.left_open)


def test_growth_by_another_revenue_may_be_another() -> None:
    found = told(
        "little_giant", certificates=[{"code": "zjtx"}], revenue=110_000_000, revenue_prior2=100_000_000
    )
    assert found.verdict is Verdict.UNDETERMINED
    assert any("主营业务收入算可能不同" in text for text in found.left_open)


def test_fewer_scientific_staff_may_be_other_people() -> None:
    found = told(
        "provincial_tech_center", platforms=[], rd_spend=5_000_000, sci_tech_staff=49, rd_equipment=8_000_000
    )
    assert found.verdict is Verdict.UNDETERMINED
    assert any("统计" in text for text in found.left_open)


@pytest.mark.parametrize("key", ["rd_super_deduction", "tech_sme"])
def test_who_pays_no_corporate_tax_is_out(key: str) -> None:
    firm: dict[str, Any] = {"certificates": [], "industry": "manufacturing", "rd_spend": 1_000_000}
    found = told(key, **firm, entity_type="sole_proprietor")
    assert found.verdict is Verdict.INELIGIBLE
    assert [each.fact for each in found.because] == ["entity_type"]
    assert told(key, **firm).verdict is Verdict.UNDETERMINED


def test_above_scale_is_the_statistics_offices_to_say() -> None:
    firm: dict[str, Any] = {"industry": "manufacturing", "entity_type": "company", "revenue": 20_000_000}
    assert told("above_scale_industry", **firm).verdict is Verdict.CONDITIONAL
    assert told("above_scale_industry", **firm, above_scale=True).verdict is Verdict.ELIGIBLE


def test_only_the_lines_of_ones_own_industry_decide_the_size() -> None:
    large = told("sme_size", industry="manufacturing", employees=1000, revenue=400_000_000)
    assert large.verdict is Verdict.INELIGIBLE
    assert [each.fact for each in large.because] == ["employees", "revenue"]
    small = told("sme_size", industry="software_it", employees=299, revenue=400_000_000)
    assert small.verdict is Verdict.ELIGIBLE
    assert [(each.fact, each.asks) for each in small.because] == [("employees", "300人以下（不含）")]
    assert [one.criterion.title for one in small.checked] == ["软件和信息服务：没有同时满 300 人和 1亿元"]
    assert told("sme_size", employees=1000, revenue=400_000_000).verdict is Verdict.UNDETERMINED


def test_a_certificate_that_ran_out_is_told_as_such() -> None:
    found = told(
        "zjtx-loan-2022",
        financing_needs=["loan"],
        certificates=[{"code": "zjtx", "until": "2025-12"}, {"code": "hnte"}],
    )
    assert found.verdict is Verdict.INELIGIBLE
    assert [each.given for each in found.because] == ["高新技术企业、专精特新中小企业（2025年12月已到期）"]
    none = told(
        "zjtx-loan-2022", financing_needs=["loan"], certificates=[{"code": "zjtx", "until": "2025-12"}]
    )
    assert [each.given for each in none.because] == ["专精特新中小企业（2025年12月已到期）"]


def test_a_list_shows_what_ran_out_beside_what_counts() -> None:
    certificates = HENAN.facts["certificates"]
    ended = Records((), ended=({"code": "gazelle", "until": Interval.exact(2025 * 12)},))
    assert certificates.show(ended) == "瞪羚企业（2025年1月已到期）"
    assert certificates.show(Records(())) == "没有"


def test_what_has_to_be_renewed_says_so() -> None:
    renewed = {each.key: each.renew for each in HENAN.recognitions if each.renew}
    assert {"hnte", "tech_sme"} <= set(renewed)
