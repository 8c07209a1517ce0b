"""The first tables: people, firms, assessments with their answers, editions, the outbox."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "20261123"
down_revision = None
branch_labels = None
depends_on = None

UNSENT = "state IN ('new', 'sending')"

# A batch change on SQLite rebuilds a table WITHOUT its triggers: a later migration that alters `answer` or
# `edition` must create them again (tests/models/test_schema.py notices).
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER answer_append_only BEFORE UPDATE ON answer
    WHEN COALESCE(NEW.by_person, NEW.as_typed, NEW.key) IS NOT NULL
        OR (NEW.id, NEW.assessment_id, NEW.slot, NEW.kind, NEW.as_read, NEW.rule, NEW.by_role, NEW.channel, NEW.at)
        IS NOT (OLD.id, OLD.assessment_id, OLD.slot, OLD.kind, OLD.as_read, OLD.rule, OLD.by_role, OLD.channel, OLD.at)
    BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END
    """,
    """
    CREATE TRIGGER edition_unchanged BEFORE UPDATE ON edition
    WHEN OLD.state <> 'draft' AND (NEW.state = 'draft'
        OR (NEW.id, NEW.name, NEW.revision, NEW.content, NEW.sha256, NEW.effective_from, NEW.created_at,
            NEW.published_at)
        IS NOT (OLD.id, OLD.name, OLD.revision, OLD.content, OLD.sha256, OLD.effective_from, OLD.created_at,
            OLD.published_at))
    BEGIN SELECT RAISE(ABORT, 'a published edition is never changed'); END
    """,
)
POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION answer_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        OLD.by_person := NULL; OLD.as_typed := NULL; OLD.key := NULL;
        IF NEW::text IS DISTINCT FROM OLD::text THEN RAISE EXCEPTION 'answer is append-only'; END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER answer_append_only BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION answer_append_only()",
    """
    CREATE FUNCTION edition_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state = 'draft' THEN RETURN NEW; END IF;
        OLD.state := NEW.state;
        IF NEW.state = 'draft' OR NEW::text IS DISTINCT FROM OLD::text THEN
            RAISE EXCEPTION 'a published edition is never changed';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER edition_unchanged BEFORE UPDATE ON edition FOR EACH ROW EXECUTE FUNCTION edition_unchanged()",
)


def upgrade() -> None:
    _people()
    _firms()
    _editions()
    _assessments()
    _answers()
    _determinations()
    _talks()
    _outbox()
    for statement in SQLITE_TRIGGERS if _on_sqlite() else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("outbox", "talk", "determination", "answer", "assessment", "edition"):
        op.drop_table(table)
    for table in ("membership", "firm", "consent", "channel_account", "person"):
        op.drop_table(table)
    if not _on_sqlite():
        op.execute("DROP FUNCTION answer_append_only()")
        op.execute("DROP FUNCTION edition_unchanged()")


def _on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _number(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _people() -> None:
    op.create_table("person", _number("id"), _moment("created_at"), _key("person"), sqlite_autoincrement=True)
    op.create_table(
        "channel_account",
        _number("id"),
        _number("person_id"),
        *map(_text, ("channel", "address", "state")),
        _moment("created_at"),
        _key("channel_account"),
        _points("channel_account", "person_id", "person"),
        sa.UniqueConstraint("channel", "address", name="uq_channel_account_channel_address"),
        sa.CheckConstraint("state IN ('active', 'blocked')", name="ck_channel_account_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channel_account_person_id", "channel_account", ["person_id"])
    op.create_table(
        "consent",
        _number("id"),
        _number("person_id"),
        *map(_text, ("notice_version", "text_sha256", "channel")),
        _moment("given_at"),
        _moment("withdrawn_at", null=True),
        _key("consent"),
        _points("consent", "person_id", "person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consent_person_id", "consent", ["person_id"])


def _firms() -> None:
    op.create_table(
        "firm",
        _number("id"),
        _text("public_id"),
        _text("name", null=True),
        _text("credit_code", null=True),
        _text("city", null=True),
        _moment("created_at"),
        _key("firm"),
        sa.UniqueConstraint("public_id", name="uq_firm_public_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "membership",
        _number("id"),
        _number("person_id"),
        _number("firm_id"),
        _text("role"),
        _moment("since"),
        _moment("until", null=True),
        _key("membership"),
        _points("membership", "person_id", "person"),
        _points("membership", "firm_id", "firm"),
        sa.UniqueConstraint("person_id", "firm_id", name="uq_membership_person_id_firm_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_membership_firm_id", "membership", ["firm_id"])


def _editions() -> None:
    op.create_table(
        "edition",
        _number("id"),
        _text("name"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("state"),
        sa.Column("content", sa.JSON(), nullable=False),
        _text("sha256"),
        sa.Column("effective_from", sa.Date(), nullable=False),
        _moment("created_at"),
        _moment("published_at", null=True),
        _key("edition"),
        sa.UniqueConstraint("name", "revision", name="uq_edition_name_revision"),
        sa.CheckConstraint("state IN ('draft', 'published', 'superseded')", name="ck_edition_state"),
        sqlite_autoincrement=True,
    )


def _assessments() -> None:
    op.create_table(
        "assessment",
        _number("id"),
        _text("public_id"),
        _number("firm_id"),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        _number("edition_id"),
        _text("state"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _moment("finished_at", null=True),
        _key("assessment"),
        _points("assessment", "firm_id", "firm"),
        _points("assessment", "edition_id", "edition"),
        sa.UniqueConstraint("public_id", name="uq_assessment_public_id"),
        sa.UniqueConstraint("firm_id", "fiscal_year", name="uq_assessment_firm_id_fiscal_year"),
        sa.CheckConstraint("state IN ('open', 'paused', 'finished')", name="ck_assessment_state"),
        sqlite_autoincrement=True,
    )


def _answers() -> None:
    kinds = "kind IN ('value', 'unknown', 'declined', 'skipped', 'withdrawn')"
    op.create_table(
        "answer",
        _number("id"),
        _number("assessment_id"),
        _text("slot"),
        _text("kind"),
        _text("as_typed", null=True),
        sa.Column("as_read", sa.JSON(), nullable=True),
        _text("rule", null=True),
        _number("by_person", null=True),
        _text("by_role"),
        _text("channel"),
        _text("key", null=True),
        _moment("at"),
        _key("answer"),
        _points("answer", "assessment_id", "assessment"),
        _points("answer", "by_person", "person"),
        sa.CheckConstraint(kinds, name="ck_answer_kind"),
        sa.CheckConstraint("by_role IN ('owner', 'advisor', 'machine')", name="ck_answer_by_role"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answer_assessment_id_id", "answer", ["assessment_id", "id"])
    op.create_index("ix_answer_by_person", "answer", ["by_person"])


def _determinations() -> None:
    op.create_table(
        "determination",
        _number("id"),
        _number("assessment_id"),
        _number("edition_id"),
        sa.Column("as_of", sa.Date(), nullable=False),
        _text("subject"),
        _text("verdict"),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("assessment_version", sa.Integer(), nullable=False),
        _moment("stored_at"),
        _key("determination"),
        _points("determination", "assessment_id", "assessment"),
        _points("determination", "edition_id", "edition"),
        sqlite_autoincrement=True,
    )
    index = "ix_determination_assessment_id_assessment_version"
    op.create_index(index, "determination", ["assessment_id", "assessment_version"])


def _talks() -> None:
    op.create_table(
        "talk",
        _number("account_id"),
        _number("assessment_id", null=True),
        sa.Column("focus", sa.JSON(), nullable=True),
        _moment("at"),
        sa.PrimaryKeyConstraint("account_id", name="pk_talk"),
        _points("talk", "account_id", "channel_account"),
        _points("talk", "assessment_id", "assessment"),
    )
    op.create_index("ix_talk_assessment_id", "talk", ["assessment_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        _number("id"),
        _number("account_id", null=True),
        *map(_text, ("channel", "address", "reply_to", "kind")),
        sa.Column("payload", sa.JSON(), nullable=False),
        _text("state"),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("error", null=True),
        _moment("created_at"),
        _moment("sent_at", null=True),
        sa.Column("forget", sa.Boolean(), nullable=False),
        _key("outbox"),
        _points("outbox", "account_id", "channel_account"),
        sa.UniqueConstraint("channel", "address", "reply_to", name="uq_outbox_channel_address_reply_to"),
        sa.CheckConstraint("state IN ('new', 'sending', 'sent', 'dead', 'unknown')", name="ck_outbox_state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_account_id", "outbox", ["account_id"])
    partial = sa.text(UNSENT)
    op.create_index(
        "ix_outbox_unsent", "outbox", ["channel", "address"], sqlite_where=partial, postgresql_where=partial
    )
