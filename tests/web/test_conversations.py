"""The golden conversations, unchanged, over the pages: with a script that sends pieces, and without any."""

from contextlib import closing

import pytest

from models.session import Database
from tests.conversations.in_process import publish
from tests.conversations.playing import play
from tests.conversations.script import Script, scripts
from tests.web.driver import OverTheWeb, browsing

TALKS = scripts()


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
@pytest.mark.parametrize(("name", "script"), TALKS, ids=[name for name, _ in TALKS])
def test_a_talk_goes_as_written(name: str, script: Script, sqlite_url: str, *, scripted: bool) -> None:
    with closing(Database(sqlite_url)) as database:
        publish(database)
        with browsing(sqlite_url) as (client, store, clock):
            play(script, OverTheWeb(database, client, store, clock, scripted=scripted))
