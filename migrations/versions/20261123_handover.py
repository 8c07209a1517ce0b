"""Questions handed on to a colleague: the one-time codes, and `colleague` as a role of those who answer."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_handover"
down_revision = "20261123_shipped"
branch_labels = None
depends_on = None

BEFORE = "by_role IN ('owner', 'advisor', 'machine')"
SINCE = "by_role IN ('owner', 'advisor', 'machine', 'colleague')"
KINDS = "kind IN ('value', 'unknown', 'declined', 'skipped', 'withdrawn')"
# A batch change rebuilds the table without its trigger; it is the one of the first migration.
SQLITE_TRIGGER = """
    CREATE TRIGGER answer_append_only BEFORE UPDATE ON answer
    WHEN COALESCE(NEW.by_person, NEW.as_typed, NEW.key) IS NOT NULL
        OR (NEW.id, NEW.assessment_id, NEW.slot, NEW.kind, NEW.as_read, NEW.rule, NEW.by_role, NEW.channel, NEW.at)
        IS NOT (OLD.id, OLD.assessment_id, OLD.slot, OLD.kind, OLD.as_read, OLD.rule, OLD.by_role, OLD.channel, OLD.at)
    BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END
"""
POSTGRESQL_TRIGGER = """
    CREATE TRIGGER answer_append_only BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION answer_append_only()
"""


def upgrade() -> None:
    _allow_roles(SINCE)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "handover",
        sa.Column("id", number, nullable=False),
        sa.Column("assessment_id", number, nullable=False),
        sa.Column("account_id", number, nullable=False),
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_by", number, nullable=True),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_handover_assessment_id_assessment"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name="fk_handover_account_id_channel_account"
        ),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name="fk_handover_used_by_person"),
        sa.UniqueConstraint("code_sha256", name="uq_handover_code_sha256"),
        sqlite_autoincrement=True,
    )
    for column in ("assessment_id", "account_id", "used_by"):
        op.create_index(f"ix_handover_{column}", "handover", [column])


def downgrade() -> None:
    op.drop_table("handover")
    drop = "DROP TRIGGER answer_append_only" + ("" if _on_sqlite() else " ON answer")
    op.execute(drop)
    op.execute("UPDATE answer SET by_role = 'owner' WHERE by_role = 'colleague'")
    op.execute(SQLITE_TRIGGER if _on_sqlite() else POSTGRESQL_TRIGGER)
    _allow_roles(BEFORE)


def _allow_roles(condition: str) -> None:
    name = op.f("ck_answer_by_role")
    if not _on_sqlite():
        # The first migration's constraint got its prefix by the convention a second time.
        for each in ("ck_answer_by_role", "ck_answer_ck_answer_by_role"):
            op.execute(f"ALTER TABLE answer DROP CONSTRAINT IF EXISTS {each}")
        op.create_check_constraint(name, "answer", condition)
        return
    # Written out, not reflected, for the same reason.
    with op.batch_alter_table("answer", recreate="always", copy_from=_answer(condition)):
        pass
    op.execute(SQLITE_TRIGGER)


def _answer(roles: str) -> sa.Table:
    number = sa.Integer()
    columns = (
        sa.Column("id", number, nullable=False),
        sa.Column("assessment_id", number, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("as_typed", sa.Text(), nullable=True),
        sa.Column("as_read", sa.JSON(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("by_person", number, nullable=True),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    table = sa.Table(
        "answer",
        sa.MetaData(),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_answer_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("fk_answer_by_person_person")),
        sa.CheckConstraint(KINDS, name=op.f("ck_answer_kind")),
        sa.CheckConstraint(roles, name=op.f("ck_answer_by_role")),
        sqlite_autoincrement=True,
    )
    sa.Index("ix_answer_assessment_id_id", table.c.assessment_id, table.c.id)
    sa.Index("ix_answer_by_person", table.c.by_person)
    return table


def _on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
