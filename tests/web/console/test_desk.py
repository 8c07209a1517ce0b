"""Beside the cases: overview and its figures, exports, being told of new work, replaying a case."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import openpyxl  # type: ignore[import-untyped]  # it has no types
import pytest
from sqlalchemy import Connection, select, update

from flows import exporting
from flows.exporting import folder_of, harmless, tidy
from flows.wakening import summarise
from models.audit import audit
from models.case import opinions
from models.desk import exports
from models.firm import firms
from models.listed import Filters, Listed, all_of
from models.review import reviews
from models.scope import Scope
from tests.bot.telegram.serving import until
from tests.web.console.talking import WHOLE_TALK, Owner, act, newest_case
from tests.web.console.world import World
from web.console import exports as exports_page


def _export(world: World, kind: str, **filters: str) -> bytes:
    started = world.client.post("/console/exports/start", data={"kind": kind, **filters})
    assert started.status_code == 303, started.text
    assert started.headers["location"].startswith("/console/exports?"), started.headers["location"]
    page = world.client.get("/console/exports").text
    link = page.split('href="/console/exports/')[1].split('"')[0]
    fetched = world.client.get(f"/console/exports/{link}")
    assert fetched.status_code == 200
    return fetched.content


def test_the_overview_tells_how_far_talks_come_and_what_is_in_sight(world: World) -> None:
    Owner(world).tells_all()
    Owner(world, "9002").tells_all("开始", "同意", "河南", "12亿")
    world.later(days=2)
    world.let_in("administrator")
    page = world.client.get("/console/overview")
    assert page.status_code == 200
    for told in ("1000万元", "洛阳", "走到哪一步", "停在哪一题", "第 3 级"):
        assert told in page.text, told
    table = world.client.post("/console/overview/csv?year=2025")
    rows = list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert ["funnel", "2025", "started", "5"] in rows
    assert ["funnel", "2025", "finished", "4"] in rows
    assert any(row[0] == "left" and row[3] == "1" for row in rows)
    world.let_in("luoyang")
    assert world.client.get("/console/overview").status_code == 403


def test_an_export_holds_the_list_and_no_formula(world: World) -> None:
    world.database.turn(lambda c: c.execute(update(firms).values(name="=HYPERLINK(1)")))
    world.let_in("luoyang")
    rows = list(csv.reader(io.StringIO(_export(world, "csv").decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["企业", "'=HYPERLINK(1)"]
    assert rows[1][2] == "洛阳"
    book = openpyxl.load_workbook(io.BytesIO(_export(world, "xlsx")))
    (_, only) = list(book.active.iter_rows())
    assert (only[0].value, only[0].data_type) == ("=HYPERLINK(1)", "s")
    done = world.database.read(lambda c: c.execute(select(audit.c.action)).scalars().all())
    assert done.count("assessment.export") == 2


def test_an_export_is_its_makers_alone_and_goes_after_an_hour(world: World) -> None:
    world.let_in("luoyang")
    _export(world, "csv")
    which = world.database.read(lambda c: c.execute(select(exports.c.public_id)).scalar_one())
    folder = folder_of(world.database)
    assert len(list(folder.iterdir())) >= 1
    world.let_in("administrator")
    assert world.client.get(f"/console/exports/{which}").status_code == 404
    world.later(hours=2)
    world.let_in("luoyang")
    assert world.client.get(f"/console/exports/{which}").status_code == 404
    assert tidy(world.database, world.now) == 1
    assert not [path for path in folder.iterdir() if path.suffix == ".csv"]


def test_an_export_asks_for_a_proof_of_identity(world: World) -> None:
    world.let_in("luoyang")
    world.later(minutes=10)
    started = world.client.post("/console/exports/start", data={"kind": "csv"})
    assert started.headers["location"].startswith("/console/confirm")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1"])
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(5) == 5


def test_staff_link_their_chat_by_a_code_and_are_told(world: World) -> None:
    world.let_in("luoyang")
    page = world.client.post("/console/watch/code").text
    code = page.split("顾问 ")[1].split("<")[0]
    mine, stranger = Owner(world, "7001"), Owner(world, "7002")
    assert "这个码不对" in stranger.says("顾问 AAAA-2222")
    assert "以后有新的工作" in mine.says(f"顾问 {code.lower()}")
    assert "这个码不对" in stranger.says(f"顾问 {code}")
    world.client.post("/console/watch/set", data={"told": "at_once"})
    owner = Owner(world)
    owner.tells_all()
    owner.says("人工")
    assert "洛阳有一家企业申请人工复核" in mine.receives()[1]
    world.client.post("/console/watch/set", data={"told": "daily"})
    world.later(days=1)
    assert world.database.turn(lambda c: summarise(c, world.now)) == 1
    assert world.database.turn(lambda c: summarise(c, world.now)) == 0
    assert "1 件申请了复核" in mine.receives()[0]
    world.let_in("luoyang")
    assert "已连接" in world.client.get("/console/watch").text
    world.client.post("/console/watch/unlink")
    world.later(days=1)
    assert world.database.turn(lambda c: summarise(c, world.now)) == 0


def _linked(world: World, name: str, told: str) -> Owner:
    """The chat in which somebody of the staff is told."""
    world.let_in(name)
    code = world.client.post("/console/watch/code").text.split("顾问 ")[1].split("<")[0]
    chat = Owner(world, f"70{len(name)}")
    chat.says(f"顾问 {code}")
    world.client.post("/console/watch/set", data={"told": told})
    return chat


NEW = "工作台：洛阳有一家企业答完了测评。"


def test_a_new_case_is_told_at_once_to_who_is_in_charge_and_to_nobody_else(world: World) -> None:
    """The city is the last thing that an owner tells: until then a case is the administrators'."""
    mine, theirs = _linked(world, "luoyang", "at_once"), _linked(world, "zhengzhou", "at_once")
    boss = _linked(world, "administrator", "at_once")
    owner = Owner(world)
    owner.tells_all(*WHOLE_TALK[:-3])
    assert mine.receives() == []
    assert boss.receives() == ["工作台：未留城市有一家企业答完了测评。"]
    owner.tells_all(*WHOLE_TALK[-3:])
    assert mine.receives() == [NEW]
    owner.tells_all("结果", "营业收入改成13亿")
    owner.says("人工")
    assert mine.receives() == boss.receives() == ["工作台：洛阳有一家企业申请人工复核。"]
    assert theirs.receives() == []


