"""An address that takes another one's place, until whoever was promised it has come with it."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_moving"
down_revision = "20261128_bulletins"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("channel_account", sa.Column("replaces", NUMBER, nullable=True))


def downgrade() -> None:
    op.drop_column("channel_account", "replaces")
