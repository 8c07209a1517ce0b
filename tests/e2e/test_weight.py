"""What a page weighs and how fast it stands on a phone with a slow network, by Lighthouse's own yardstick."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.fixtures import Windows
from tests.e2e.lighthouse import CURVES, Measured, measure, portion
from tests.e2e.server import Server
from tests.e2e.talking import Talk

pytestmark = pytest.mark.clock  # what runs beside it would be measured too

MOST_BYTES = 60_000
LEAST_SCORE = 0.95
MOST_LOADS = 4


def test_the_curves_go_through_their_two_points() -> None:
    for p10, median, _ in CURVES.values():
        assert portion(p10, p10, median) == pytest.approx(0.9, abs=1e-9)
        assert portion(median, p10, median) == pytest.approx(0.5, abs=1e-9)
    assert sum(weight for _, _, weight in CURVES.values()) == pytest.approx(1)


def best_of_some(browser: Browser, address: str, cookies: Any = ()) -> Measured:
    """The best of up to four loads: a busy machine can only make a load look worse than the page is."""
    found = [measure(browser, address, cookies)]
    while found[-1].score < LEAST_SCORE and len(found) < MOST_LOADS:
        found.append(measure(browser, address, cookies))
    return max(found, key=lambda each: each.score)


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_a_first_visit_is_light_and_fast(browser: Browser, server: Server, path: str) -> None:
    best = best_of_some(browser, f"{server.address}{path}")
    assert best.wire_bytes <= MOST_BYTES
    assert best.score >= LEAST_SCORE, best


def test_the_chat_in_the_middle_of_a_talk_is_light_and_fast(
    windows: Windows, browser: Browser, server: Server
) -> None:
    page = windows.open()
    Talk(page).begins(server.address).says("在河南").says("3.2亿")
    best = best_of_some(browser, f"{server.address}/chat", page.context.cookies())
    assert best.wire_bytes <= MOST_BYTES
    assert best.score >= LEAST_SCORE, best
