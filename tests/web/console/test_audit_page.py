"""The audit as a list: filtered by who, what, on what and when, read page by page, and nobody's but administrators'."""

import re
from datetime import timedelta

import pytest

from flows.auditing import PAGE
from models.audit import Act, append_act
from tests.web.console.world import World


def _acted(world: World, actor: str, action: str, object_id: str, days_ago: int = 0) -> None:
    act = Act(actor, action, "assessment", object_id, {"slot": "revenue"})
    world.database.turn(lambda c: append_act(c, act, world.now - timedelta(days=days_ago)))


def _shown(world: World, query: str) -> list[str]:
    """The objects of the acts on the page, the newest first."""
    page = world.client.get(f"/console/audit?{query}")
    assert page.status_code == 200, query
    return re.findall(r">assessment (\w+)</td>", page.text)


@pytest.fixture
def told(sqlite_world: World) -> World:
    """Four acts: one of an advisor, two of owners, one of the command line."""
    luoyang = sqlite_world.people["luoyang"].staff.public_id
    _acted(sqlite_world, "owner", "assessment.ask_review", "aaaa", days_ago=3)
    _acted(sqlite_world, luoyang, "assessment.take", "aaaa", days_ago=2)
    _acted(sqlite_world, "owner", "assessment.answer", "bbbb", days_ago=1)
    _acted(sqlite_world, "command", "assessment.take", "cccc")
    sqlite_world.let_in("administrator")
    return sqlite_world


def test_acts_are_found_by_who_what_and_on_what(told: World) -> None:
    luoyang = told.people["luoyang"].staff.public_id
    for query, found in (
        ("", ["cccc", "bbbb", "aaaa", "aaaa"]),
        ("actor=owner", ["bbbb", "aaaa"]),
        (f"actor={luoyang}", ["aaaa"]),
        ("actor=command", ["cccc"]),
        ("action=assessment.take", ["cccc", "aaaa"]),
        ("object_id=aaaa", ["aaaa", "aaaa"]),
        ("object_id=aaaa&actor=owner&action=assessment.ask_review", ["aaaa"]),
        ("object_kind=firm", []),
        ("actor=nobody", []),
    ):
        assert _shown(told, query) == found, query


def test_acts_are_found_by_the_day_in_china(told: World) -> None:
    day = {back: (told.now + timedelta(hours=8) - timedelta(days=back)).date() for back in range(4)}
    assert _shown(told, f"since={day[1]}") == ["cccc", "bbbb"]
    assert _shown(told, f"until={day[2]}") == ["aaaa", "aaaa"]
    assert _shown(told, f"since={day[2]}&until={day[2]}") == ["aaaa"]


@pytest.mark.parametrize(
    "query",
    ["since=0001-01-01", "until=9999-12-31", "since=soon", "before=x", "before=-1", "until=2026-02-30"],
)
def test_what_cannot_be_read_asks_for_nothing(told: World, query: str) -> None:
    assert len(_shown(told, query)) == 4


def test_the_list_is_read_page_by_page_and_the_filter_stays(told: World) -> None:
    for number in range(PAGE + 3):
        _acted(told, "system", "assessment.take", f"d{number:03}")
    first = _shown(told, "actor=system")
    assert first[0] == f"d{PAGE + 2:03}"
    assert len(first) == PAGE
    page = told.client.get("/console/audit?actor=system").text
    older = re.search(r'href="/console/audit\?([^"]+)"', page.split("audit stack")[1])
    assert older is not None
    assert _shown(told, older[1].replace("&amp;", "&")) == ["d002", "d001", "d000"]


def test_the_audit_is_the_administrators(told: World) -> None:
    told.let_in("luoyang")
    assert told.client.get("/console/audit").status_code == 403
