"""The golden conversations over the real command, as a program would drive it."""

from contextlib import closing

import pytest

from models.session import Database
from tests.bot.chat_process import OverTheTerminal
from tests.conversations.playing import play
from tests.conversations.script import Script, scripts

TALKS = [(name, script) for name, script in scripts() if set(script.needs) <= OverTheTerminal.can]
QUICK = {"everything-deleted"}


@pytest.mark.parametrize(
    ("name", "script"),
    [
        pytest.param(name, script, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, script in TALKS
    ],
)
def test_a_talk_goes_as_written_over_the_command(name: str, script: Script, sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        driver = OverTheTerminal(database, sqlite_url)
        try:
            play(script, driver)
        finally:
            driver.end()


def test_most_talks_can_be_had_over_the_command() -> None:
    assert {name for name, _ in TALKS} > QUICK
    assert len(TALKS) >= 25
