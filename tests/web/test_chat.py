"""The page of the talk: who comes and who is known, two tabs and two taps, what comes in that is none of ours, a database away."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from flows.messages import Reply
from models.answer import answers
from models.assessment import open_at
from models.outbox import NewMessage, oldest_unsent, outbox, put
from models.person import add_account, find_account
from models.retention import delete_messages
from models.session import Database
from tests.conversations.in_process import START, publish
from tests.web.driver import browsing
from tests.web.reading import Element, read
from web.limits import Limits
from web.talk_store import TalkStore

SCRIPTED = {"HX-Request": "true"}


class Page:
    """One browser with one tab in view."""

    def __init__(self, client: TestClient, store: TalkStore) -> None:
        self.client, self.store = client, store
        self.seen = read(client.get("/chat").text)
        self.sent: dict[str, str] = {}

    @property
    def latest(self) -> Element:
        return self.seen.one(id="latest")

    def form(self, name: str) -> dict[str, str]:
        return self.seen.one("form", id=name).hidden()

    def say(self, text: str, **more: str) -> None:
        self.post({**self.form("say"), "text": text, **more})

    def tap(self, choice: str) -> None:
        self.post({**self.form("pick"), "choice": choice})

    def post(self, data: dict[str, str]) -> None:
        self.sent = data
        found = self.client.post("/chat", data=data)
        assert found.status_code == 200, found.text
        self.seen = read(found.text)

    def rows(self) -> int:
        return self.store.database.read(
            lambda c: int(c.execute(select(func.count()).select_from(outbox)).scalar_one())
        )


@pytest.fixture
def page(database: Database, database_url: str) -> Iterator[Page]:
    publish(database)
    with browsing(database_url) as (client, store, _clock):
        yield Page(client, store)


def address(store: TalkStore) -> str:
    """Of the one who agreed."""
    return store.database.read(lambda c: str(c.execute(select(outbox.c.address)).scalars().first()))


def test_a_stranger_is_shown_the_notice_and_nothing_is_stored(page: Page) -> None:
    assert "同意，开始" in page.seen.text()
    page.say("3.2亿")
    assert page.latest["data-kind"] == "notice"
    assert page.rows() == 0


def test_the_page_is_kept_by_nobody_on_the_way(page: Page) -> None:
    assert page.client.get("/chat").headers["cache-control"] == "no-store"


def test_an_answer_and_a_reload_show_the_same_talk(page: Page) -> None:
    page.tap("agree")
    page.tap("yes")
    page.say("3.2", unit="亿元")
    assert "营业收入：3.2亿元，记下了" in page.latest.text()
    assert read(page.client.get("/chat").text).one(role="log").text() == page.seen.one(role="log").text()


def test_a_number_is_due_so_a_number_pad_with_units_stands_there(page: Page) -> None:
    page.tap("agree")
    assert page.seen.one("input", id="text")["inputmode"] == "text"
    page.tap("yes")
    assert page.seen.one("input", id="text")["inputmode"] == "decimal"
    assert [each["value"] for each in page.seen.all("button", name="unit")] == ["万元", "亿元"]
    plain = read(page.client.get("/chat?keyboard=text").text)
    assert plain.one("input", id="text")["inputmode"] == "text"


def test_a_unit_named_in_the_text_is_not_overruled_by_the_button(page: Page) -> None:
    page.tap("agree")
    page.tap("yes")
    page.say("6000万", unit="亿元")
    assert "营业收入：6000万元，记下了" in page.latest.text()


def test_the_same_form_twice_is_answered_once_and_shown_again(page: Page) -> None:
    page.tap("agree")
    page.tap("yes")
    rows = page.rows()
    before = page.seen.one(role="log").text()
    page.post(page.sent)
    assert (page.rows(), page.seen.one(role="log").text()) == (rows, before)
    again = page.client.post("/chat", data=page.sent, headers=SCRIPTED)
    assert read(again.text).one(**{"data-key": page.sent["key"]})["data-id"] == "2"


def test_a_text_typed_in_an_old_tab_answers_no_other_question_and_is_kept(page: Page) -> None:
    page.tap("agree")
    page.tap("yes")
    old = page.form("say")  # asks for revenue
    page.say("3.2亿")
    page.tap("yes")
    asked = page.latest["data-fact"]
    page.post({**old, "key": "another-tab-1", "text": "没有"})
    assert page.latest["data-fact"] == asked
    assert "没有当作答复记下" in page.latest.text()
    assert page.seen.one("input", id="text")["value"] == "没有"
    page.post({**old, "key": "another-tab-2", "text": "5亿"})
    assert page.latest["data-fact"] == asked
    count = select(func.count()).select_from(answers).where(answers.c.slot == asked)
    assert page.store.database.read(lambda c: c.execute(count).scalar_one()) == 0


def test_a_command_typed_in_an_old_tab_still_works(page: Page) -> None:
    page.tap("agree")
    old = page.form("say")
    page.tap("yes")
    page.post({**old, "key": "another-tab-1", "text": "我的数据"})
    assert "我们存着这些" in page.latest.text()


def test_a_yes_typed_in_an_old_tab_confirms_nothing(page: Page) -> None:
    page.tap("agree")
    page.tap("yes")
    old = page.form("say")
    page.say("3200")
    assert page.latest["data-kind"] == "confirm"
    page.post({**old, "key": "another-tab-1", "text": "对"})
    assert page.latest["data-kind"] == "confirm"
    none = select(func.count()).select_from(answers).where(answers.c.slot == "revenue")
    assert page.store.database.read(lambda c: c.execute(none).scalar_one()) == 0


def test_what_comes_unasked_is_shown_once_and_marked(page: Page) -> None:
    page.tap("agree")
    there = address(page.store)
    told = Reply("notice", "hand-answered", data={"answers": [{"title": "营业收入", "value": "3.2亿元"}]})

    def news(connection: Connection) -> int:
        account = find_account(connection, "web", there)
        message = NewMessage(
            "web", there, "handover-1", told.kind, told.to_json(), account.id if account else None
        )
        return put(connection, message, START)

    number = page.store.database.turn(news)
    assert page.store.database.read(oldest_unsent) is None  # nobody but the page fetches it
    newest = max(int(each["data-id"]) for each in page.seen.all("div", class_="exchange"))
    found = page.client.get(f"/chat/new?after={newest}")
    assert "3.2亿元" in read(found.text).text()
    state = select(outbox.c.state).where(outbox.c.id == number)
    assert page.store.database.read(lambda c: c.execute(state).scalar_one()) == "sent"
    assert page.client.get(f"/chat/new?after={number}").status_code == 204
    assert "3.2亿元" in page.client.get("/chat").text


def test_what_nobody_fetched_is_deleted_like_the_rest(database: Database) -> None:
    message = NewMessage("web", "somebody", "handover-1", "notice", {})
    database.turn(lambda c: put(c, message, START))
    assert database.turn(lambda c: delete_messages(c, START + timedelta(days=31))) == 1


def test_a_second_account_sees_the_finished_assessment_of_the_person(page: Page) -> None:
    page.tap("agree")
    for choice in ("no",):
        page.tap(choice)  # not in Henan: finished
    there = address(page.store)

    def second(connection: Connection) -> bool:
        found = open_at(connection, "web", there)
        assert found is not None
        add_account(connection, found.account.person_id, "web", "another phone", START)
        seen = open_at(connection, "web", "another phone")
        assert seen is not None
        assert found.assessment is not None
        return seen.assessment == found.assessment and found.assessment.state == "finished"

    assert page.store.database.turn(second)


def test_the_result_stands_on_a_page_of_its_own_and_stores_nothing(page: Page) -> None:
    page.tap("agree")
    assert "还没有结果" in page.client.get("/result").text
    page.tap("yes")
    page.say("6亿")
    rows = page.rows()
    alone = read(page.client.get("/result").text)
    assert "在第 2 级" in alone.text()
    assert alone.one("svg", class_="ladder").one("title").text() == "创新阶梯：在第 2 级"
    assert page.rows() == rows


def test_older_exchanges_are_paged_back_to(page: Page) -> None:
    page.tap("agree")
    for number in range(32):
        page.post({"form_token": "", "key": f"a-help-{number:04}", "choice": "help"})
    older = next(page.seen.all("p", class_="older")).one("a")["href"]
    assert re.fullmatch(r"/chat\?before=\d+", older)
    back = read(page.client.get(older).text)
    assert "同意，开始" in back.one(role="log").text()
    assert not list(back.all(id="area"))


MOST = Limits().body
HOSTILE = [
    *("9" * 10**6, "{{7*7}}", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\x00", "\u202eabc\u202c"),
    *(
        "\u200b\u200c\ufeff",
        "A" * 10**6,
        "', DROP TABLE outbox; --",
        "\ufffd",
        "{% raw %}",
        "${7*7}",
        "🏳️‍🌈" * 50,
    ),
]


@pytest.mark.parametrize("scripted", [True, False])
def test_hostile_texts_are_inert(page: Page, *, scripted: bool) -> None:
    page.tap("agree")
    page.tap("yes")
    for number, text in enumerate(HOSTILE):
        data = {**page.form("say"), "key": f"hostile-{number:03}", "text": text}
        found = page.client.post("/chat", data=data, headers=SCRIPTED if scripted else {})
        if len(text) > MOST:
            assert found.status_code == 413
            continue
        assert found.status_code == 200
        assert len(found.text) < 200_000
        assert "<script>alert" not in found.text
        assert "49" not in read(found.text).text()
        assert read(found.text).one(id="latest")["data-fact"] == "revenue"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "x"},
        {"key": "short", "text": "x"},
        {"key": "k" * 100_000, "text": "x"},
        {"key": "a-good-key", "choice": "c" * 100_000},
        {"key": "a-good-key", "choice": "yes", "text": "both"},
        {"key": "a-good-key", "text": "x", "revision": "not a number"},
        {"key": "a-good-key", "text": "x", "revision": "9" * 100_000},
        {"key": "a-good-key", "text": "x", "unit": "颗"},
        {"key": "a-good-key", "choice": "yes", "about": "<b>"},
        {"key": "a key' OR 1", "text": "x"},
    ],
)
def test_a_form_that_is_not_ours_is_refused_clearly(page: Page, data: dict[str, str]) -> None:
    found = page.client.post("/chat", data=data)
    too_large = sum(map(len, data.values())) > MOST
    assert found.status_code == (413 if too_large else 400)
    assert too_large or "没有收下" in found.text
    assert page.rows() == 0


def test_a_body_that_is_no_form_is_refused(page: Page) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        found = page.client.post("/chat", content=b"\xff\x00{", headers={"content-type": kind})
        assert found.status_code == 415


def test_made_up_buttons_and_numbers_never_break_a_page(page: Page) -> None:
    page.tap("agree")
    for number, choice in enumerate(
        ("sure:delete", "edit:nothing", "firm:none", "right", "unit:yi", "chosen", "x")
    ):
        page.post(
            {"key": f"made-up-{number:03}", "choice": choice, "about": "revenue", "revision": "4294967295"}
        )
    for where in ("/chat?before=x", "/chat?before=" + "9" * 400, "/chat?before=0", "/chat/new?after=-1"):
        assert page.client.get(where).status_code in {200, 204}


def test_without_a_database_the_page_says_so_and_keeps_the_text(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.tap("agree")

    async def away(*_given: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(Database, "turn_async", away)
    monkeypatch.setattr(Database, "read_async", away)
    data = {**page.form("say"), "text": "在河南"}
    found = page.client.post("/chat", data=data)
    assert found.status_code == 503
    form = read(found.text).one("form", id="say")
    assert (form.one("input", id="text")["value"], form.hidden()["key"]) == ("在河南", data["key"])
    assert page.client.get("/chat").status_code == 503
    monkeypatch.undo()
    page.post({**form.hidden(), "text": "在河南"})
    assert page.latest["data-fact"] == "revenue"
