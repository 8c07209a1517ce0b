"""An edition on its way through the pages: brought in, compared, tried out, reviewed, published, and put back."""

import re
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import main
from models.edition import by_id, editions
from tests.web.console.drafting import (
    SCHEME,
    add_firms,
    bring_in,
    lowered,
    publish,
    review,
    settled,
    version,
    zipped,
)
from tests.web.console.world import World

EDITIONS = "/console/editions"


def _number(page: str) -> int:
    return int(page.rpartition("/")[2])


def _state(world: World, page: str) -> str:
    return str(world.database.read(lambda c: by_id(c, _number(page)).state))


def _publishable(world: World, files: dict[str, str] | None = None) -> str:
    """A draft of one administrator that another has reviewed; the first is signed in."""
    world.let_in("administrator")
    page = bring_in(world, lowered() if files is None else files)
    world.let_in("second")
    assert review(world, page).status_code == 303
    world.let_in("administrator")
    return page


def test_a_lowered_gate_from_its_zip_to_the_firms_it_concerns(world: World) -> None:
    cases = add_firms(world)
    world.let_in("administrator")
    page = bring_in(world, lowered())

    told = world.client.get(f"{EDITIONS}/compare?before=1&after={_number(page)}").text
    assert "门槛 5000万元 → 3000万元" in told or "门槛 5000万 → 3000万" in told
    assert "其中 1 处会影响判定" in told

    assert world.client.post(f"{page}/dry-run/start").status_code == 303
    result = settled(world, f"{page}/dry-run")
    named = {name for name, case in cases.items() if f"/console/cases/{case}" in result}
    assert named == {"洛阳甲", "洛阳乙", "郑州丙"}
    assert "看了 9 份测评，3 份结果会变，其余 6 份不变" in result
    assert "看得见的钱：600万元 → 1350万元" in result
    assert "450万元" in result
    assert "总投资" in result
    assert "摘要H4" in result

    own = review(world, page)
    assert (own.status_code, "要由另一位管理员复核" in own.text) == (409, True)
    world.let_in("second")
    assert review(world, page).status_code == 303
    assert publish(world, page).status_code == 303
    done = settled(world, page)
    assert "3 份结果变了，其余 6 份不变" in done
    assert "正在施行" in done
    assert _state(world, f"{EDITIONS}/1") == "superseded"
    assert "重新判定" in world.client.get(f"{page}/reassessment").text

    audited = world.client.get(f"/console/audit?object_id={_number(page)}").text
    for act in ("引入政策版本", "试算政策版本", "复核政策版本", "发布政策版本"):
        assert f">{act}</td>" in audited
    assert "administrator" in done
    assert "second" in done


@pytest.mark.parametrize("how", ["one draft", "two drafts"])
def test_of_two_who_publish_at_once_one_wins_and_nothing_is_half_published(world: World, how: str) -> None:
    first = _publishable(world)
    other = first
    if how == "two drafts":
        plan = lowered()
        other = _publishable(world, plan | {"plan.yaml": plan["plan.yaml"] + "\n"})
    told = {page: version(world, page) for page in (first, other)}
    cookies = []
    for name in ("administrator", "second"):
        world.let_in(name)
        cookies.append(f"ladder-staff={world.client.cookies['ladder-staff']}")
    world.client.cookies.clear()
    answers: list[Any] = []

    def press(page: str, cookie: str) -> None:
        form = {"version": told[page], "day": "2026-11-26"}
        answers.append(world.client.post(f"{page}/publish", data=form, headers={"Cookie": cookie}))

    threads = [
        threading.Thread(target=press, args=each) for each in zip((first, other), cookies, strict=True)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.status_code for each in answers) == [303, 409]
    refused = next(each.text for each in answers if each.status_code == 409)
    assert re.search("发布。发布以后的版本不再改动|所以这份没有发布", refused)
    states = [_state(world, page) for page in {first, other}]
    assert states.count("published") == 1
    assert _state(world, f"{EDITIONS}/1") == "superseded"


def test_a_day_that_is_past_or_none_is_refused_in_one_line(sqlite_world: World) -> None:
    world = sqlite_world
    page = _publishable(world)
    past = publish(world, page, "2026-11-25")
    assert (past.status_code, "已经过去了" in past.text) == (409, True)
    none = publish(world, page, "soon")
    assert (none.status_code, "请选施行日" in none.text) == (422, True)
    assert _state(world, page) == "reviewed"


