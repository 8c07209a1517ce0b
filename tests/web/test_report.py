"""The report on the web: the owner's page, files and links; what others see by a link or a code; what nobody sees."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import update

from flows import printing
from flows.editions import Editions, publish_shipped
from flows.interview import receive
from flows.messages import Incoming, Operator
from models.report import Report, find_by_check_code
from models.schema import upgrade
from models.session import Database
from models.share import shares
from settings import Settings
from web.app import create_app
from web.assets import Assets
from web.limits import Limits
from web.pages import Pages
from web.visitors import Visitor, new_visitor

TALK = ("开始", "同意", "郑州", "12亿", "有", "没有", "牵头", "有", "6000万", "4000万", "不确定", "没有")
DESCRIBED = ("洛阳", "洛阳<b>犇犇</b>轴承有限公司", "跳过")
PRIVATE = ("12亿", "88亿", "600万", "6000万", "4000万")
EDITIONS = Editions()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "ladder.db"
    upgrade(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}")
    database.turn(publish_shipped)
    database.close()
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "ladder.db").write_bytes(migrated.read_bytes())
    opened = Database(f"sqlite:///{tmp_path / 'ladder.db'}")
    yield opened
    opened.close()


@pytest.fixture
def client(database: Database, tmp_path: Path) -> Iterator[TestClient]:  # over the same file
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{tmp_path / 'ladder.db'}"), operator_name="某某促进中心"
    )
    with TestClient(create_app(settings)) as found:
        yield found


class Owner:
    """Somebody who talks on the web, and looks at pages with their cookie."""

    def __init__(self, database: Database, client: TestClient) -> None:
        self.database, self.client, self.said = database, client, 0
        self.visitor: Visitor = new_visitor()
        for words in (*TALK, *DESCRIBED):
            self.says(words)

    def says(self, words: str) -> None:
        self.said += 1
        incoming = Incoming("web", self.visitor.address, f"{self.said}", datetime.now(UTC), words)
        self.database.turn(lambda c: receive(c, EDITIONS, Operator("某某促进中心"), incoming))

    @property
    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"ladder={self.visitor.secret}"}

    def gets(self, path: str) -> Response:
        found: Response = self.client.get(path, headers=self._cookie)
        return found

    def posts(self, path: str, **form: str | int) -> Response:
        data = {"form_token": self.visitor.form_token, **{name: str(each) for name, each in form.items()}}
        found: Response = self.client.post(path, data=data, headers=self._cookie)
        return found

    def shares(self, no: int, figures: str) -> str:
        tap = re.findall(r'name="tap" value="([\w-]+)"', self.gets(f"/report?no={no}").text)[0]
        page = self.posts("/report/share", no=no, with_figures=figures, tap=tap)
        assert page.status_code == 200
        return str(re.findall(r"/s/[\w-]{43}", page.text)[0])

    @property
    def code(self) -> str:
        return str(re.findall(r"核对码 <b>([\w-]{11})</b>", self.gets("/report").text)[0])

    @property
    def report(self) -> Report:
        found = self.database.read(lambda c: find_by_check_code(c, self.code))
        assert found
        return found


@pytest.fixture
def owner(database: Database, client: TestClient) -> Owner:
    someone = Owner(database, client)
    someone.says("要报告")
    return someone


def test_the_page_tells_the_whole_report_and_can_be_printed(owner: Owner) -> None:
    page = owner.gets("/report")
    assert page.status_code == 200
    for told in (
        "第 3 级",
        "尚缺",
        "600万元",
        "摘要H4",
        "转载文本",
        "某某促进中心",
        "不是认定",
        "企业在这一级",
    ):
        assert told in page.text
    for told in ("/report.png?no=", "/report.pdf?no=", "2026-11-23 核对", "政策版本 henan-2025"):
        assert told in page.text
    assert "<b>犇犇" not in page.text
    assert "&lt;b&gt;犇犇" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.text
    assert "<svg" in page.text
    assert "<desc" in page.text
    assert " style=" not in page.text
    assert "<script" not in page.text


def test_who_has_no_report_is_told_how_to_get_one(client: TestClient) -> None:
    page = client.get("/report")
    assert page.status_code == 404
    assert "要报告" in page.text
    assert client.get("/report.pdf").status_code == 404
    assert client.get("/report.png?no=1").status_code == 404


def test_pdf_and_png_are_served_under_a_chinese_name(owner: Owner) -> None:
    for form, media, shown in (("pdf", "application/pdf", "attachment"), ("png", "image/png", "inline")):
        sheet = owner.gets(f"/report.{form}")
        assert sheet.status_code == 200
        assert sheet.headers["content-type"] == media
        assert sheet.headers["cache-control"] == "no-store"
        disposition = sheet.headers["content-disposition"]
        assert disposition.startswith(f'{shown}; filename="report-{owner.code}.{form}"; ')
        assert unquote(disposition.split("UTF-8''", 1)[1]) == f"创新阶梯自测报告-2025-{owner.code}.{form}"


def test_a_report_is_nobody_elses(owner: Owner, database: Database, client: TestClient) -> None:
    stranger = Owner(database, client)
    number = owner.report.id
    for path in ("/report", "/report.pdf", "/report.png"):
        assert owner.gets(f"{path}?no={number}").status_code == 200
        assert stranger.gets(f"{path}?no={number}").status_code == 404
    assert "/s/" not in stranger.posts("/report/share", no=number, tap="t", with_figures="yes").text


def test_without_the_extra_the_page_serves_and_says_how(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "find_spec", lambda _name: None)
    page = owner.gets("/report")
    assert page.status_code == 200
    assert "/report.png" not in page.text
    assert "打印" in page.text
    sheet = owner.gets("/report.pdf")
    assert (sheet.status_code, "请打印报告页" in sheet.text) == (404, True)


def test_too_many_at_once_are_asked_to_come_back(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_PATIENCE", 0.01)
    with printing._printer.lock:
        busy = owner.gets("/report.pdf")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")


def test_an_older_report_stays_and_says_that_answers_were_changed(owner: Owner) -> None:
    first = owner.report.id
    assert "答复在此之后改过" not in owner.gets("/report").text
    owner.says("营业收入改成15亿")
    assert "答复在此之后改过" in owner.gets("/report").text
    owner.says("要报告")
    newest, older = owner.gets("/report"), owner.gets(f"/report?no={first}")
    assert "15亿元" in newest.text
    assert f"/report?no={first}" in newest.text
    assert "答复在此之后改过" not in newest.text
    assert "12亿元" in older.text
    assert "答复在此之后改过" in older.text
    assert "这是以前的一份" in older.text


def test_a_link_shows_the_result_without_figures_unless_they_were_chosen(
    owner: Owner, client: TestClient
) -> None:
    number = owner.report.id
    bare, full = owner.shares(number, "no"), owner.shares(number, "yes")
    client.cookies.clear()
    shown = client.get(bare)
    assert shown.status_code == 200
    assert [each for each in PRIVATE if each in shown.text] == []
    assert "第 3 级" in shown.text
    assert "要看主管部门认不认定" in shown.text
    assert "前有效" in shown.text
    assert all(each in client.get(full).text for each in ("12亿元", "600万元", "4000万元"))
    for name, value in (("cache-control", "no-store"), ("referrer-policy", "no-referrer")):
        assert shown.headers[name] == value
    assert "noindex" in shown.headers["x-robots-tag"]
    assert "set-cookie" not in shown.headers
    assert "<form" not in shown.text
    assert "/report" not in shown.text.replace("/static/report", "")


def test_a_link_is_told_once_and_kept_nowhere(owner: Owner, tmp_path: Path) -> None:
    link = owner.shares(owner.report.id, "no")
    assert link not in owner.gets("/report").text
    token = link.removeprefix("/s/").encode()
    assert [path for path in tmp_path.glob("ladder.db*") if token in path.read_bytes()] == []


def test_a_link_that_was_taken_back_expired_or_made_up_is_the_same_page(
    owner: Owner, client: TestClient, database: Database
) -> None:
    number = owner.report.id
    revoked, expired = owner.shares(number, "no"), owner.shares(number, "yes")
    assert "带数字" in owner.gets("/report").text
    first = re.findall(r"/report/share/(\d+)/revoke", owner.gets("/report").text)[0]
    assert "report" in str(owner.posts(f"/report/share/{first}/revoke").url)
    past = datetime.now(UTC) - timedelta(seconds=1)
    database.turn(
        lambda c: c.execute(update(shares).where(shares.c.id != int(first)).values(expires_at=past))
    )
    pages = [client.get(path) for path in (revoked, expired, f"/s/{'x' * 43}", "/s/x", f"/s/{'x' * 2000}")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "这个链接打不开了" in pages[0].text


def test_nobody_takes_back_somebody_elses_link(owner: Owner, database: Database, client: TestClient) -> None:
    link = owner.shares(owner.report.id, "no")
    first = re.findall(r"/report/share/(\d+)/revoke", owner.gets("/report").text)[0]
    assert Owner(database, client).posts(f"/report/share/{first}/revoke").status_code == 404
    assert client.get(link).status_code == 200


def test_a_code_tells_that_a_report_was_made_here_and_nothing_of_the_firm(
    owner: Owner, client: TestClient
) -> None:
    code = owner.code
    for typed in (code, code.lower(), code.replace("-", ""), f"　{code}　"):
        page = client.get("/check", params={"code": typed})
        assert "是这里出的" in page.text
        assert [each for each in (*PRIVATE, "犇犇", "第 3 级", "尚缺") if each in page.text] == []
    assert "没有这个核对码" in client.get("/check", params={"code": "A2C-D3E-F4G"}).text
    assert "九位" in client.get("/check", params={"code": "12345"}).text
    hostile = '"><script>alert(1)</script>\x00\ud83d'.encode("utf-8", "ignore")
    nasty = client.get("/check", params={"code": hostile})
    assert nasty.status_code == 200
    assert "<script>" not in nasty.text


def test_codes_cannot_be_guessed_at_leisure(client: TestClient) -> None:
    most = Limits().codes_of_address.burst
    found = [client.get("/check", params={"code": "A2C-D3E-F4G"}).status_code for _ in range(most + 20)]
    assert found[:most] == [200] * most
    assert 429 in found[most:]
    assert client.get("/check").status_code == 200


def test_after_a_deletion_nothing_is_left_to_see(owner: Owner, client: TestClient) -> None:
    link, code = owner.shares(owner.report.id, "yes"), owner.code
    owner.says("删除我的数据")
    owner.says("确认删除")
    assert client.get(link).status_code == 404
    assert "没有这个核对码" in client.get("/check", params={"code": code}).text
    assert owner.gets("/report").status_code == 404
    assert owner.gets("/report.pdf").status_code == 404


def test_the_reply_in_the_talk_offers_picture_document_and_link(owner: Owner) -> None:
    incoming = Incoming("web", owner.visitor.address, "last", datetime.now(UTC), "要报告")
    promise = owner.database.turn(lambda c: receive(c, EDITIONS, Operator("某某促进中心"), incoming))
    assert promise
    pages = create_pages()
    told = pages.text("chat/replies/report.html", {"reply": promise.reply, **promise.reply.data})
    for part in (
        f"/report.png?no={owner.report.id}",
        "/report.pdf?no=",
        f"/report?no={owner.report.id}#share",
        owner.code,
    ):
        assert part in told


def create_pages() -> Pages:
    return Pages(Assets(), Operator("某某促进中心"))
