"""The migrations: one line of history, up and down on both databases, and equal to the models."""

from collections.abc import Iterator
from pathlib import Path

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


def test_upgrade_and_downgrade_by_url(empty_url: str) -> None:
    assert schema.standing(empty_url) == "new"
    schema.upgrade(empty_url)
    schema.upgrade(empty_url)
    assert schema.standing(empty_url) == "current"
    schema.downgrade(empty_url, "-1")
    assert schema.standing(empty_url) == "behind"
    schema.downgrade(empty_url, "base")
    assert schema.standing(empty_url) == "new"


def test_asking_how_a_database_stands_makes_no_file(tmp_path: Path) -> None:
    assert schema.standing(f"sqlite:///{tmp_path}/none.db") == "new"
    assert list(tmp_path.iterdir()) == []


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
    own = {"edition_shipped_unchanged"} if database.is_sqlite else {"audit_whole"}
    assert names == {"answer_append_only", "audit_append_only", "audit_kept", "edition_unchanged"} | own
