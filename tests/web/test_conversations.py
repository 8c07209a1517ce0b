"""The golden conversations, unchanged, over the pages: with a script that sends pieces, and without any."""

from contextlib import closing

import pytest

from models.session import Database
from tests.conversations.in_process import publish
from tests.conversations.playing import play
from tests.conversations.quick import FEW
from tests.conversations.script import Script
from tests.web.driver import OverTheWeb, browsing


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
@pytest.mark.parametrize(("name", "script"), FEW)
def test_a_talk_goes_as_written(name: str, script: Script, sqlite_url: str, *, scripted: bool) -> None:
    with closing(Database(sqlite_url)) as database:
        publish(database)
        with browsing(sqlite_url) as (client, store, clock):
            play(script, OverTheWeb(database, client, store, clock, scripted=scripted))