def test_a_broken_edition_is_neither_tried_out_nor_published(sqlite_world: World) -> None:
    """It cannot be stored by any page; but a newer program may read more strictly than the one that stored it."""
    world = sqlite_world
    page = _publishable(world)
    edition = world.database.read(lambda c: by_id(c, _number(page)))
    text = edition.content[SCHEME].replace("upgrade_total_investment", "upgrade_totl_investment")
    _overwrite(world, edition.id, {**edition.content, SCHEME: text})
    for act in ("publish", "dry-run/start"):
        form = {"version": "0", "day": "2026-11-26"}
        refused = world.client.post(f"{page}/{act}", data=form)
        assert refused.status_code == 422, act
        assert re.search(rf"{SCHEME}:\d+</span> 没有“upgrade_totl_investment”这个事实项", refused.text)
    assert _state(world, page) == "reviewed"


def _overwrite(world: World, which: int, files: dict[str, str]) -> None:
    world.database.turn(
        lambda c: c.execute(update(editions).where(editions.c.id == which).values(content=files))
    )


def test_publishing_asks_who_it_is_and_a_changed_draft_is_not_published(sqlite_world: World) -> None:
    world = sqlite_world
    page = _publishable(world)
    world.later(minutes=6)
    asked = publish(world, page)
    assert asked.headers["location"].startswith("/console/confirm?")
    assert "确认身份" in world.client.get(page).text
    world.let_in("administrator")
    stale = world.client.post(f"{page}/publish", data={"version": "7", "day": "2026-11-26"})
    assert (stale.status_code, "在您打开以后" in stale.text) == (409, True)
    assert _state(world, page) == "reviewed"


def test_a_day_to_come_waits_and_an_earlier_edition_comes_back_as_a_new_one(sqlite_world: World) -> None:
    world = sqlite_world
    page = _publishable(world)
    assert publish(world, page, "2026-12-01").status_code == 303
    assert "已发布，到日子施行" in world.client.get(page).text
    assert "正在施行" in world.client.get(f"{EDITIONS}/1").text
    begun = world.client.post(f"{EDITIONS}/1/again")
    back = str(begun.headers["location"])
    assert _state(world, back) == "draft"
    world.let_in("second")
    assert review(world, back).status_code == 303
    early = publish(world, back, "2026-11-26")
    assert (early.status_code, "已经定在 2026-12-01 施行" in early.text) == (409, True)
    assert publish(world, back, "2026-12-01").status_code == 303
    assert _state(world, page) == "published"
    world.later(days=6)
    world.let_in("second")
    assert "正在施行" in world.client.get(back).text
    assert "已被取代" in world.client.get(page).text


def test_advisors_read_what_is_out_and_nothing_else(sqlite_world: World) -> None:
    world = sqlite_world
    world.let_in("administrator")
    page = bring_in(world, lowered())
    world.let_in("luoyang")
    listed = world.client.get(EDITIONS).text
    assert "henan-2025@1" in listed
    assert "henan-2025@2" not in listed
    assert "引入" not in listed
    for hidden in (page, f"{page}/zip", f"{page}/file?file={SCHEME}", f"{EDITIONS}/compare?before=1&after=2"):
        assert world.client.get(hidden).status_code == 404, hidden
    assert world.client.get(f"{EDITIONS}/1/file?file={SCHEME}").status_code == 200
    assert world.client.get(f"{EDITIONS}/x").status_code == 404


def test_what_is_done_from_the_command_line_is_in_the_audit_too(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world = sqlite_world
    url = world.database.address.render_as_string(hide_password=False)
    monkeypatch.setenv("LADDER_DATABASE_URL", url)
    (tmp_path / "henan.zip").write_bytes(zipped(lowered()))
    verb = ["ladder", "policy", "import", str(tmp_path / "henan.zip"), "--as", "张工"]
    monkeypatch.setattr(sys, "argv", verb)
    main.run()
    world.let_in("administrator")
    page = world.client.get(f"{EDITIONS}/2").text
    assert re.search(r">命令行</td>\s*<td[^>]*>引入政策版本</td>", page)
    assert "张工" in page
    assert review(world, f"{EDITIONS}/2").status_code == 303
