"""The tables as a whole: all of them in one metadata, and the migrations that bring a database there."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Literal, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models import (
    answer,
    assessment,
    audit,
    bulletin,
    case,
    changes,
    claim,
    counters,
    desk,
    determination,
    draft,
    edition,
    firm,
    handover,
    mailbox,
    outbox,
    pace,
    passage,
    person,
    reassessment,
    reminder,
    report,
    review,
    searching,
    share,
    signing,
    staff,
    subscription,
    talk,
)
from models.base import Base, RefusedError
from models.engines import address_of, file_of, looking_engine
from models.session import Database

Standing: TypeAlias = Literal["new", "behind", "current", "newer"]
NEWER = "the database was made by a newer version of this program: update the program"

TABLES = (
    *(answer, assessment, audit, bulletin, case, changes, claim, counters, desk, determination, draft),
    *(
        edition,
        firm,
        handover,
        mailbox,
        outbox,
        pace,
        passage,
        person,
        reassessment,
        reminder,
        report,
        review,
    ),
    *(searching, share, signing, staff, subscription, talk),
)
METADATA = Base.metadata

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def config_for(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, made here so that no file has to be found at run time."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Bring a database (an absent SQLite file too) to the newest revision: wholly, or on any error not at all.

    Raises RefusedError for a database that a newer version of this program made.
    """
    if standing(url) == "newer":
        raise RefusedError(NEWER)
    _migrate(url, lambda config: command.upgrade(config, "head"))


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision (`base`: no tables are left)."""
    _migrate(url, lambda config: command.downgrade(config, revision))


def head() -> str:
    """Return the newest revision that this program knows."""
    return str(_scripts().get_current_head())


def is_known(revision: str) -> bool:
    """Tell whether this program has a migration of that name."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def revision_of(connection: Connection) -> str | None:
    """Return the revision that a database is at, None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def standing(url: str) -> Standing:
    """Tell how the tables of a database stand to this program. Asking makes no file and changes none."""
    address = address_of(url)
    if address.get_backend_name() == "sqlite" and not file_of(address).is_file():
        return "new"
    engine = looking_engine(address)
    try:
        with engine.connect() as connection:
            found = revision_of(connection)
    finally:
        engine.dispose()
    if found is None:
        return "new"
    if found == head():
        return "current"
    return "behind" if is_known(found) else "newer"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config_for())


def _migrate(url: str, step: Callable[[Config], object]) -> None:
    def work(connection: Connection) -> None:
        step(config_for(connection))
        if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RefusedError("the migration would leave rows that point nowhere; nothing was changed")

    with closing(Database(url, foreign_keys=False)) as database:
        database.turn(work)
