"""The golden conversations, unchanged, over Telegram's buttons and messages."""

import pytest

from models.session import Database
from tests.bot.telegram.driver import OverTelegram
from tests.bot.telegram.serving import Clock, Ear, in_thread, make
from tests.botapi.api import BotApi
from tests.conversations.playing import play
from tests.conversations.quick import FEW
from tests.conversations.script import Script


@pytest.mark.parametrize(("name", "script"), FEW)
def test_a_talk_goes_as_written(name: str, script: Script, published: Database, bot_api: BotApi) -> None:
    clock = Clock()
    service = make(published, bot_api, clock, Ear)
    driver = OverTelegram(published, bot_api, service, clock)
    with in_thread(service):
        play(script, driver)
    assert bot_api.pending == []
