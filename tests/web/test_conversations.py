"""The golden conversations, unchanged, over the pages: with a script that sends pieces, and without any."""

from contextlib import closing

import pytest

from models.session import Database
from tests.conversations.in_process import publish
from tests.conversations.playing import play
from tests.conversations.script import Script, scripts
from tests.web.driver import OverTheWeb, browsing

TALKS = scripts()
QUICK = {
    "a-code-is-taken-back",
    "a-conflict-is-mended",
    "a-message-of-many-facts",
    "a-report-is-asked-for",
    "an-old-button-offers-to-change",
    "everything-deleted",
    "many-facts-by-buttons",
    "the-notice-is-shown-before-consent-counts",
    "the-same-message-twice",
    "the-whole-walk-by-buttons",
    "the-whole-walk-by-typing",
    "two-quick-taps",
}
"""Played at every `make test`; the others with the slow tests."""


def test_the_quick_ones_are_there() -> None:
    assert {name for name, _ in TALKS} > QUICK


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
@pytest.mark.parametrize(
    ("name", "script"),
    [
        pytest.param(name, script, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, script in TALKS
    ],
)
def test_a_talk_goes_as_written(name: str, script: Script, sqlite_url: str, *, scripted: bool) -> None:
    with closing(Database(sqlite_url)) as database:
        publish(database)
        with browsing(sqlite_url) as (client, store, clock):
            play(script, OverTheWeb(database, client, store, clock, scripted=scripted))
