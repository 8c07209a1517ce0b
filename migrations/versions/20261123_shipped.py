"""Which editions came with the program: only such a one gives way when the program ships another."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_shipped"
down_revision = "20261123_cards"
branch_labels = None
depends_on = None

# The trigger on PostgreSQL compares whole rows; the one on SQLite names its columns, so this one needs its own.
SQLITE_TRIGGER = """
    CREATE TRIGGER edition_shipped_unchanged BEFORE UPDATE OF shipped ON edition
    WHEN OLD.state <> 'draft' AND NEW.shipped IS NOT OLD.shipped
    BEGIN SELECT RAISE(ABORT, 'a published edition is never changed'); END
"""


def upgrade() -> None:
    # Until now nothing but the program published; a column added in place keeps the table's trigger on SQLite.
    op.add_column("edition", sa.Column("shipped", sa.Boolean(), nullable=False, server_default=sa.true()))
    if _on_sqlite():
        op.execute(SQLITE_TRIGGER)


def downgrade() -> None:
    if _on_sqlite():
        op.execute("DROP TRIGGER edition_shipped_unchanged")
    op.drop_column("edition", "shipped")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
