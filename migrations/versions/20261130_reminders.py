"""What somebody was reminded of, once an occasion; the addresses to which web owners want mail; deliveries taken as they fall due."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_reminders"
down_revision = "20261129_moving"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _waiting(*columns: str) -> None:
    op.drop_index("ix_delivery_waiting", "delivery")
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_delivery_waiting", "delivery", list(columns), sqlite_where=waiting, postgresql_where=waiting
    )


def upgrade() -> None:
    _waiting("bulletin_id", "channel", "due_at", "id")
    op.create_table(
        "reminder",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("firm_id", NUMBER, nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id_person"),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name="fk_reminder_firm_id_firm"),
        sa.UniqueConstraint(
            "person_id", "firm_id", "occasion", name="uq_reminder_person_id_firm_id_occasion"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reminder_firm_id", "reminder", ["firm_id"])
    op.create_table(
        "mailbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("leave_key", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("wanted", "code_sha256")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("asked", "wrong")),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mailbox_person_id_person"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name="fk_mailbox_account_id_channel_account"
        ),
        sa.UniqueConstraint("person_id", name="uq_mailbox_person_id"),
        sa.UniqueConstraint("leave_key", name="uq_mailbox_leave_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mailbox_account_id", "mailbox", ["account_id"])


def downgrade() -> None:
    _waiting("bulletin_id", "channel", "id")
    op.drop_table("mailbox")
    op.drop_table("reminder")
