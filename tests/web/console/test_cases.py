"""An advisor's day: the list, a case, asking back, correcting, an opinion, finishing; and what the owner gets of it."""

import pytest
from sqlalchemy import select

from models.answer import answers_of
from models.audit import chain, first_broken
from models.counters import counts
from models.relisting import counted
from models.review import reviews
from tests.web.console.talking import Owner, act, newest_case, seen
from tests.web.console.world import World

NAMES = ("funnel", "state", "city", "industry", "rung", "verdict", "money", "wait", "misread")


def _counts_hold(world: World) -> None:
    kept = world.database.read(lambda c: counts(c, NAMES))
    assert kept == world.database.read(counted)


def _taken(world: World) -> tuple[Owner, str]:
    owner = Owner(world)
    owner.tells_all()
    owner.says("人工")
    world.let_in("luoyang")
    case = newest_case(world, "state=asked")
    assert act(world, case, "take").status_code == 303
    return owner, case


def test_an_advisors_day(world: World) -> None:
    owner = Owner(world)
    owner.tells_all()
    assert "已经替您申请人工复核" in owner.says("人工")
    assert "已经申请过" in owner.says("人工复核")
    world.let_in("luoyang")
    case = newest_case(world, "state=asked&sort=oldest")
    assert act(world, case, "take").status_code == 303
    assert act(world, case, "ask", slot="", words="设备清单有吗？").status_code == 303
    (asked,) = owner.receives()
    assert "设备清单有吗？" in asked
    key = owner.shown[-1].choices[0].key
    assert "请直接回复" in owner.says(choice=key)
    assert "已经转给顾问" in owner.says("有，上周刚整理好，8000万都在里面")
    page = world.client.get(f"/console/cases/{case}").text
    assert "上周刚整理好，8000万都在里面" in page
    assert "复核中" in page
    read = act(
        world, case, "correct", slot="upgrade_equipment_software", value="5000万", reason="票据只有这些"
    )
    assert "这样读对吗" in read.text
    form = {
        "slot": "upgrade_equipment_software",
        "value": "5000万",
        "reading": "5000万元",
        "reason": "票据只有这些",
    }
    assert act(world, case, "correct", **form).status_code == 303
    (told,) = owner.receives()
    assert "7000万元 → 5000万元" in told
    assert "票据只有这些" in told
    assert "750万元" in owner.says("结果")
    opinion = {
        "subject": "tech-upgrade-demo-subsidy",
        "verdict": "eligible",
        "amount": "700",
        "reason": "已见认定文件",
    }
    assert act(world, case, "opinion", **opinion).status_code == 303
    assert act(world, case, "finish", words="材料齐，可以准备申报。").status_code == 303
    (advice,) = owner.receives()
    assert "材料齐，可以准备申报。" in advice
    assert "已见认定文件" in advice
    assert "700万元" in advice
    page = world.client.get(f"/console/cases/{case}").text
    for did in ("接手", "问企业", "企业回答", "更正", "写下不同的看法", "结束复核", "企业申请复核"):
        assert did in page, did
    assert world.database.read(lambda c: first_broken(chain(c)))[1] is None
    _counts_hold(world)


def test_a_question_of_the_catalogue_comes_back_through_the_talk(world: World) -> None:
    owner, case = _taken(world)
    assert act(world, case, "ask", slot="employees", words="").status_code == 303
    assert "从业人员" in owner.receives()[0] or "人" in owner.shown[-1].data["words"]
    owner.says(choice=owner.shown[-1].choices[0].key)
    assert owner.shown[-1].fact == "employees"
    owner.says("320人")
    page = world.client.get(f"/console/cases/{case}").text
    assert "答了" in page
    assert "320" in page
    assert "复核中" in page
    _counts_hold(world)


def test_an_owner_answers_later_by_a_word(world: World) -> None:
    owner, case = _taken(world)
    act(world, case, "ask", slot="", words="有没有认定文件？")
    owner.receives()
    assert "以后再说" in owner.says(choice=owner.shown[-1].choices[1].key)
    assert "说以后再答" in world.client.get(f"/console/cases/{case}").text
    assert "有没有认定文件" in owner.says("答顾问")
    assert "存着这些" in owner.says("我的数据")
    owner.says("继续")
    assert "有没有认定文件" in owner.says("答顾问")
    owner.says("还没有")
    assert "还没有" in world.client.get(f"/console/cases/{case}").text
    assert "都答过了" in owner.says("答顾问")


