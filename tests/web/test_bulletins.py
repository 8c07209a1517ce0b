"""A bulletin in the talk on the page: read, opened and left as on Telegram, with a script and without one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from flows.audience import Audience
from flows.bulletins import draft, release, report_on
from flows.composing import Text
from flows.editions import Editions
from flows.laying_out import lay_out
from models.bulletin import Bulletin
from models.delivered import delivery_counts
from models.session import Database
from models.subscription import subscriptions
from tests.conversations.in_process import START, publish
from tests.web.driver import browsing
from tests.web.reading import Element, read
from tests.web.test_chat import Page
from web.wording import linked, paragraphs

BODY = "门槛降到 **3000万**。\n\n看 https://www.henan.gov.cn/a?b=1&c=2。"
SCRIPTED = {"HX-Request": "true"}


@pytest.fixture
def page(sqlite_url: str) -> Iterator[Page]:
    database = Database(sqlite_url)
    publish(database)
    database.close()
    with browsing(sqlite_url) as (client, store, _clock):
        told = Page(client, store)
        told.tap("agree")
        told.say("/subscribe")
        told.tap("sub:policy")
        yield told


def sent(page: Page) -> Bulletin:
    """A bulletin to all subscribers, laid down."""
    database = page.store.database
    made = database.turn(lambda c: draft(c, Text("policy", "新政策", BODY), Audience(), "张工", START))
    database.turn(lambda c: release(c, made, 1, "李工", START))
    while database.turn(lambda c: lay_out(c, Editions(), START + timedelta(minutes=1))):
        pass
    return made


def subscribed(page: Page) -> set[str]:
    wanted = select(subscriptions.c.topic).where(subscriptions.c.until.is_(None))
    return set(page.store.database.read(lambda c: c.execute(wanted).scalars()))


def bubble(page: Page) -> Element:
    return read(page.client.get("/chat").text).one("div", class_="bulletin")


def tap(page: Page, choice: str, headers: dict[str, str]) -> str:
    """Press a button in the newest bulletin's bubble."""
    form = next(iter(bubble(page).all("form")))
    assert {each["value"] for each in form.all("button", name="choice")} >= {choice}
    return read(
        page.client.post("/chat", data={**form.hidden(), "choice": choice}, headers=headers).text
    ).text()


def test_what_can_be_subscribed_to_is_told_in_plain_words(page: Page) -> None:
    page.say("订阅")
    told = page.latest.text()
    for words in ("和企业有关的新政策", "我的结果有变化", "有了就发", "晚上 10 点到早上 8 点不发", "退订"):
        assert words in told
    assert subscribed(page) == {"policy"}


@pytest.mark.parametrize("headers", [{}, SCRIPTED], ids=["without a script", "with a script"])
def test_it_is_read_opened_and_left_with_one_tap_each(page: Page, headers: dict[str, str]) -> None:
    made = sent(page)
    news = page.client.get("/chat/new?after=1", headers=SCRIPTED)
    assert "退订这类" in news.text, "it comes by itself to an open page"
    assert [each.text() for each in bubble(page).all("button")] == ["看我的结果", "退订这类"]
    database = page.store.database
    tap(page, f"bulletin:{made.public_id}", headers)
    report = database.read(lambda c: report_on(c, made))
    assert (report.opened, report.left) == (1, 0)
    assert "退订了，以后不再发" in tap(page, f"leave:{made.public_id}", headers)
    report = database.read(lambda c: report_on(c, made))
    assert (report.opened, report.left) == (1, 1)
    assert subscribed(page) == set()


def test_the_text_is_drawn_with_its_stress_and_its_links(page: Page) -> None:
    sent(page)
    assert [each["href"] for each in bubble(page).all("a")] == ["https://www.henan.gov.cn/a?b=1&c=2"]
    assert [each.text() for each in bubble(page).all("strong")] == ["新政策", "3000万"]


def test_only_our_own_pages_and_the_authorities_become_links() -> None:
    words = "https://ladder.example/plan/H4。https://ladder.example.evil.cn/ https://a.gov.cn/<b>&x=1 http://b.gov.cn/"
    made = linked(paragraphs(words), "https://ladder.example")
    links = [each["href"] for each in read(made).all("a")]
    assert links == ["https://ladder.example/plan/H4", "https://a.gov.cn/"]
    assert read(made).text() == words


def test_a_word_is_enough_to_hear_nothing_more(page: Page) -> None:
    for word in ("退订", "TD", "停止", "STOP", "/stop", "/unsubscribe", "别再发了"):
        page.say(word)
        assert "不再主动给您发消息" in page.latest.text()
        assert subscribed(page) == set()
        page.say("/subscribe")
        page.tap("sub:policy")
        assert subscribed(page) == {"policy"}


def test_what_is_on_its_way_is_taken_back_from_who_leaves(page: Page) -> None:
    page.say("订阅")
    page.tap("sub-weekly:policy")
    made = sent(page)
    counts = page.store.database.read(lambda c: delivery_counts(c, made.id))
    assert counts == {"held": 1}
    page.say("退订")
    counts = page.store.database.read(lambda c: delivery_counts(c, made.id))
    assert counts == {"cancelled": 1}


def test_who_only_says_goodbye_stays_subscribed(page: Page) -> None:
    page.say("再见")
    assert subscribed(page) == {"policy"}


def test_the_buttons_of_one_that_is_tried_out_count_nothing(page: Page) -> None:
    made = sent(page)
    for choice in ("leave:tried-out", "bulletin:tried-out"):
        page.post({**page.form("pick"), "choice": choice})
        assert "试发不计数" in page.latest.text()
    report = page.store.database.read(lambda c: report_on(c, made))
    assert (report.opened, report.left, subscribed(page)) == (0, 0, {"policy"})
