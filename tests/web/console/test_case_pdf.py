"""A case as PDF: all that its page tells, in as many pages as it takes; in the audit, and for nobody whose case it is not."""

import pytest

from models.audit import acts_on
from tests.flows.test_printing import NASTY, RARE, insides, pages
from tests.web.console.talking import Owner, act, newest_case
from tests.web.console.world import World
from web.console import case_pdf


def _case(world: World) -> str:
    owner = Owner(world)
    owner.tells_all()
    owner.says("人工")
    world.let_in("luoyang")
    case = newest_case(world, "q=轴研")
    assert act(world, case, "note", words=f"{NASTY} {RARE}").status_code == 303
    assert act(world, case, "ask", slot="", words="设备清单有吗？").status_code == 303
    opinion = {"subject": "tech-upgrade-demo-subsidy", "verdict": "eligible", "reason": "已见认定文件"}
    assert act(world, case, "opinion", **opinion).status_code == 303
    return case


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_case_is_exported_as_pdf_and_that_is_in_the_audit(sqlite_world: World, language: str) -> None:
    world = sqlite_world
    case = _case(world)
    world.client.post("/console/account/language", data={"language": language})
    sent = world.client.post(f"/console/cases/{case}/pdf")
    assert sent.status_code == 200, sent.text
    assert sent.headers["content-type"] == "application/pdf"
    assert sent.headers["content-disposition"] == f'attachment; filename="assessment-2025-{case[:8]}.pdf"'
    assert sent.headers["cache-control"] == "no-store"
    assert pages(insides(sent.content)) >= 2
    newest = world.database.read(lambda c: acts_on(c, "assessment", case))[0]
    assert (newest.actor, newest.action) == (world.people["luoyang"].staff.public_id, "assessment.print")
    assert ("导出一件测评" if language == "zh" else "exported one case") in world.client.get(
        f"/console/cases/{case}"
    ).text


def test_nobody_exports_a_case_of_another_city(sqlite_world: World) -> None:
    case = _case(sqlite_world)
    sqlite_world.let_in("zhengzhou")
    assert sqlite_world.client.post(f"/console/cases/{case}/pdf").status_code == 404
    acts = sqlite_world.database.read(lambda c: acts_on(c, "assessment", case))
    assert "assessment.print" not in [each.action for each in acts]


def test_without_the_extra_the_page_says_that_it_can_be_printed(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _case(sqlite_world)
    monkeypatch.setattr(case_pdf, "can_print", lambda: False)
    sent = sqlite_world.client.post(f"/console/cases/{case}/pdf")
    assert sent.status_code == 422
    assert "请直接打印这一页" in sent.text
