"""The loopback server, and a database with the shipped edition in force."""

from collections.abc import Iterator

import pytest

from models.session import Database
from tests.botapi.fixtures import bot_api
from tests.conversations.in_process import publish

__all__ = ["bot_api"]


@pytest.fixture
def published(sqlite_url: str) -> Iterator[Database]:
    """A fresh database of the test's own, on SQLite."""
    database = Database(sqlite_url)
    publish(database)
    yield database
    database.close()
