"""Which message a reply became, and which one it answers: so that a card is edited in place after a restart too."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_cards"
down_revision = "20261123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("target", "external_id"):
        op.add_column("outbox", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("external_id", "target"):
        op.drop_column("outbox", name)
