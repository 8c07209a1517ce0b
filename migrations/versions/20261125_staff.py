"""The console's people: accounts, what is assigned to them, how they sign in; and the audit, which only grows."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "20261125_staff"
down_revision = "20261124_web"
branch_labels = None
depends_on = None

# What is personal may be blanked, for good; nothing else of a row ever changes.
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit
    WHEN NEW.personal IS NOT NULL
        OR (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.object_kind, NEW.object_id, NEW.detail, NEW.personal_digest,
            NEW.previous, NEW.hash)
        IS NOT (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.object_kind, OLD.object_id, OLD.detail, OLD.personal_digest,
            OLD.previous, OLD.hash)
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
    """,
    """
    CREATE TRIGGER audit_kept BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
    """,
)
POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            OLD.personal := NULL;
            IF NEW::text IS NOT DISTINCT FROM OLD::text THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'audit is append-only';
    END $$
    """,
    "CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "CREATE TRIGGER audit_kept BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
)


def upgrade() -> None:
    _accounts()
    _assigned()
    _links()
    _sessions()
    _audit()
    for statement in SQLITE_TRIGGERS if _on_sqlite() else POSTGRESQL_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("audit", "staff_failure", "staff_session", "staff_recovery", "staff_link"):
        op.drop_table(table)
    for table in ("staff_firm", "staff_city", "staff"):
        op.drop_table(table)
    if not _on_sqlite():
        op.execute("DROP FUNCTION audit_append_only()")


def _on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _of_staff(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=f"fk_{table}_staff_id_staff")


def _accounts() -> None:
    op.create_table(
        "staff",
        _number("id"),
        *map(_text, ("public_id", "name", "name_key", "role", "state", "language")),
        *(_text(name, null=True) for name in ("password_hash", "totp_secret", "totp_pending")),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("public_id", name="uq_staff_public_id"),
        sa.UniqueConstraint("name_key", name="uq_staff_name_key"),
        sa.CheckConstraint("role IN ('administrator', 'advisor')", name=op.f("ck_staff_role")),
        sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name=op.f("ck_staff_state")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_staff_language")),
        sqlite_autoincrement=True,
    )


def _assigned() -> None:
    op.create_table(
        "staff_city",
        _number("staff_id"),
        _text("city"),
        sa.PrimaryKeyConstraint("staff_id", "city", name="pk_staff_city"),
        _of_staff("staff_city"),
    )
    op.create_table(
        "staff_firm",
        _number("staff_id"),
        _number("firm_id"),
        sa.PrimaryKeyConstraint("staff_id", "firm_id", name="pk_staff_firm"),
        _of_staff("staff_firm"),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name="fk_staff_firm_firm_id_firm"),
    )
    op.create_index("ix_staff_firm_firm_id", "staff_firm", ["firm_id"])


def _links() -> None:
    op.create_table(
        "staff_link",
        *map(_number, ("id", "staff_id")),
        _text("token_sha256"),
        *map(_moment, ("made_at", "expires_at")),
        sa.PrimaryKeyConstraint("id", name="pk_staff_link"),
        sa.UniqueConstraint("token_sha256", name="uq_staff_link_token_sha256"),
        _of_staff("staff_link"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_staff_link_staff_id", "staff_link", ["staff_id"])
    op.create_table(
        "staff_recovery",
        *map(_number, ("id", "staff_id")),
        _text("code_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_recovery"),
        sa.UniqueConstraint("staff_id", "code_sha256", name="uq_staff_recovery_staff_id_code_sha256"),
        _of_staff("staff_recovery"),
        sqlite_autoincrement=True,
    )


def _sessions() -> None:
    op.create_table(
        "staff_session",
        _number("id"),
        _text("public_id"),
        _number("staff_id"),
        *map(_text, ("secret_sha256", "device")),
        *map(_moment, ("made_at", "seen_at", "confirmed_at")),
        sa.PrimaryKeyConstraint("id", name="pk_staff_session"),
        sa.UniqueConstraint("public_id", name="uq_staff_session_public_id"),
        sa.UniqueConstraint("secret_sha256", name="uq_staff_session_secret_sha256"),
        _of_staff("staff_session"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_staff_session_staff_id", "staff_session", ["staff_id"])
    op.create_table(
        "staff_failure",
        _text("subject"),
        sa.Column("count", sa.Integer(), nullable=False),
        *map(_moment, ("last_at", "wait_until")),
        sa.PrimaryKeyConstraint("subject", name="pk_staff_failure"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        _number("id"),
        _moment("at"),
        *map(_text, ("actor", "action", "object_kind", "object_id")),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("personal", sa.JSON(), nullable=True),
        *map(_text, ("personal_digest", "previous", "hash")),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_object_kind_object_id_id", "audit", ["object_kind", "object_id", "id"])
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"])
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])
