"""The bulletins' pages: written with a preview, counted, released by a second person, watched, held, reported, exported."""

import csv
import io
import re

from sqlalchemy import Connection, func, insert, select, update

from flows.editions import Editions
from flows.laying_out import lay_out
from flows.messages import Reply
from flows.render import render
from models.audit import acts_on
from models.bulletin import deliveries
from models.bulletins import finish_bulletins, latest_bulletins
from models.desk import Watch, write_watch
from models.firm import firms
from models.outbox import outbox
from models.person import accounts, add_person, people
from models.session import Database
from models.subscription import subscribe, subscriptions
from tests.web.console.talking import seen
from tests.web.console.world import World

NEW = "/console/bulletins/new"
FORM = {
    "topic": "policy",
    "title": "技改补助",
    "body": "门槛降到 **3000万**。\n\n看 https://www.henan.gov.cn/a?b=1&c=2",
}
HX = {"HX-Request": "true"}


def owners_subscribe(world: World) -> None:
    """The owners of the three firms, and somebody on the web page without a firm."""

    def work(connection: Connection) -> None:
        for row in connection.execute(select(accounts.c.id, accounts.c.person_id)).all():
            subscribe(connection, row.person_id, row.id, "policy", frequency="at-once", at=world.now)
        account = add_person(connection, "web", "w" * 43, world.now)
        subscribe(connection, account.person_id, account.id, "policy", frequency="weekly", at=world.now)

    world.database.turn(work)


def many_subscribe(world: World, count: int) -> None:
    def work(connection: Connection) -> None:
        ids = range(5000, 5000 + count)
        at = {"created_at": world.now}
        connection.execute(insert(people), [{"id": n, **at} for n in ids])
        reached = {"channel": "telegram", "state": "active", **at}
        connection.execute(
            insert(accounts), [{"id": n, "person_id": n, "address": f"8{n}", **reached} for n in ids]
        )
        told = {"topic": "policy", "frequency": "at-once", "since": world.now}
        connection.execute(insert(subscriptions), [{"person_id": n, "account_id": n, **told} for n in ids])

    world.database.turn(work)


def written(world: World, **other: str) -> str:
    """Write a draft through the page; where it stands then."""
    sent = world.client.post(f"{NEW}/save", data={**FORM, **other})
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def act(world: World, path: str, name: str, **form: str) -> tuple[int, str]:
    """Press a button of a bulletin's page, on the state of it that the page shows."""
    page = world.client.get(path).text
    counted = re.search(r'name="counted" value="(\d+)"', page)
    shown = {"seen": seen(page), "counted": counted[1] if counted else ""}
    sent = world.client.post(f"{path}/{name}", data={**shown, **form})
    return sent.status_code, sent.text


def laid_out(database: Database, world: World) -> None:
    while database.turn(lambda c: lay_out(c, Editions(), world.now)):
        pass


def actions(world: World, path: str) -> list[str]:
    entries = world.database.read(lambda c: acts_on(c, "bulletin", path.rsplit("/", 1)[-1]))
    return [each.action.removeprefix("bulletin.") for each in reversed(entries)]


def sums(page: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r'data-count="(\w+)">(\d+)<', page)}


