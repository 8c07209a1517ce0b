"""What is taken for sending is noted in one row for all of it; what was on its way by the old notes may have arrived."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_claims"
down_revision = "20261130_reminders"
branch_labels = None
depends_on = None

DELIVERY = sa.table("delivery", *map(sa.column, ("id", "state", "attempts", "error")))
CLAIM = sa.table("claim", sa.column("ids", sa.JSON()))
CUT_OFF = "cut off while it was sent"
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
    cut_off = sa.update(DELIVERY).where(DELIVERY.c.state == "sending")
    op.execute(cut_off.values(state="unknown", error=CUT_OFF))
    op.drop_index("ix_delivery_sending", "delivery")


def downgrade() -> None:
    """What is in somebody's hands may have arrived: the old notes would have it sent again."""
    for (ids,) in op.get_bind().execute(sa.select(CLAIM.c.ids)).all():
        undecided = DELIVERY.c.id.in_(ids), DELIVERY.c.state.in_(("waiting", "held", "cancelled"))
        given_up = sa.update(DELIVERY).where(*undecided)
        op.execute(given_up.values(state="unknown", attempts=DELIVERY.c.attempts + 1, error=CUT_OFF))
    sending = sa.text("state = 'sending'")
    op.create_index(
        "ix_delivery_sending", "delivery", ["due_at"], sqlite_where=sending, postgresql_where=sending
    )
    op.drop_table("claim")
