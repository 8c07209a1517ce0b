"""The golden conversations, straight into the interview, on both databases."""

import pytest

from models.session import Database
from tests.conversations.in_process import InProcess, publish
from tests.conversations.playing import play
from tests.conversations.script import Script, scripts

TALKS = scripts()


@pytest.mark.parametrize(("name", "script"), TALKS, ids=[name for name, _ in TALKS])
def test_a_talk_goes_as_written(name: str, script: Script, database: Database) -> None:
    publish(database)
    play(script, InProcess(database))


def test_there_are_enough_talks_and_each_has_a_sentence_for_a_name() -> None:
    names = [script.name for _, script in TALKS]
    assert len(set(names)) == len(TALKS) >= 25
