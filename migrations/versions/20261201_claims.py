"""What is taken for sending is noted in one row for all of it; what was on its way by the old notes may have arrived."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_claims"
down_revision = "20261130_reminders"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
        sqlite_autoincrement=True,
    )
    delivery = sa.table("delivery", sa.column("state"), sa.column("error"))
    cut_off = sa.update(delivery).where(delivery.c.state == "sending")
    op.execute(cut_off.values(state="unknown", error="cut off while it was sent"))
    op.drop_index("ix_delivery_sending", "delivery")


def downgrade() -> None:
    sending = sa.text("state = 'sending'")
    op.create_index(
        "ix_delivery_sending", "delivery", ["due_at"], sqlite_where=sending, postgresql_where=sending
    )
    op.drop_table("claim")
