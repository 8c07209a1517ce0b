"""Two editions in words: nothing against itself, and every mutation of the shipped edition shows where it stands."""

import pytest

from policy.diff import diff
from policy.gathering import read_folder
from policy.load import SHIPPED, parse_stored

FILES = read_folder(SHIPPED)
SUBSIDY, AWARD = "schemes/tech-upgrade-demo-subsidy.yaml", "schemes/national-platform-award.yaml"
HNTE = "with/national/hnte-2016/hnte.yaml"
BEFORE = parse_stored(FILES)
# file, what stands there, what then stands there, what is said of it, whether it can change a result
MUTATIONS = [
    (SUBSIDY, "at_least: 5000万}", "at_least: 3000万}", "门槛 5000万元 → 3000万元", True),
    (SUBSIDY, "cap: 1000万", "cap: 1500万", "上限 1000万元 → 1500万元", True),
    (SUBSIDY, "rate: 15%", "rate: 20%", "比例 15% → 20%", True),
    (SUBSIDY, "valid: {from: 2025-09-01}", "valid: {from: 2026-01-01}", "施行期", True),
    (SUBSIDY, "upgrade_demo_recognized, is: true}\nbenefit", "upgrade_demo_recognized, is: false}\nbenefit", "认定", True),
    (SUBSIDY, "title: 重大技术改造示范项目补助", "title: 重大技改补助", "标题", False),
    (SUBSIDY, "place: 第18条", "place: 第19条", "依据", False),
    (SUBSIDY, "  - 怎样认定为重大技术改造示范项目，计划没有写\n", "", "没有写明的", False),
    (AWARD, "each: 500万", "each: 600万", "每个 500万元 → 600万元", True),
    (AWARD, "open: 共建单位能不能领这笔奖励，计划没有写", "open: 共建单位算不算，计划没有写", "共建单位算不算", False),
    ("ladder.yaml", "from: 5亿", "from: 4亿", "营业收入门槛 5亿元 → 4亿元", True),
    ("ladder.yaml", "title: 有研发机构", "title: 建了研发机构", "建了研发机构", False),
    ("ladder.yaml", "consortium_role, is: lead}", "consortium_role, is: member}", "创新联合体", True),
    ("facts.yaml", "example: 3.2亿", "example: 3亿", "例子 3.2亿 → 3亿", False),
    ("facts.yaml", "limits: {min: 0, max: 2000000}", "limits: {min: 0, max: 3000000}", "最大值", True),
    ("facts.yaml", "{key: member, label: 参加", "{key: member, label: 加入", "名称 参加 → 加入", False),
    ("plan.yaml", "valid: {from: 2025-09-01}", "valid: {from: 2025-10-01}", "施行期", True),
    ("plan.yaml", "scope: {fact: registered_in_henan, is: true}", "scope: {fact: registered_in_henan, is: false}", "适用范围", True),
]  # fmt: skip


def test_an_edition_does_not_differ_from_itself() -> None:
    assert diff(BEFORE, parse_stored(FILES)) == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "decides"), MUTATIONS, ids=lambda each: str(each)[:40]
)
def test_every_mutation_shows(file: str, old: str, new: str, said: str, decides: bool) -> None:
    assert old in FILES[file]
    found = diff(BEFORE, parse_stored({**FILES, file: FILES[file].replace(old, new, 1)}))
    lines = [each.line for each in found]
    assert any(said in line for line in lines), lines
    assert any(each.decides for each in found) is decides, lines
    assert all(("只是文字" in each.line) is not each.decides for each in found)


def test_a_scheme_that_came_and_one_that_went() -> None:
    plan = FILES["plan.yaml"].replace("measures: [tech-upgrade-demo-subsidy]", "measures: []")
    money = FILES["money.yaml"].replace("    measure: tech-upgrade-demo-subsidy\n", "")
    fewer = {key: text for key, text in FILES.items() if key != SUBSIDY} | {
        "plan.yaml": plan,
        "money.yaml": money,
    }
    facts = FILES["facts.yaml"]
    for key in (
        "upgrade_project",
        "upgrade_total_investment",
        "upgrade_demo_recognized",
        "upgrade_equipment_software",
    ):
        facts = facts.replace(f"\n{key}:\n", f"\n{key}:\n  background: 留着\n", 1)
    try:
        after = parse_stored({**fewer, "facts.yaml": facts})
    except Exception:  # noqa: BLE001  other rules look at some of them: these need no background
        after = parse_stored(fewer)
    gone, came = diff(BEFORE, after), diff(after, BEFORE)
    assert any(each.text == "支持措施取消" and each.decides for each in gone)
    assert any(each.text == "新增支持措施" and "摘要H4" in each.places for each in came)