def test_written_previewed_released_watched_and_exported(world: World) -> None:
    owners_subscribe(world)
    world.database.turn(lambda c: c.execute(update(firms).where(firms.c.city == "洛阳").values(name="=1+1")))
    world.let_in("administrator")
    preview = world.client.post(f"{NEW}/preview", data={**FORM, "count": "1"}, headers=HX).text
    assert "<html" not in preview
    assert "4 人会收到" in preview
    assert "门槛降到 &lt;b&gt;3000万&lt;/b&gt;。" in preview, "the HTML that Telegram gets"
    assert '<a href="https://www.henan.gov.cn/a?b=1&amp;c=2" rel="noreferrer">' in preview
    for channel in ("Telegram", "网页", "终端", "电子邮件"):
        assert f"<h3>{channel}</h3>" in preview
    path = written(world)
    assert act(world, path, "release", how="now")[0] == 303
    laid_out(world.database, world)
    page = world.client.get(path).text
    assert sums(page) == {"waiting": 3, "held": 1, "all": 4}
    assert 'hx-trigger="every 2s"' in world.client.get(f"{path}/progress").text
    assert "hx-get" not in world.client.get(f"{path}/progress?n=300").text
    failed = {"state": "failed", "error": "=Bad Request: chat not found"}
    first = select(func.min(deliveries.c.id)).scalar_subquery()
    world.database.turn(
        lambda c: c.execute(update(deliveries).where(deliveries.c.id == first).values(failed))
    )
    page = world.client.get(path).text
    assert sums(page) == {"waiting": 2, "failed": 1, "held": 1, "all": 4}
    assert "=Bad Request: chat not found" in page
    sheet = world.client.post(f"{path}/recipients/csv")
    rows = list(csv.reader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert len(rows) == 1 + 4
    assert {row[1] for row in rows} >= {"'=1+1"}, "no spreadsheet takes it for a formula"
    assert rows[1][4:6] == ["没有送到", "'=Bad Request: chat not found"]
    assert "4700" not in sheet.text, "nobody's address"
    for name in ("retry", "pause", "resume", "cancel"):
        assert act(world, path, name)[0] == 303, name
    assert sums(world.client.get(path).text) == {"cancelled": 4, "all": 4}
    assert actions(world, path) == ["write", "release", "export", "retry", "pause", "resume", "cancel"]


def test_beyond_a_hundred_somebody_else_releases_it(sqlite_world: World) -> None:
    world = sqlite_world
    many_subscribe(world, 101)
    world.let_in("administrator")
    path = written(world)
    page = world.client.get(path).text
    assert "要请另一位管理员来发" in page
    assert f'action="{path}/release"' not in page
    status, told = act(world, path, "release", how="now", counted="101")
    assert (status, "由写稿人以外的管理员来发" in told) == (422, True)
    world.let_in("second")
    world.later(minutes=6)
    status, _ = act(world, path, "release", how="now")
    assert "/console/confirm" in world.client.post(f"{path}/release").headers["location"], "who is it?"
    world.let_in("second")
    assert act(world, path, "release", how="now")[0] == 303
    assert actions(world, path) == ["write", "release"]


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(sqlite_world: World) -> None:
    world = sqlite_world
    world.let_in("administrator")
    wrong = {
        "topic": "policy",
        "title": "题*",
        "body": "看 http://evil.example/",
        "cities": "北京",
        "changed_by": "77",
        "verdicts": "eligible",
        "rungs": "x",
    }
    for act_name, status in (("save", 422), ("preview", 200)):
        sent = world.client.post(f"{NEW}/{act_name}", data=wrong)
        assert sent.status_code == status
        for name in ("title", "body", "cities", "changed_by", "verdicts", "rungs"):
            assert f'id="fault-{name}"' in sent.text, name
        assert 'value="题*"' in sent.text
        assert "看 http://evil.example/</textarea>" in sent.text
    empty = world.client.post(f"{NEW}/save", data={"topic": "policy"})
    assert (empty.status_code, "请写上内容" in empty.text) == (422, True)
    assert world.database.read(latest_bulletins) == []


def test_a_time_that_is_past_or_none_is_refused(sqlite_world: World) -> None:
    owners_subscribe(sqlite_world)
    sqlite_world.let_in("administrator")
    path = written(sqlite_world)
    for when, told in (
        ("2026-11-26T09:59", "已经过了"),
        ("2026-11-26 10:00", "已经过了"),
        ("tomorrow", "没有读懂"),
        ("", "没有读懂"),
    ):
        status, page = act(sqlite_world, path, "release", how="later", when=when)
        assert (status, told in page) == (422, True), when
    assert sqlite_world.database.read(latest_bulletins)[0].state == "draft"


def test_a_time_is_read_and_told_as_that_of_china(sqlite_world: World) -> None:
    world = sqlite_world
    owners_subscribe(world)
    world.let_in("administrator")
    path = written(world)
    assert act(world, path, "release", how="later", when="2026-11-27T09:30")[0] == 303
    assert "定在 2026-11-27 09:30 发（北京时间）" in world.client.get(path).text
    laid_out(world.database, world)
    assert sums(world.client.get(path).text) == {}
    assert act(world, path, "pause")[0] == 303
    assert act(world, path, "resume")[0] == 303
    world.later(hours=13)  # 23 o'clock there: people sleep
    world.let_in("administrator")
    path = written(world)
    assert "11-27 08:00 才开始发" in world.client.get(path).text
    assert act(world, path, "release", how="now")[0] == 303
    laid_out(world.database, world)
    assert "08:00 接着发" in world.client.get(path).text


def test_an_old_page_changes_nothing(sqlite_world: World) -> None:
    world = sqlite_world
    owners_subscribe(world)
    world.let_in("administrator")
    path = written(world)
    form = {**FORM, "seen": "0", "title": "第一次"}
    assert world.client.post(f"{path}/edit/save", data=form).status_code == 303
    late = world.client.post(f"{path}/edit/save", data={**form, "title": "晚了"})
    assert (late.status_code, 'value="晚了"' in late.text) == (409, True)
    assert act(world, path, "release", how="now", seen="0")[0] == 409
    assert act(world, path, "release", how="now", counted="3")[0] == 409, "the count that was shown"
    assert world.client.post(f"{path}/retry", data={"seen": "1"}).status_code == 422
    stored = world.database.read(latest_bulletins)[0]
    assert (stored.title, stored.state) == ("第一次", "draft")
    assert world.client.post(f"{path[:-3]}abc/release").status_code == 404


def test_one_tries_it_on_oneself_and_it_counts_nowhere(sqlite_world: World) -> None:
    world = sqlite_world
    owners_subscribe(world)
    world.let_in("administrator")
    path = written(world)
    assert act(world, path, "test")[0] == 422, "no chat is linked"
    me = world.people["administrator"].staff.id
    watch = Watch(me, "never", "telegram", "4242", None, None, world.now)
    world.database.turn(lambda c: write_watch(c, watch))
    assert act(world, path, "test")[0] == 200
    row = world.database.read(lambda c: c.execute(select(outbox)).one())
    assert (row.channel, row.address, row.forget) == ("telegram", "4242", True)
    reply = Reply.from_json(row.payload)
    assert render(reply).startswith("【试发，只发给您自己】")
    assert [each.key for each in reply.choices] == ["bulletin:tried-out", "leave:tried-out"]
    assert (
        world.database.read(lambda c: c.execute(select(func.count()).select_from(deliveries)).scalar()) == 0
    )
    assert actions(world, path) == ["write", "test"]


def test_recipients_are_read_page_by_page(sqlite_world: World) -> None:
    world = sqlite_world
    many_subscribe(world, 60)
    world.let_in("administrator")
    path = written(world)
    assert act(world, path, "release", how="now")[0] == 303
    laid_out(world.database, world)
    found: list[str] = []
    address = f"{path}/recipients?state=waiting"
    while address:
        page = world.client.get(address).text
        found += re.findall(r'<tr data-row><th scope="row">(\d+)</th>', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(found) == len(set(found)) == 60
    assert "还没有收件人" in world.client.get(f"{path}/recipients?state=failed").text
    assert world.client.get(f"{path}/recipients?state=nonsense&after=x").status_code == 200


def test_the_list_goes_on_to_older_ones(sqlite_world: World) -> None:
    sqlite_world.let_in("administrator")
    for number in range(31):
        written(sqlite_world, title=f"第{number}条")
    page = sqlite_world.client.get("/console/bulletins").text
    assert "第30条" in page
    assert "第0条" not in page
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    assert "第0条" in sqlite_world.client.get(older[1]).text


def test_a_draft_can_be_changed_and_dropped(sqlite_world: World) -> None:
    sqlite_world.let_in("administrator")
    path = written(sqlite_world, cities="洛阳", urgent="1")
    form = sqlite_world.client.get(f"{path}/edit").text
    assert re.search(r'value="洛阳" checked', form)
    assert "现在没有人会收到" in sqlite_world.client.get(path).text
    assert act(sqlite_world, path, "release", how="now", counted="0")[0] == 422
    assert act(sqlite_world, path, "cancel")[0] == 303
    assert sqlite_world.client.get(f"{path}/edit").status_code == 303


def test_one_that_was_sent_can_be_cancelled_while_some_of_it_waits_for_monday(sqlite_world: World) -> None:
    world = sqlite_world
    owners_subscribe(world)
    world.let_in("administrator")
    path = written(world)
    assert act(world, path, "release", how="now")[0] == 303
    laid_out(world.database, world)
    went = update(deliveries).where(deliveries.c.state == "waiting").values(state="sent")
    world.database.turn(lambda c: c.execute(went))
    world.database.turn(lambda c: finish_bulletins(c, world.now))
    page = world.client.get(path).text
    assert "发完了" in page
    assert 'id="act-cancel"' in page
    assert act(world, path, "cancel")[0] == 303
    page = world.client.get(path).text
    assert sums(page) == {"sent": 3, "cancelled": 1, "all": 4}
    assert 'id="act-cancel"' not in page
