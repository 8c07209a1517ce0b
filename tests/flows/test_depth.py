"""The deep round as it is read: what a firm is short of, has, or has to do, and that each sum is told once and as it stands."""

import re
from datetime import date
from typing import Any

from flows.depth import in_depth
from flows.progress import outright
from flows.render import render
from policy.determine import Outcome, determine
from policy.load import SHIPPED, load_edition
from policy.measures import Topic
from policy.wire import read_document

HENAN = load_edition(SHIPPED)
DAY = date(2026, 11, 23)
YEARS = ("", "_prior", "_prior2")
MAKER: dict[str, Any] = {
    "registered_in_henan": True, "industry": "manufacturing", "entity_type": "company", "registered_on": "2015-06",
    "employees": 120, "sci_tech_staff": 11, "total_assets": 90_000_000, "certificates": [], "platforms": [], "location": [],
    "ip_class1_count": 1, "ip_class2_count": 6, "hitech_share": "65", "main_share": "92", "debt_ratio": "40", "niche_years": 8,
    "equity_financing_2y": 0, "rd_equipment": 3_000_000, "above_scale": True, "needs": [], "financing_needs": [],
    **{f"revenue{each}": 60_000_000 for each in YEARS}, **{f"rd_spend{each}": 1_800_000 for each in YEARS},
}  # fmt: skip


def outcome(day: date = DAY, **facts: Any) -> Outcome:
    given, _ = read_document(HENAN, {"facts": facts})
    return determine(HENAN, given, day)


def told(day: date = DAY, **facts: Any) -> str:
    return render(outright(outcome(day, **facts)))


