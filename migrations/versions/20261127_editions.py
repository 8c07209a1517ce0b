"""The life of editions (draft, reviewed, published), facts packed beside their JSON, and runs over stored assessments."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "20261127_editions"
down_revision = "20261126_review"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BEFORE = "state IN ('draft', 'published', 'superseded')"
SINCE = "state IN ('draft', 'reviewed', 'published', 'superseded')"
KEPT = ("id", "name", "revision", "content", "sha256", "effective_from", "created_at", "published_at")
NEW = ("author", "reviewer", "reviewed_at", "publisher", "based_on", "version")


def upgrade() -> None:
    for name, kind in (
        *(("author", sa.Text()), ("reviewer", sa.Text()), ("reviewed_at", MOMENT)),
        *(("publisher", sa.Text()), ("based_on", NUMBER)),
    ):
        op.add_column("edition", sa.Column(name, kind, nullable=True))
    op.add_column("edition", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    _drop_triggers()
    _allow(SINCE)
    _create_triggers((*KEPT, *NEW), "('draft', 'reviewed')")
    op.create_index("ix_edition_in_force", "edition", ["name", "effective_from", "revision"])
    _events()
    op.add_column("assessment", sa.Column("packed", sa.LargeBinary(), nullable=True))
    _runs()
    _chunks()
    _changes()


def downgrade() -> None:
    for table in ("policy_change", "policy_chunk", "policy_run", "edition_event"):
        op.drop_table(table)
    op.drop_column("assessment", "packed")
    op.drop_index("ix_edition_in_force", "edition")
    _drop_triggers()
    op.execute("UPDATE edition SET state = 'draft' WHERE state = 'reviewed'")
    _allow(BEFORE)
    for name in NEW:
        op.drop_column("edition", name)
    _create_triggers(KEPT, "('draft')")


def _on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _drop_triggers() -> None:
    if _on_sqlite():
        op.execute("DROP TRIGGER edition_shipped_unchanged")
        op.execute("DROP TRIGGER edition_unchanged")
    else:
        op.execute("DROP TRIGGER edition_unchanged ON edition")


def _allow(condition: str) -> None:
    name = op.f("ck_edition_state")
    if not _on_sqlite():
        # The first migration's constraint got its prefix by the convention a second time.
        for each in ("ck_edition_state", "ck_edition_ck_edition_state"):
            op.execute(f"ALTER TABLE edition DROP CONSTRAINT IF EXISTS {each}")
        op.create_check_constraint(name, "edition", condition)
        return
    # A batch change finds no check constraints on SQLite; the table's own one is left out and written anew.
    bare = _table_of_editions(lambda: sa.CheckConstraint(condition, name=name))
    with op.batch_alter_table("edition", copy_from=bare, recreate="always"):
        pass


def _table_of_editions(check: Callable[[], sa.CheckConstraint]) -> sa.Table:
    return sa.Table(
        "edition",
        sa.MetaData(),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("shipped", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("based_on", NUMBER, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
        sa.UniqueConstraint("name", "revision", name="uq_edition_name_revision"),
        check(),
        sqlite_autoincrement=True,
    )


def _create_triggers(columns: tuple[str, ...], free: str) -> None:
    if _on_sqlite():
        new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
        said = "RAISE(ABORT, 'a published edition is never changed')"
        op.execute(
            f"CREATE TRIGGER edition_unchanged BEFORE UPDATE ON edition WHEN OLD.state NOT IN {free} "
            f"AND (NEW.state IN {free} OR ({new}) IS NOT ({old})) BEGIN SELECT {said}; END"
        )
        op.execute(
            "CREATE TRIGGER edition_shipped_unchanged BEFORE UPDATE OF shipped ON edition "
            f"WHEN OLD.state NOT IN {free} AND NEW.shipped IS NOT OLD.shipped BEGIN SELECT {said}; END"
        )
        return
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION edition_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state IN {free} THEN RETURN NEW; END IF;
            OLD.state := NEW.state;
            IF NEW.state IN {free} OR NEW::text IS DISTINCT FROM OLD::text THEN
                RAISE EXCEPTION 'a published edition is never changed';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER edition_unchanged BEFORE UPDATE ON edition "
        "FOR EACH ROW EXECUTE FUNCTION edition_unchanged()"
    )


def _events() -> None:
    op.create_table(
        "edition_event",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_edition_event"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_edition_event_edition_id_edition"),
        sa.CheckConstraint(
            "what IN ('imported', 'edited', 'reviewed', 'published')", name=op.f("ck_edition_event_what")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_edition_event_edition_id", "edition_event", ["edition_id"])


def _runs() -> None:
    op.create_table(
        "policy_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("edition_version", sa.Integer(), nullable=False),
        sa.Column("before_id", NUMBER, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_policy_run"),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_policy_run_edition_id_edition"),
        sa.ForeignKeyConstraint(["before_id"], ["edition.id"], name="fk_policy_run_before_id_edition"),
        sa.CheckConstraint("kind IN ('dry_run', 'reassessment')", name=op.f("ck_policy_run_kind")),
        sa.CheckConstraint("state IN ('running', 'done', 'cancelled')", name=op.f("ck_policy_run_state")),
        sqlite_autoincrement=True,
    )
    once = sa.text("kind = 'reassessment'")
    op.create_index(
        "uq_policy_run_reassessment",
        "policy_run",
        ["edition_id"],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )


def _chunks() -> None:
    op.create_table(
        "policy_chunk",
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_id", NUMBER, nullable=False),
        sa.Column("last_id", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("tally", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_policy_chunk"),
        sa.ForeignKeyConstraint(["run_id"], ["policy_run.id"], name="fk_policy_chunk_run_id_policy_run"),
        sa.CheckConstraint("state IN ('new', 'taken', 'done')", name=op.f("ck_policy_chunk_state")),
    )


def _changes() -> None:
    # Without a key to `assessment`: a row of it could then not be deleted without looking through all changes.
    op.create_table(
        "policy_change",
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("assessment_id", NUMBER, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before_verdict", sa.Text(), nullable=False),
        sa.Column("before_yuan", sa.BigInteger(), nullable=True),
        sa.Column("after_verdict", sa.Text(), nullable=False),
        sa.Column("after_yuan", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "assessment_id", "subject", name="pk_policy_change"),
        sa.ForeignKeyConstraint(["run_id"], ["policy_run.id"], name="fk_policy_change_run_id_policy_run"),
    )
