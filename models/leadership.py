"""What only one process of all may do (such as polling Telegram): a lock that ends with the process that holds it."""

from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from models.session import Database

_NUMBER = 0x1ADDE2  # any number, the same in every process of this product


class Leadership:
    """On PostgreSQL a session's advisory lock; a SQLite file is served by one process, which always leads.

    Its methods ask the database: call them on a thread, one at a time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Whether we lead from now on (or did already). Raises SQLAlchemyError while the database is away."""
        if self._database.is_sqlite:
            return True
        if self._connection is not None:
            return self.holds()
        connection = self._database.aside()
        try:
            taken = bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_NUMBER})").scalar())
        except SQLAlchemyError:
            connection.invalidate()
            connection.close()
            raise
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def holds(self) -> bool:
        """Whether we lead still: the lock is gone with its connection."""
        if self._database.is_sqlite:
            return True
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Let another process lead."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # Really closed, not given back: a pooled connection would keep the lock.
            with suppress(SQLAlchemyError):
                connection.invalidate()
            connection.close()