def about(title: str, text: str) -> str:
    """The paragraph of one recognition."""
    found = re.search(rf"^\*\*{re.escape(title)}\*\*.*?(?=\n\n|\n\*\*|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[0]


def money_line(title: str, text: str) -> str:
    sums = text.partition("**文件里写到的钱**")[2]
    return next(line for line in sums.splitlines() if line.startswith(f"· {title}"))


def test_what_does_not_fit_is_told_with_what_is_asked_and_by_its_name() -> None:
    text = about("高新技术企业", told(**MAKER))
    assert "按所答，有条件没有对上" in text
    assert "没对上：科技人员占职工 10% 以上。要求：搞研发和技术创新的人" in text
    assert "您答：科技人员：11人，职工人数 120人，占 9.17%，还差 1人" in text
    assert "尚缺" not in text


def test_several_routes_are_told_by_the_criterions_own_words_without_a_gap_of_one_route() -> None:
    text = about("高新技术企业", told(**MAKER | {"sci_tech_staff": 12}))
    line = next(each for each in text.splitlines() if "近三年研发费用占比" in each)
    assert line.count("上年研发费用：") == 1
    assert "还差" not in line


def test_what_has_no_words_of_its_own_is_told_by_the_comparison() -> None:
    text = about(
        "专精特新中小企业", told(**MAKER | {"certificates": [{"code": "tech_sme"}], "debt_ratio": "95"})
    )
    assert "没对上：资产负债率不超过 80%。您答：资产负债率：95%，要 不超过 80%" in text


def test_what_is_open_is_told_also_where_something_does_not_fit() -> None:
    text = about("高新技术企业", told(**MAKER))
    assert "证书过了有效期就不算，要重新申报" in text


def test_a_large_firm_is_told_that_it_is_large_and_nothing_to_do() -> None:
    large = MAKER | {"employees": 1200, **{f"revenue{each}": 600_000_000 for each in YEARS}}
    text = about("中小企业（划型）", told(**large))
    assert "按所答是大型企业，不按中小企业算" in text
    assert "1200人" in text
    assert not any(word in text for word in ("没对上", "下一步", "有了它", "软件和信息服务："))
    assert "按所答，看到的条件都够" in about("中小企业（划型）", told(**MAKER))


def test_what_one_has_is_told_with_what_to_renew_and_no_doubts() -> None:
    has = MAKER | {"certificates": [{"code": "hnte"}, {"code": "tech_sme"}]}
    text = told(**has)
    hnte = about("高新技术企业", text)
    assert "已经有了" in hnte
    assert "资格三年，到期前要重新申报" in hnte
    assert "待核实" not in hnte
    assert "每年要重新填报；请看一下您的编号过期没有" in about("科技型中小企业", text)


def test_a_certificate_that_ran_out_is_told_as_such() -> None:
    loan = {"financing_needs": ["loan"], "certificates": [{"code": "zjtx", "until": "2025-12"}]}
    text = about("专精特新贷（2022 年方案）", told(**MAKER | loan))
    assert "专精特新中小企业（2025年12月已到期）" in text
    assert "：没有" not in text


def test_the_sources_are_as_sure_as_they_are_and_single_criteria_said_apart() -> None:
    text = told(**MAKER)
    assert "（转载文本，个别条件待核实）" in about("高新技术企业", text)
    assert about("科技型中小企业", text).endswith("（转载文本）")
    assert about("省企业技术中心", text).endswith("（转载文本）")


def test_what_is_not_confirmed_is_nobodys_lack() -> None:
    enough = MAKER | {**{f"rd_spend{each}": 6_000_000 for each in YEARS}, "sci_tech_staff": 20}
    text = about("省工程技术研究中心", told(**enough))
    assert "看到的条件都够，还要过别的关" in text
    assert "没对上" not in text
    assert "待核实：固定研发人员 30 人以上（按所答不符合）" in text


def test_a_guided_measure_says_the_next_step_first() -> None:
    text = told(**MAKER | {"needs": ["technology"]})
    line = next(each for each in text.splitlines() if each.startswith("· 国家技术转移郑州中心的服务"))
    assert line.endswith("下一步：把要找的技术写成一页纸：用途、指标、预算。")
    assert "。。" not in text


def test_sums_are_headed_by_what_they_are() -> None:
    text = told(**MAKER)
    assert "**文件里写到的钱**（阶梯本身不附带奖金；同一笔只说一次，这里不相加）" in text
    assert "不看营收：" in text
    assert "常见于营收 1亿元以上的企业（不是条件）：" in text
    assert "阶梯上的钱" not in text


def test_each_sum_says_how_near_it_is() -> None:
    text = told(**MAKER | {"upgrade_project": False, "national_platforms": [], "consortium_role": "none"})
    assert "（待核实）：" in money_line("新认定高新技术企业奖励", text)
    assert "（待核实）：金额还没有核实，先不写" in money_line("创新联合体绩效奖励", text)
    assert "（就是第二部分那一笔）。按所答不涉及" in money_line("国家级创新平台一次性奖励", text)
    twins = money_line("重大技术改造示范项目补助", text)
    assert "看来和技术改造补助（豫政〔2025〕18号）是同一笔（待核实），只算一次" in twins
    assert "按所答不涉及" in money_line("“揭榜挂帅”项目", text)
    assert "按所答不涉及（" not in text
    assert "还不能定" in money_line("省级制造业创新中心补助", text)
    assert "眼下还够不上（要看高新技术企业）" in money_line("新认定高新技术企业奖励", text)


def test_a_title_one_has_is_no_sum_yet() -> None:
    text = told(**MAKER | {"certificates": [{"code": "little_giant"}]})
    line = money_line("国家级小巨人技术改造补助", text)
    assert "有了专精特新“小巨人”企业，别的还要看" in line
    assert "还要有技改项目并报上去批" in line


def test_a_sure_sum_is_the_one_of_the_scheme() -> None:
    upgrade = {
        "upgrade_project": True, "upgrade_total_investment": 60_000_000, "upgrade_equipment_software": 40_000_000,
        "upgrade_demo_recognized": True,
    }  # fmt: skip
    line = money_line("重大技术改造示范项目补助", told(**MAKER | upgrade))
    assert "（就是第二部分那一笔）。按所答够条件。" in line


def test_a_measure_is_told_in_one_chapter_only() -> None:
    for facts in (
        MAKER,
        MAKER | {"needs": ["talent", "technology"], "financing_needs": ["loan", "pledge"]},
        {},
    ):
        chapters = in_depth(outcome(**facts), tuple(Topic))["depth"]
        keys = [each["id"] for one in chapters for each in (*one["recognitions"], *one["concerns"])]
        assert len(keys) == len(set(keys))
    money, _ = (
        in_depth(outcome(**MAKER), topics)["depth"][0] for topics in ((Topic.MONEY,), (Topic.RECOGNITIONS,))
    )
    assert "rd_super_deduction" in [each["id"] for each in money["recognitions"]]


def test_the_old_rules_speak_of_their_own_last_day() -> None:
    text = about("专精特新中小企业", told(date(2026, 3, 15), **MAKER | {"niche_years": 1}))
    assert "这套标准用到 2026 年 3 月 31 日，4 月 1 日起换新标准" in text
    assert "已经废止" not in text


def test_a_firm_elsewhere_is_told_nothing_in_depth() -> None:
    assert in_depth(outcome(registered_in_henan=False), tuple(Topic)) == {"depth": [], "money": []}
    assert "文件里写到的钱" not in told(registered_in_henan=False)


def test_a_deep_reply_stored_before_this_version_can_still_be_told() -> None:
    new = {"asks", "renew", "told_short", "partly", "has", "assessed"}

    def older(data: Any) -> Any:
        if isinstance(data, dict):
            return {
                key: older(value)
                for key, value in data.items()
                if key not in new - {"asks"} or "given" in data
            }
        return [older(each) for each in data] if isinstance(data, list) else data

    reply = outright(outcome(**MAKER))
    stored = older(dict(reply.data))
    for chapter in stored["depth"]:
        for each in chapter["recognitions"]:
            for one in each["short"]:
                one.pop("asks")
    assert "文件里写到的钱" in render(type(reply)("result", "result", data=stored))