def test_what_was_read_wrong_is_not_stored_and_the_answer_of_before_stays(world: World) -> None:
    _, case = _taken(world)
    refused = act(world, case, "correct", slot="revenue", value="很多", reason="看过报表")
    assert refused.status_code == 422
    assert "没有读懂" in refused.text
    form = {"slot": "revenue", "value": "9亿", "reading": "9亿元", "reason": "看过报表"}
    assert act(world, case, "correct", **form).status_code == 303
    rows = world.database.read(lambda c: c.execute(select(reviews.c.assessment_id, reviews.c.rung)).all())
    which = next(row for row in rows if row.rung is not None)
    assert which.rung == 2
    given = [
        each
        for each in world.database.read(lambda c: answers_of(c, which.assessment_id))
        if each.slot == "revenue"
    ]
    assert [(each.by_role, each.as_read) for each in given] == [
        ("owner", 1_200_000_000),
        ("advisor", 900_000_000),
    ]
    _counts_hold(world)


def test_two_advisors_do_not_overwrite_each_other(world: World) -> None:
    owner, case = _taken(world)
    page = world.client.get(f"/console/cases/{case}").text
    owner.says("营业收入改成13亿")
    form = {"seen": seen(page), "slot": "revenue", "value": "9亿", "reading": "9亿元", "reason": "看过报表"}
    late = world.client.post(f"/console/cases/{case}/correct", data=form)
    assert late.status_code == 409
    assert "刚才有变动" in late.text
    assert "13亿" in late.text
    world.let_in("administrator")
    assert act(world, case, "finish", words="我来结束").status_code == 422


def test_a_wish_is_taken_back(world: World) -> None:
    owner = Owner(world)
    owner.tells_all()
    owner.says("人工")
    assert "不复核了" in owner.says("不用复核了")
    assert "现在没有申请" in owner.says("不用复核了")
    world.let_in("luoyang")
    assert "没有符合的测评" in world.client.get("/console/cases?state=asked").text
    owner.says("人工")
    act(world, newest_case(world, "state=asked"), "take")
    assert "已经开始看" in owner.says("不用复核了")
    _counts_hold(world)


def test_asking_before_the_talk_is_finished(world: World) -> None:
    owner = Owner(world)
    owner.tells_all("开始", "同意", "河南", "12亿")
    assert "已经替您申请" in owner.says("人工")
    owner.says("有")
    world.let_in("administrator")
    case = newest_case(world, "state=asked")
    act(world, case, "take")
    _counts_hold(world)
    owner.says("不用复核了")
    owner.says("删除我的数据")
    owner.says("确认删除")
    assert world.client.get(f"/console/cases/{case}").status_code == 404
    _counts_hold(world)


def test_a_case_is_handed_over_only_to_who_may_see_it(world: World) -> None:
    _, case = _taken(world)
    to = {name: world.people[name].staff.public_id for name in ("zhengzhou", "second")}
    assert "不能转给他" in act(world, case, "hand-over", to=to["zhengzhou"]).text
    assert act(world, case, "hand-over", to=to["second"]).status_code == 303
    assert (
        "在别的顾问手里" in act(world, case, "opinion", subject="ladder", verdict="eligible", reason="x").text
    )
    world.let_in("second")
    assert act(world, case, "release").status_code == 303
    assert newest_case(world, "advisor=free&state=asked") == case


@pytest.mark.parametrize("who", ["zhengzhou", "luoyang"])
def test_nothing_of_another_city_by_list_search_view_or_id(world: World, who: str) -> None:
    owner = Owner(world)
    owner.tells_all()
    world.let_in("administrator")
    case = newest_case(world, "q=轴研")
    world.let_in(who)
    mine = who == "luoyang"
    for query in (
        "q=轴研",
        "city=洛阳&state=new",
        "q=洛",
        "measure=tech-upgrade-demo-subsidy&verdict=conditional",
        "",
    ):
        assert (case in world.client.get(f"/console/cases?{query}").text) is mine, query
    saved = {"name": "洛阳的", "city": "洛阳"}
    assert world.client.post("/console/cases/save-view", data=saved).status_code == 303
    assert "洛阳的" in world.client.get("/console/cases").text
    assert world.client.get(f"/console/cases/{case}").status_code == (200 if mine else 404)
    assert world.client.get(f"/console/cases/{case}/replay").status_code == (200 if mine else 404)
    assert world.client.post(f"/console/cases/{case}/take", data={"seen": "0.0"}).status_code == (
        409 if mine else 404
    )


def test_the_list_takes_any_query(world: World) -> None:
    world.let_in("luoyang")
    for query in (
        "rung=x&amount=-1&after=1.2.3",
        "after=9.9",
        "state=none&sort=none",
        "q=%25_",
        "still=99999999",
        "q=(",
        "after=-5.1",
    ):
        assert world.client.get(f"/console/cases?{query}").status_code == 200, query