def test_a_firm_that_moves_is_told_to_who_is_in_charge_there(world: World) -> None:
    mine, theirs = _linked(world, "luoyang", "at_once"), _linked(world, "zhengzhou", "at_once")
    owner = Owner(world)
    owner.tells_all()
    assert mine.receives() == [NEW]
    for city in ("郑州", "洛阳", "郑州"):  # the middle one is still unsent when it is told again
        owner.says(f"所在城市改成{city}")
    assert theirs.receives() == [NEW.replace("洛阳", "郑州")]
    assert mine.receives() == [NEW]


@pytest.mark.parametrize("told", ["daily", "never"])
def test_who_does_not_want_to_know_at_once_is_not_told_then(sqlite_world: World, told: str) -> None:
    world = sqlite_world
    mine = _linked(world, "luoyang", told)
    Owner(world).tells_all(*WHOLE_TALK, "人工")
    Owner(world, "9002").tells_all()
    assert mine.receives() == []
    world.later(days=1)
    assert world.database.turn(lambda c: summarise(c, world.now)) == (1 if told == "daily" else 0)
    day = ["工作台：1 件申请了复核，2 件新答完的，等您来看。"]
    assert mine.receives() == (day if told == "daily" else [])


def test_a_case_is_judged_again_under_both_editions(world: World) -> None:
    Owner(world).tells_all()
    world.let_in("luoyang")
    case = newest_case(world, "q=轴研")
    page = world.client.get(f"/console/cases/{case}/replay").text
    assert "没有不同" in page
    assert "重大技术改造示范项目补助" in page


def test_the_case_shows_what_is_worth_a_look(world: World) -> None:
    owner = Owner(world)
    owner.tells_all("开始", "同意", "河南", "9.8亿", "有", "有", "牵头", "有", "8000万", "9000万")
    owner.says("人工")
    world.let_in("administrator")
    page = world.client.get(f"/console/cases/{newest_case(world, 'state=asked')}").text
    assert "离门槛很近" in page
    assert "9.8亿元 / 10亿元" in page
    assert "两个答复对不上" in page


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("700", 7_000_000),
        ("７００．５万", 7_005_000),
        ("1,200 万元", 12_000_000),
        ("", None),
        ("七百", "no"),
        ("-1", "no"),
        ("5000元", "no"),
        ("1,5", "no"),
    ],
)
def test_the_amount_of_an_opinion_is_kept_or_asked_for_again(
    sqlite_world: World, typed: str, yuan: int | str | None
) -> None:
    world = sqlite_world
    Owner(world).tells_all()
    world.let_in("luoyang")
    case = newest_case(world, "q=轴研")
    opinion = {"subject": "national-platform-award", "verdict": "eligible", "reason": "已见认定文件"}
    sent = act(world, case, "opinion", amount=typed, **opinion)
    kept = world.database.read(lambda c: c.execute(select(opinions.c.amount_yuan)).scalars().all())
    if yuan == "no":
        assert sent.status_code == 422
        assert "金额没有读懂" in sent.text
        assert f'value="{typed}"' in sent.text
        assert '<option value="national-platform-award" selected>' in sent.text
        assert ">已见认定文件</textarea>" in sent.text
        assert kept == []
    else:
        assert (sent.status_code, kept) == (303, [yuan])


def test_a_note_is_for_colleagues_only(world: World) -> None:
    owner = Owner(world)
    owner.tells_all()
    world.let_in("luoyang")
    case = newest_case(world, "q=轴研")
    assert act(world, case, "note", words="老板说话快，注意核数").status_code == 303
    assert owner.receives() == []
    assert "老板说话快" in world.client.get(f"/console/cases/{case}").text
    assert "写上内容" in act(world, case, "note", words="  ").text
    assert (
        world.database.read(lambda c: c.execute(select(reviews.c.advisor_id)).scalars().all()) == [None] * 4
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_export_is_written_in_the_background_and_says_how_far_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(exporting, "_EVERY", 1)
    monkeypatch.setattr(exports_page, "NOW_AT_MOST", 0)
    goes_on = Event()

    def slowly(connection: Connection, scope: Scope, filters: Filters) -> Iterator[Listed]:
        for number, line in enumerate(all_of(connection, scope, filters)):
            assert number < 2 or goes_on.wait(20)
            yield line

    monkeypatch.setattr(exporting, "all_of", slowly)
    world.let_in("administrator")
    started = world.client.post("/console/exports/start", data={"kind": kind})
    assert started.status_code == 303
    until(lambda: "正在写 · 2 行" in world.client.get("/console/exports").text)
    page = world.client.get("/console/exports").text
    assert 'http-equiv="refresh"' in page
    assert "下载</a>" not in page
    goes_on.set()
    until(lambda: "下载</a>" in world.client.get("/console/exports").text)
    page = world.client.get("/console/exports").text
    assert "好了 · 3 行" in page
    assert 'http-equiv="refresh"' not in page


def test_exports_lie_beside_the_database(sqlite_world: World) -> None:
    assert folder_of(sqlite_world.database).parent == Path(str(sqlite_world.database.address.database)).parent
