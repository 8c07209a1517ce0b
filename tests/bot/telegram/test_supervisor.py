"""Workers that die while they start: the others go on, somebody takes their place, and the server stops when asked to."""

import os
import signal
import time
from pathlib import Path

import pytest

from models.schema import upgrade
from tests.bot.telegram.server import Serve
from tests.bot.telegram.serving import until
from tests.botapi.api import BotApi

pytestmark = pytest.mark.slow

PATIENCE = 120


def test_a_worker_that_dies_in_its_start_is_replaced_and_keeps_nobody_waiting(
    postgresql_url: str, tmp_path: Path, bot_api: BotApi
) -> None:
    upgrade(postgresql_url)
    serve = Serve(tmp_path, bot_api, LADDER_DATABASE_URL=postgresql_url, workers=2)
    try:
        serve.starts(within=PATIENCE)
        until(lambda: serve.said.count("Application startup complete") == 2, PATIENCE)
        before = set(serve.worker_ids())
        os.kill(min(before), signal.SIGKILL)
        until(lambda: set(serve.worker_ids()) - before, PATIENCE)
        (starting,) = set(serve.worker_ids()) - before
        os.kill(starting, signal.SIGSTOP)  # it cannot answer any more
        time.sleep(2)  # by now it has been asked
        os.kill(starting, signal.SIGKILL)
        until(lambda: serve.said.count("Application startup complete") == 3, 30)
        assert serve.is_asked_to_stop() < 15
    finally:
        serve.cleans_up()
