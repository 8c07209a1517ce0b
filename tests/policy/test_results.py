"""The shapes of the contract, field by field, on a firm that shows them all."""

from datetime import date
from typing import Any

from policy.determine import determine
from policy.results import write_outcome
from policy.wire import read_document
from tests.policy.strategies import HENAN

CITED = [{"document": "henan-2025", "place": "摘要H4"}, {"document": "henan-2025", "place": "第18条"}]


def assessed(**facts: Any) -> dict[str, Any]:
    given, _ = read_document(HENAN, {"facts": facts})
    return write_outcome(determine(HENAN, given, date(2026, 11, 1)))


def test_a_firm_with_everything_known() -> None:
    written = assessed(
        registered_in_henan=True,
        revenue=320_000_000,
        rd_institution=True,
        consortium_role="lead",
        upgrade_project=True,
        upgrade_total_investment=60_000_000,
        upgrade_equipment_software=40_000_000,
        upgrade_demo_recognized=True,
        national_platforms=[],
        industry="manufacturing",
        above_scale=True,
    )
    assert list(written) == [
        "edition",
        "as_of",
        "ladder",
        "schemes",
        "confirmed_total_yuan",
        "conditional_total_yuan",
        "must_ask",
        "notes",
    ]
    assert written["edition"] == "henan-2025"
    assert written["as_of"] == "2026-11-01"
    assert (written["confirmed_total_yuan"], written["conditional_total_yuan"]) == (6_000_000, 0)
    assert written["must_ask"] == []
    assert written["notes"] == []
    left_open = written["ladder"].pop("left_open")
    assert written["ladder"] == {
        "state": "on_ladder",
        "rungs_expected": ["rd_institution"],
        "rungs": {
            "rd_institution": "met",
            "landmark_result": "not_expected",
            "innovation_consortium": "not_expected",
            "sci_tech_leader": "not_expected",
        },
        "ahead": ["innovation_consortium"],
        "reached_threshold_yuan": 100_000_000,
        "next_threshold_yuan": 500_000_000,
        "gap_to_next_yuan": 180_000_000,
        "citations": [{"document": "henan-2025", "place": "第5条"}],
    }
    assert left_open == list(HENAN.ladder.rungs[0].left_open)
    upgrade = next(each for each in written["schemes"] if each["id"] == "tech-upgrade-demo-subsidy")
    assert upgrade == {
        "id": "tech-upgrade-demo-subsidy",
        "edition": "henan-2025",
        "kind": "assessed",
        "title": "重大技术改造示范项目补助",
        "verdict": "eligible",
        "amount_yuan": 6_000_000,
        "working": "4000万元 × 15% = 600万元，未到上限 1000万元",
        "because": [
            {
                "fact": "upgrade_total_investment",
                "given": "6000万元",
                "asks": "5000万元以上（含）",
                "short_by": None,
            },
            {"fact": "upgrade_demo_recognized", "given": "已认定", "asks": "已认定", "short_by": None},
        ],
        "missing": [],
        "left_open": list(HENAN.schemes[1].left_open),
        "certainty": "reprint",
        "citations": CITED,
    }


def test_a_firm_of_which_nothing_is_known() -> None:
    written = assessed()
    assert written["ladder"]["rungs_expected"] is None
    assert set(written["ladder"]["rungs"].values()) == {"unknown"}
    assert {each["amount_yuan"] for each in written["schemes"]} == {None}
    told = [remark.say for remark in HENAN.ladder.remarks]
    assert written["notes"] == ["尚不知道是否在河南注册，先按在河南计算", *told]
    assert written["must_ask"][:2] == ["registered_in_henan", "revenue"]


def test_a_gap_is_a_number_in_the_facts_own_unit() -> None:
    written = assessed(upgrade_project=True, upgrade_total_investment=49_990_000)
    upgrade = next(each for each in written["schemes"] if each["id"] == "tech-upgrade-demo-subsidy")
    assert upgrade["because"] == [
        {
            "fact": "upgrade_total_investment",
            "given": "4999万元",
            "asks": "5000万元以上（含）",
            "short_by": 10_000,
        }
    ]


def test_a_firm_from_elsewhere() -> None:
    written = assessed(registered_in_henan=False, revenue=320_000_000)
    ladder = written["ladder"]
    assert ladder["state"] == "out_of_scope"
    assert set(ladder["rungs"].values()) == {"not_assessed"}
    assert (ladder["rungs_expected"], ladder["gap_to_next_yuan"], ladder["ahead"]) == (None, None, [])
    judged = [each for each in written["schemes"] if each["kind"] != "not_for_firms"]
    assert {(each["verdict"], each["amount_yuan"]) for each in judged} == {("out_of_scope", None)}


def test_what_is_not_for_firms_is_listed_with_its_reason_whoever_asks() -> None:
    for written in (assessed(), assessed(registered_in_henan=False)):
        spared = [each for each in written["schemes"] if each["kind"] == "not_for_firms"]
        assert [each["id"] for each in spared] == ["zero-carbon-park", "applied-talent-supply"]
        assert {(each["verdict"], each["amount_yuan"]) for each in spared} == {("not_applicable", None)}
        assert [each["citations"][0]["place"] for each in spared] == ["摘要H1", "第6条"]
        assert all("企业" in each["left_open"][0] for each in spared)


def test_what_is_told_of_a_firm_below_scale() -> None:
    assert assessed(registered_in_henan=True, above_scale=False)["notes"] == [HENAN.ladder.remarks[0].say]


def test_no_span_of_an_amount_is_told_where_the_gate_is_missed_whatever_else() -> None:
    written = assessed(registered_in_henan=True, upgrade_total_investment=40_000_000)
    upgrade = next(each for each in written["schemes"] if each["id"] == "tech-upgrade-demo-subsidy")
    assert (upgrade["verdict"], upgrade["working"]) == ("undetermined", "")


def test_a_platform_of_which_too_little_is_known_is_told_beside_a_sure_one() -> None:
    sure = {"name": "甲", "kind": "new", "role": "host", "created_on": "2026-01"}
    written = assessed(registered_in_henan=True, national_platforms=[sure, {"name": "乙", "kind": "new"}])
    award = next(each for each in written["schemes"] if each["id"] == "national-platform-award")
    assert (award["verdict"], award["amount_yuan"]) == ("eligible", 5_000_000)
    assert any("乙" in told and "没有算进去" in told for told in award["left_open"])
