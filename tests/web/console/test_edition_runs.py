"""Dry runs on their pages: out of date once the draft is edited, cancelled, gone on with after a kill, listed and taken along."""

import csv
import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows import trying_out
from flows.reassess import LEASE, work
from flows.trying_out import run_of
from models import reassessment
from models.crash import KILLED
from models.reassessment import Run, progress_of
from tests.web.console.drafting import (
    SCHEME,
    add_firms,
    bring_in,
    lowered,
    publish,
    review,
    save,
    settled,
)
from tests.web.console.world import World
from web.console.edition_working import Background


@pytest.fixture
def world(sqlite_world: World) -> World:
    sqlite_world.let_in("administrator")
    return sqlite_world


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody works in the background, and a chunk is one assessment."""
    monkeypatch.setattr(Background, "begin", lambda _self, _database, _run: None)
    monkeypatch.setattr(reassessment, "CHUNK", 1)


def _run(world: World, page: str) -> Run:
    found = world.database.read(lambda c: run_of(c, int(page.rpartition("/")[2]), "dry_run"))
    assert found is not None
    return found


def test_a_draft_edited_ends_its_dry_run(world: World) -> None:
    add_firms(world)
    page = bring_in(world, lowered())
    world.client.post(f"{page}/dry-run/start")
    assert "请重新试算" not in settled(world, f"{page}/dry-run")
    assert save(world, page, lowered()[SCHEME] + "\n").status_code == 303
    for told in (page, f"{page}/dry-run", f"{page}/dry-run/list"):
        assert "请重新试算" in world.client.get(told).text, told
    world.client.post(f"{page}/dry-run/start")
    assert "请重新试算" not in settled(world, f"{page}/dry-run")


@pytest.mark.usefixtures("idle")
def test_a_draft_edited_while_it_is_tried_out_stops_the_run(world: World) -> None:
    page = bring_in(world, lowered())
    world.client.post(f"{page}/dry-run/start")
    assert "0/3 批" in world.client.get(page).text
    save(world, page, lowered()[SCHEME] + "\n")
    assert work(world.database, _run(world, page).id) == 1
    assert _run(world, page).state == "cancelled"
    assert "请重新试算" in world.client.get(page).text


@pytest.mark.usefixtures("idle")
def test_a_run_is_watched_cancelled_and_begun_anew(world: World) -> None:
    add_firms(world)
    page = bring_in(world, lowered())
    assert "还没有试算" in world.client.get(page).text
    world.client.post(f"{page}/dry-run/start")
    shown = world.client.get(f"{page}/dry-run").text
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in shown
    piece = world.client.get(f"{page}/dry-run/progress", headers={"HX-Request": "true"})
    assert ("0/9 批" in piece.text, "hx-refresh" in piece.headers) == (True, False)
    assert world.client.post(f"{page}/dry-run/cancel").status_code == 303
    assert work(world.database, _run(world, page).id) == 0
    assert "停下了，没有算完（0/9 批）" in world.client.get(f"{page}/dry-run").text
    assert "hx-refresh" in world.client.get(f"{page}/dry-run/progress").headers
    world.client.post(f"{page}/dry-run/start")
    assert _run(world, page).state == "running"
    assert "停下试算" in world.client.get(page).text


@pytest.mark.slow
@pytest.mark.usefixtures("idle")
def test_a_run_whose_process_was_killed_goes_on(world: World) -> None:
    add_firms(world)
    page = bring_in(world, lowered())
    world.client.post(f"{page}/dry-run/start")
    child = "import sys; from flows.reassess import work; from models.session import Database; work(Database(sys.argv[1]))"
    environment = {**os.environ, "LADDER_CRASH_AT": "chunk-judged", "LADDER_CRASH_SKIP": "4"}
    url = world.database.address.render_as_string(hide_password=False)
    command = [sys.executable, "-c", child, url]
    root = Path(trying_out.__file__).parent.parent
    killed = subprocess.run(command, env=environment, check=False, timeout=60, cwd=root)
    assert killed.returncode == KILLED
    assert "4/9 批" in world.client.get(f"{page}/dry-run").text
    run = _run(world, page)
    later = world.database.read(lambda c: progress_of(c, run.id)).run.started_at + timedelta(days=400) + LEASE
    work(world.database, run.id, now=lambda: later)
    assert "看了 9 份测评，3 份结果会变" in world.client.get(f"{page}/dry-run").text


def test_the_whole_list_is_paged_filtered_and_taken_along(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying_out, "PAGE", 2)
    monkeypatch.setattr(trying_out, "_AT_ONCE", 2)
    cases = add_firms(world)
    page = bring_in(world, lowered())
    world.client.post(f"{page}/dry-run/start")
    settled(world, f"{page}/dry-run")
    listed = f"{page}/dry-run/list"
    first = world.client.get(listed).text
    assert [name for name, case in cases.items() if case in first] == ["洛阳甲", "洛阳乙"]
    place = first.partition("after=")[2].partition('"')[0]
    second = world.client.get(f"{listed}?after={place}").text
    assert [name for name, case in cases.items() if case in second] == ["郑州丙"]
    assert "下一页" not in second
    for query, wanted in (
        ("kind=undetermined", ["郑州丙"]),
        ("city=洛阳", ["洛阳甲", "洛阳乙"]),
        ("subject=ladder", []),
        ("city=-", []),
    ):
        found = world.client.get(f"{listed}?{query}").text
        assert [name for name, case in cases.items() if case in found] == wanted, query
    taken = world.client.post(f"{page}/dry-run/csv", data={"city": "洛阳"})
    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert [row[1:] for row in rows[1:]] == [
        ["洛阳甲", "洛阳", "重大技术改造示范项目补助", "变好", "目前够不上", "0", "按所答符合", "4500000"],
        ["洛阳乙", "洛阳", "重大技术改造示范项目补助", "变好", "目前够不上", "0", "要看认定", "3000000"],
    ]
    assert "导出试算名单" in world.client.get(page).text
    world.later(minutes=6)
    asked = world.client.post(f"{page}/dry-run/csv")
    assert asked.headers["location"].startswith("/console/confirm?")


@pytest.mark.usefixtures("idle")
def test_after_publishing_the_page_tells_how_far_the_reassessment_is(world: World) -> None:
    add_firms(world)
    page, other = bring_in(world, lowered()), bring_in(world, lowered())
    world.client.post(f"{other}/dry-run/start")
    world.let_in("second")
    assert review(world, page).status_code == 303
    assert publish(world, page).status_code == 303
    assert "0/9 批" in world.client.get(page).text
    assert "0/9 批" in world.client.get(f"{page}/reassessment/progress").text
    overtaken = "对照的版本已经不是正在施行的了"
    assert overtaken in world.client.get(f"{other}/dry-run").text
    assert overtaken not in world.client.get(f"{page}/reassessment").text
    work(world.database)
    assert "看了 9 份测评，3 份结果变了，其余 6 份不变" in world.client.get(page).text


def test_what_is_out_is_not_tried_out(world: World) -> None:
    refused = world.client.post("/console/editions/1/dry-run/start")
    assert (refused.status_code, "发布以后的版本不再改动" in refused.text) == (409, True)


def test_a_run_of_either_kind_goes_on_at_a_tap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    monkeypatch.setattr(Background, "begin", lambda _self, _database, run: begun.append(run))
    monkeypatch.setattr(reassessment, "CHUNK", 1)
    page = bring_in(world, lowered())
    world.client.post(f"{page}/dry-run/start")
    world.client.post(f"{page}/dry-run/go-on")
    assert (len(begun), len(set(begun))) == (2, 1)
    world.let_in("second")
    review(world, page)
    publish(world, page)
    shown = world.client.get(f"{page}/reassessment").text
    assert ("/reassessment/go-on" in shown, "/reassessment/cancel" in shown) == (True, False)
    assert world.client.post(f"{page}/reassessment/go-on").headers["location"] == f"{page}/reassessment"
    assert (len(begun), len(set(begun))) == (4, 2)
    work(world.database)
    assert "/reassessment/go-on" not in world.client.get(f"{page}/reassessment").text
    world.client.post(f"{page}/reassessment/go-on")
    assert len(begun) == 4
