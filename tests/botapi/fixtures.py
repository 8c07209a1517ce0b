"""A pytest plugin: `bot_api`, a running Bot API server of the test's own that ends with no violation."""

from collections.abc import Iterator

import pytest

from tests.botapi.api import BotApi


@pytest.fixture
def bot_api() -> Iterator[BotApi]:
    api = BotApi()
    with api.running():
        yield api
    assert api.violations == [], api.violations
