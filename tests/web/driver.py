"""People with browsers who play the golden conversations: each has a cookie, reads the served pages, and sends their forms."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr

from flows.messages import Operator
from models.session import Database
from settings import Settings
from tests.conversations.in_process import OPERATOR, START, editions
from tests.conversations.playing import Told
from tests.conversations.script import Turn
from tests.web.reading import Element, read
from web.app import create_app
from web.limits import Limits
from web.talk_store import TalkStore

_LONE = re.compile("[\ud800-\udfff]")  # what browsers put in place of half a character
_SCRIPTED = {"HX-Request": "true"}


class Clock:
    """A clock to turn."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@contextmanager
def browsing(url: str) -> Iterator[tuple[TestClient, TalkStore, Clock]]:
    """The application on that database, with its clock in the tests' hands."""
    settings = Settings(
        database_url=SecretStr(url), operator_name=OPERATOR.name, operator_contact=OPERATOR.contact
    )
    app = create_app(settings, limits=Limits().lifted())
    store, clock = app.state.talk, Clock()
    store.now, store.editions = clock, editions()
    with TestClient(app, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        yield client, store, clock


@dataclass(slots=True)
class Shown:
    """What the page showed once: the reply, and the form with its buttons that stood under it."""

    bubble: Element
    area: Element

    @property
    def fact(self) -> str | None:
        return self.bubble["data-fact"] or None


@dataclass(slots=True)
class Browser:
    """One person's browser."""

    cookies: dict[str, str] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    read: list[str] = field(default_factory=list)


class OverTheWeb:
    """`scripted`: as the page's script sends and reads (pieces), else as forms do without one (whole pages)."""

    can = frozenset({"buttons", "clock", "operator", "people"})

    def __init__(
        self, database: Database, client: TestClient, store: TalkStore, clock: Clock, *, scripted: bool
    ) -> None:
        self.database, self._client, self._store, self._clock = database, client, store, clock
        self._headers = _SCRIPTED if scripted else {}
        self._people = {"owner": Browser()}
        self._keys = (f"key-of-a-form-{number}" for number in count(1))
        self._sent: dict[str, dict[str, str]] = {}

    def say(self, turn: Turn) -> Told:
        self._clock.time += timedelta(days=turn.days_later, minutes=1)
        if turn.operator is not None:
            self._store.operator = Operator(turn.operator)
        person = self._people.setdefault(turn.by, Browser())
        is_first = not person.shown
        if is_first:
            self._open(person)
            if turn.choose == "start":
                return self._told(person, person.shown[-1])
        key = f"key-{turn.key}" if turn.key else next(self._keys)
        data = self._sent.setdefault(key, self._form(person, turn, key))
        if is_first:  # a message that came before the page was read
            data.pop("revision", None)
        return self._told(person, self._post(person, data))

    def shown_to(self, person: str) -> str:
        browser = self._people[person]
        page = self._get(browser)
        return "\n".join([*browser.read, page.one(role="log").text()])

    def settle(self) -> None:
        """A reply is marked before its page is served."""

    def _as(self, person: Browser) -> None:
        self._client.cookies.clear()
        for name, value in person.cookies.items():
            self._client.cookies.set(name, value, domain="testserver.local", path="/")

    def _get(self, person: Browser) -> Element:
        self._as(person)
        found = self._client.get("/chat")
        assert found.status_code == 200
        person.cookies = dict(self._client.cookies)
        return read(found.text)

    def _open(self, person: Browser) -> None:
        page = self._get(person)
        person.shown.append(Shown(page.one(id="latest"), page.one(id="area")))

    def _form(self, person: Browser, turn: Turn, key: str) -> dict[str, str]:
        """The form of the page (or of an older page, left open in another tab), with a key of its own."""
        shown = person.shown[-1]
        if turn.say is not None:
            return {
                **shown.area.one("form", id="say").hidden(),
                "key": key,
                "text": _LONE.sub("\ufffd", turn.say),
            }
        older = (each for each in reversed(person.shown) if turn.button_of in {None, each.fact})
        area = next(older, shown).area
        form = next(area.all("form", id="pick"), None) or area.one("form", id="say")
        choice = turn.choose if turn.label is None else _labelled(area, turn.label)
        hidden = form.hidden()
        if form["id"] == "say":  # nothing to tap stands there: it is tapped in the menu
            hidden.pop("revision")
        return {**hidden, "key": key, "choice": str(choice)}

    def _post(self, person: Browser, data: dict[str, str]) -> Shown:
        self._as(person)
        found = self._client.post("/chat", data=data, headers=self._headers)
        person.cookies = dict(self._client.cookies)
        if "hx-redirect" in found.headers:
            found = self._client.get(found.headers["hx-redirect"])
        assert found.status_code == 200, (found.status_code, data)
        person.cookies = dict(self._client.cookies)
        shown = self._answer(person, found.text, data["key"])
        person.shown.append(shown)
        return shown

    def _answer(self, person: Browser, html: str, key: str) -> Shown:
        page = read(html)
        exchange = next(page.all("div", **{"data-key": key}), None)
        bubble = person.shown[-1].bubble if exchange is None else exchange.one("div", class_="theirs")
        return Shown(bubble, page.one(id="area"))

    def _told(self, person: Browser, shown: Shown) -> Told:
        text = shown.bubble.text()
        person.read.append(text)
        return {
            "kind": shown.bubble["data-kind"],
            "fact": shown.fact,
            "choices": [
                {"key": each["value"], "label": each.text()}
                for each in shown.area.all("button", name="choice")
            ],
            "text": text,
            "result": result_of(shown.bubble),
        }


def _labelled(area: Element, label: str) -> str:
    return next(
        each["value"] for each in area.all("button", name="choice") if each.text() == label.removeprefix("✓ ")
    )


def result_of(bubble: Element) -> dict[str, Any] | None:
    """The result as the page carries it for whoever reads HTML only; None where none is shown."""
    article = next(bubble.all("article", class_="result"), None)
    if article is None:
        return None
    expected = article["data-rungs-expected"]
    numbers = ("reached", "next", "gap", "confirmed", "conditional")
    reached, following, gap, confirmed, conditional = (_number(article[f"data-{each}"]) for each in numbers)
    return {
        "ladder": {
            "state": article["data-ladder-state"],
            "rungs_expected": None if expected == "null" else expected.split(),
            "rungs": dict(each.split("=") for each in article["data-rungs"].split()),
            "ahead": article["data-ahead"].split(),
            "reached_threshold_yuan": reached,
            "next_threshold_yuan": following,
            "gap_to_next_yuan": gap,
        },
        "schemes": [_scheme(each) for each in article.all("details", class_="scheme")] or _untold(article),
        "confirmed_total_yuan": confirmed,
        "conditional_total_yuan": conditional,
    }


def _untold(article: Element) -> list[dict[str, Any]]:
    """The verdicts on schemes that are not told one by one, as out of the province."""
    return [
        dict(zip(("id", "verdict"), each.split("="), strict=True))
        for each in article["data-verdicts"].split()
    ]


def _scheme(found: Element) -> dict[str, Any]:
    amount = next(found.all("span", class_="amount"), None)
    return {
        "id": found["data-scheme"],
        "kind": found["data-measure"],
        "verdict": found["data-verdict"],
        "amount_yuan": None if amount is None else _number(amount["data-yuan"]),
        "missing": (found.get("data-missing") or "").split(),
    }


def _number(told: str) -> int | None:
    return int(told) if told not in {"", "None"} else None
