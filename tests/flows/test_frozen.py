"""What a report says: the result in final words; without figures nothing that tells one; signs that deceive are left out."""

import json

from flows.frozen import printable, shortened, without_figures
from flows.terms import CERTAINTY_WORDS, RUNG_WORDS, VERDICT_WORDS
from policy.citations import Certainty
from policy.standing import LadderState, RungState
from policy.verdicts import Verdict
from tests.papers import BELOW, BIG, EVERYTHING, OUTSIDE, SMALL, edition, paper


def test_a_paper_is_plain_json_and_tells_ladder_schemes_sources_day_and_edition() -> None:
    told = paper(BIG, "某某集团", EVERYTHING)
    assert json.loads(json.dumps(told)) == told
    assert (told["revenue"], told["place"], told["step"]) == ("120亿元", "在第 4 级（100亿元以上）", 4)
    assert [rung["word"] for rung in told["rungs"]] == ["已有"] * 4
    assert {each["id"]: each["amount"] for each in told["schemes"]} == {
        "national-platform-award": "1000万元",
        "tech-upgrade-demo-subsidy": "1000万元",
    }
    assert (told["confirmed"], told["conditional"]) == ("1000万元", "1000万元")
    assert "15%" in told["schemes"][1]["working"]
    assert told["schemes"][1]["source"].endswith("摘要H4、第18条（转载文本）")
    assert told["ladder_source"] == "《河南省推动科技创新和产业创新深度融合行动计划》第5条（转载文本）"
    assert told["documents"][0]["checked"] == edition().documents["henan-2025"].checked.isoformat()
    assert told["edition"] == {"name": "henan-2025", "title": edition().title, "since": "2025-09-01"}
    assert told["as_of"] == "2026-11-23"
    assert any(each["title"] == "高新技术企业" for each in told["recognitions"])


def test_a_small_firm_a_firm_below_and_one_from_outside() -> None:
    small, below, outside = paper(SMALL), paper(BELOW), paper(OUTSIDE)
    assert small["gap"] == "离下一级（5亿元）还差 1.8亿元"
    assert (small["confirmed"], small["conditional"]) == (None, None)
    assert below["place"].startswith("还没到第一级")
    assert any("还差 2000万元" in each for scheme in below["schemes"] for each in scheme["because"])
    assert outside["scope"] == "out"
    assert "不在河南注册" in outside["place"]


def test_without_figures_no_figure_of_the_firm_is_left() -> None:
    rough = {"registered_in_henan": True, "revenue": {"value": 500_000_000, "approx": True}}
    for facts, figures in (
        (BIG, ("120亿", "9000万", "8000万", "1200万", "中原某某重点实验室")),
        (BELOW, ("4200万", "5800万", "3000万", "2000万")),
        (SMALL, ("3.2亿", "1.8亿")),
        (rough, ("约5亿", "到没到")),
    ):
        full = paper(facts, "某某", EVERYTHING)
        told = json.dumps(without_figures(full), ensure_ascii=False)
        assert any(each in json.dumps(full, ensure_ascii=False) for each in figures)
        assert [each for each in figures if each in told] == []
        assert full["answers"] not in told
        assert full["place"] in told


def test_every_verdict_certainty_and_rung_has_words() -> None:
    assert {str(each) for each in Verdict} | {str(each) for each in LadderState} == set(VERDICT_WORDS)
    assert {str(each) for each in Certainty} == set(CERTAINTY_WORDS)
    assert {str(each) for each in RungState} == set(RUNG_WORDS)


def test_signs_that_are_not_seen_or_turn_the_direction_are_left_out() -> None:
    assert printable("甲\u202e乙\u200b\u2066丙\ufeff\x00 \n 丁") == "甲乙丙 丁"
    assert paper(SMALL, "\u202e洛阳\u200d轴承\ud83d")["firm"] == "洛阳轴承"


def test_a_name_of_sixty_is_whole_and_a_longer_one_is_cut() -> None:
    assert shortened("犇" * 60) == "犇" * 60
    assert shortened("犇" * 61) == "犇" * 59 + "…"
