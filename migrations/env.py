"""How Alembic meets our tables. It is always handed a connection; models/schema.py does so, and the tests."""

from alembic import context
from sqlalchemy import Connection, Engine

from models.schema import METADATA


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if isinstance(given, Engine):
    with given.connect() as fresh:
        _run(fresh)
elif isinstance(given, Connection):
    _run(given)
else:
    raise TypeError("no connection given: migrate through models.schema, or `ladder db upgrade`")
