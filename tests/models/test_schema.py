"""The migrations: one line of history, up and down on both databases, and equal to the models."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from alembic.config import Config
from pytest_alembic import MigrationContext
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from models import schema
from models.engines import address_of
from models.session import Database

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]


@pytest.fixture
def alembic_config() -> Config:
    return schema.config_for()


@pytest.fixture
def alembic_engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine(address_of(empty_url), poolclass=NullPool)
    yield engine
    engine.dispose()


def test_base_leaves_nothing_behind(alembic_runner: MigrationContext, alembic_engine: Engine) -> None:
    alembic_runner.migrate_up_to("heads")
    alembic_runner.migrate_down_to("base")
    assert set(inspect(alembic_engine).get_table_names()) - {"sqlite_sequence"} == {"alembic_version"}
    alembic_runner.migrate_up_to("heads")


def test_upgrade_downgrade_and_check_by_url(empty_url: str) -> None:
    schema.upgrade(empty_url)
    schema.upgrade(empty_url)
    schema.check(empty_url)
    with closing(Database(empty_url)) as database:
        assert schema.at_head(database)
    schema.downgrade(empty_url, "base")
    with closing(Database(empty_url)) as database:
        assert schema.revision_of(database) is None
        assert not schema.at_head(database)


def test_known_revisions() -> None:
    assert schema.is_known(schema.head())
    assert not schema.is_known("somebody-elses")


def test_triggers_are_there_at_head(database: Database) -> None:
    """A batch migration on SQLite loses triggers without a word."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    names = database.read(
        lambda c: set(c.execute(text(sqlite if database.is_sqlite else postgresql)).scalars())
    )
    assert names == {"answer_append_only", "edition_unchanged"}
