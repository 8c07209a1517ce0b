"""An earlier year's answer is offered where it still says something, under the right name, and never taken silently."""

import re

from flows.lastyear import AS_BEFORE
from models.answer import answers_of
from models.assessment import assessments_of
from models.session import Database
from tests.conversations.in_process import InProcess, publish
from tests.conversations.playing import Told, dump, newest_assessment
from tests.conversations.script import Turn

FIRST = ("开始", "同意", "河南", "1.5亿", "有", "没有", "没有", "细测", "资格")
LAST_YEAR = {
    "industry": "制造业",
    "revenue_prior": "1.2亿",
    "revenue_prior2": "1亿",
    "rd_spend": "600万",
    "employees": "120人",
    "registered_on": "2015年3月",
    "certificates": "都没有",
    "main_share": "80%",
    "above_scale": "是",
    "sci_tech_staff": "20人",
    "entity_type": "有限公司",
    "hitech_share": "70%",
    "ip_class1_count": "3件",
    "ip_class2_count": "12件",
    "niche_years": "8年",
    "debt_ratio": "40%",
    "total_assets": "1亿",
    "rd_spend_prior": "500万",
    "rd_institution": "有",
    "upgrade_project": "没有",
    "national_platforms": "没有",
}


def _until_result(person: InProcess, told: Told, answers: dict[str, str]) -> list[Told]:
    """Answer what is asked, else that it is not known; every question that was put."""
    asked = []
    while told["kind"] != "result" and not str(told["fact"]).startswith("about."):
        asked.append(told)
        assert len(asked) < 60
        told = person.say(Turn(say=answers.get(str(told["fact"]), "不确定")))
        if told["kind"] == "confirm":
            told = person.say(Turn(say="对"))
    return asked


def _a_year_later(database: Database, years: int = 1) -> tuple[InProcess, Told]:
    publish(database)
    person = InProcess(database)
    for said in FIRST:
        told = person.say(Turn(say=said))
    _until_result(person, told, LAST_YEAR)
    person.say(Turn(say="重新开始", days_later=60 + 365 * (years - 1)))
    return person, person.say(Turn(say="是"))


def _offers(asked: list[Told]) -> dict[str, str]:
    return {
        str(each["fact"]): choice["label"]
        for each in asked
        for choice in each["choices"]
        if choice["key"] == AS_BEFORE
    }


def _deep(person: InProcess, told: Told, answers: dict[str, str]) -> dict[str, str]:
    asked = _until_result(person, told, {"revenue": "2亿", **answers})
    person.say(Turn(say="细测"))
    return _offers([*asked, *_until_result(person, person.say(Turn(say="资格")), answers)])


def test_last_years_figures_are_offered_as_this_years_earlier_ones(database: Database) -> None:
    person, told = _a_year_later(database)
    offers = _deep(person, told, LAST_YEAR | {"revenue": "2亿", "registered_in_henan": "河南"})
    assert offers["registered_in_henan"] == "和上次一样：在河南"
    assert offers["industry"] == "和上次一样：制造业"
    assert offers["employees"] == "和上次一样：120人"
    assert offers["certificates"] == "和上次一样：没有"
    assert offers["revenue_prior"] == "按去年记的：1.5亿元"
    assert offers.get("revenue_prior2", "按去年记的：1.2亿元") == "按去年记的：1.2亿元"
    assert offers.get("rd_spend_prior", "按去年记的：600万元") == "按去年记的：600万元"
    assert not {"revenue", "rd_spend", "main_share"} & set(offers)


def test_two_years_later_the_figure_has_moved_on(database: Database) -> None:
    person, told = _a_year_later(database, years=2)
    offers = _deep(person, told, LAST_YEAR | {"revenue": "2亿", "registered_in_henan": "河南"})
    assert "revenue_prior" not in offers
    assert offers.get("revenue_prior2", "按 2025 年度记的：1.5亿元") == "按 2025 年度记的：1.5亿元"


def test_nothing_is_taken_over_unasked_and_what_is_says_so(database: Database) -> None:
    person, _ = _a_year_later(database)
    before = newest_assessment(database)
    assert before.facts == {}
    person.say(Turn(say="一样"))
    latest = newest_assessment(database)
    assert latest.facts == {"registered_in_henan": ["value", True]}
    stored = database.read(lambda c: answers_of(c, latest.id))
    assert [(each.slot, each.rule, each.as_typed) for each in stored] == [
        ("registered_in_henan", "as last year, confirmed", "一样")
    ]
    years = database.read(lambda c: assessments_of(c, latest.firm_id))
    assert [each.fiscal_year for each in years] == [2025, 2026]


def test_a_list_is_taken_over_with_all_its_entries(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    for said in ("开始", "同意", "河南", "1.5亿", "有", "没有", "有", "全国重点实验室", "原来就有", "没有"):
        told = person.say(Turn(say=said))
    assert told["kind"] == "result"
    person.say(Turn(say="重新开始", days_later=60))
    for said in ("是", "一样", "2亿", "一样", "没有"):
        told = person.say(Turn(say=said))
    assert told["fact"] == "national_platforms"
    assert _offers([told])["national_platforms"].startswith("和上次一样：全国重点实验室（原来就有")
    told = person.say(Turn(say="没变"))
    assert told["kind"] == "result"
    facts = newest_assessment(database).facts
    assert facts["national_platforms.1.name"] == ["value", "全国重点实验室"]
    assert facts["national_platforms.1.more"] == ["value", False]


def test_a_colleague_is_not_shown_last_years_answers(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    for said in FIRST:
        told = person.say(Turn(say=said))
    _until_result(person, told, LAST_YEAR)
    person.say(Turn(say="重新开始", days_later=60))
    for said in ("是", "得问同事"):
        person.say(Turn(say=said))
    told = person.say(Turn(say="让同事来答"))
    code = str(re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told["text"])[0])  # type: ignore[index]  # None would fail the test
    person.say(Turn(by="同事", say=code))
    asked = person.say(Turn(by="同事", say="同意"))
    assert asked["fact"] == "registered_in_henan"
    assert _offers([asked]) == {}
    assert person.say(Turn(by="同事", say="一样"))["kind"] == "hint"


def test_words_without_an_earlier_answer_are_no_answer(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    for said in ("开始", "同意", "没变", "同上"):
        told = person.say(Turn(say=said))
    assert told["kind"] == "hint"
    assert dump(database)["answer"] == []
