"""The web channel: what was said beside each reply, codes that carry a talk elsewhere, reports and links to them."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_web"
down_revision = "20261123_handover"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("said", sa.Text(), nullable=True))
    _passages()
    _reports()
    _shares()


def _passages() -> None:
    op.create_table(
        "passage",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code_sha256", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passage"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_passage_person_id_person"),
        sa.UniqueConstraint("code_sha256", name="uq_passage_code_sha256"),
        sa.CheckConstraint("kind IN ('resume', 'move')", name=op.f("ck_passage_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passage_person_id", "passage", ["person_id"])


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("assessment_id", NUMBER, nullable=False),
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("assessment_version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("check_code", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name="fk_report_assessment_id_assessment"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_report_edition_id_edition"),
        sa.UniqueConstraint("check_code", name="uq_report_check_code"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_assessment_id", "report", ["assessment_id"])


def _shares() -> None:
    op.create_table(
        "share",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("report_id", NUMBER, nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("with_figures", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_share"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_share_report_id_report"),
        sa.UniqueConstraint("token_sha256", name="uq_share_token_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_share_report_id", "share", ["report_id"])


def downgrade() -> None:
    for table in ("share", "report", "passage"):
        op.drop_table(table)
    op.drop_column("outbox", "said")
