"""The golden conversations, straight into the interview, on both databases."""

from contextlib import closing

import pytest

from models.session import Database
from tests.conversations.in_process import InProcess, publish
from tests.conversations.playing import play
from tests.conversations.quick import ALL, FEW, QUICK, TALKS
from tests.conversations.script import Script


@pytest.mark.parametrize(("name", "script"), ALL)
def test_a_talk_goes_as_written(name: str, script: Script, sqlite_url: str) -> None:
    _plays(script, sqlite_url)


@pytest.mark.parametrize(("name", "script"), FEW)
def test_a_talk_goes_as_written_on_postgresql(name: str, script: Script, postgresql_url: str) -> None:
    _plays(script, postgresql_url)


def _plays(script: Script, url: str) -> None:
    with closing(Database(url)) as database:
        publish(database)
        play(script, InProcess(database))


def test_the_quick_ones_are_there() -> None:
    assert {name for name, _ in TALKS} > QUICK


def test_there_are_enough_talks_and_each_has_a_sentence_for_a_name() -> None:
    names = [script.name for _, script in TALKS]
    assert len(set(names)) == len(TALKS) >= 25
