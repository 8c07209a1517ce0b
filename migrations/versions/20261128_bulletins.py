"""Bulletins, their deliveries, subscriptions and the pace of unasked messages."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_bulletins"
down_revision = "20261127_editions"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BULLETIN = "'draft', 'scheduled', 'preparing', 'sending', 'paused', 'cancelled', 'done'"
DELIVERY = "'waiting', 'sending', 'sent', 'failed', 'blocked', 'unknown', 'held', 'merged', 'cancelled'"


def upgrade() -> None:
    _bulletins()
    _deliveries()
    _subscriptions()
    op.create_table(
        "pace",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("channel", name="pk_pace"),
    )


def _bulletins() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("public_id", "topic", "title", "body")),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reached", NUMBER, nullable=False),
        sa.Column("scheduled_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bulletin"),
        sa.UniqueConstraint("public_id", name="uq_bulletin_public_id"),
        sa.CheckConstraint(f"state IN ({BULLETIN})", name=op.f("ck_bulletin_state")),
        sqlite_autoincrement=True,
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("bulletin_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("firm_id", NUMBER, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("channel", "address")),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("error", "external_id")),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("sent_at", "opened_at", "left_at")),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"], name="fk_delivery_bulletin_id_bulletin"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_delivery_person_id_person"),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name="fk_delivery_firm_id_firm"),
        sa.UniqueConstraint("bulletin_id", "person_id", name="uq_delivery_bulletin_id_person_id"),
        sa.CheckConstraint(f"state IN ({DELIVERY})", name=op.f("ck_delivery_state")),
        sqlite_autoincrement=True,
    )
    _delivery_indexes()


def _delivery_indexes() -> None:
    waiting, sending = sa.text("state = 'waiting'"), sa.text("state = 'sending'")
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["bulletin_id", "channel", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_delivery_sending", "delivery", ["due_at"], sqlite_where=sending, postgresql_where=sending
    )
    held = sa.text("state = 'held'")
    op.create_index("ix_delivery_held", "delivery", ["person_id"], sqlite_where=held, postgresql_where=held)
    for columns in (
        ["bulletin_id", "state"],
        ["person_id"],
        ["firm_id", "created_at"],
        ["channel", "address"],
    ):
        op.create_index(f"ix_delivery_{'_'.join(columns)}", "delivery", columns)


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("topic", "frequency")),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_subscription_person_id_person"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name="fk_subscription_account_id_channel_account"
        ),
        sa.UniqueConstraint("person_id", "topic", name="uq_subscription_person_id_topic"),
        sa.CheckConstraint("frequency IN ('at-once', 'weekly')", name=op.f("ck_subscription_frequency")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscription_topic_person_id", "subscription", ["topic", "person_id"])
    op.create_index("ix_subscription_account_id", "subscription", ["account_id"])


def downgrade() -> None:
    for table in ("pace", "subscription", "delivery", "bulletin"):
        op.drop_table(table)
