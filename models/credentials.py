"""What proves who somebody is: the hash of a password and the sealed second factor. Read only where it is checked."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from models.base import columns_of
from models.staff import StaffState, staff


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """The columns of `staff` that are checked when somebody signs in; it shows none of them when printed."""

    id: int
    public_id: str
    name: str
    name_key: str
    state: StaffState
    password_hash: str | None
    totp_secret: str | None
    totp_pending: str | None
    totp_step: int

    @property
    def is_active(self) -> bool:
        return self.state == "active"


_COLUMNS = columns_of(staff, Credentials)
_BY_NAME = select(*_COLUMNS).where(staff.c.name_key == bindparam("which"))
_BY_ID = select(*_COLUMNS).where(staff.c.id == bindparam("which"))


def credentials_by_name(connection: Connection, name_key: str) -> Credentials | None:
    row = connection.execute(_BY_NAME, {"which": name_key}).first()
    return Credentials(*row) if row else None


def credentials_of(connection: Connection, staff_id: int) -> Credentials:
    return Credentials(*connection.execute(_BY_ID, {"which": staff_id}).one())


def set_password(connection: Connection, staff_id: int, password_hash: str) -> None:
    connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


def set_pending(connection: Connection, staff_id: int, sealed: str) -> None:
    """Store a second factor that waits for its first code."""
    connection.execute(update(staff).where(staff.c.id == staff_id).values(totp_pending=sealed))


def activate_pending(connection: Connection, staff_id: int, step: int) -> None:
    """Put the waiting second factor in force; `step` is that of the code which proved it, used up by now."""
    put = update(staff).values(totp_secret=staff.c.totp_pending, totp_pending=None, totp_step=step)
    connection.execute(put.where(staff.c.id == staff_id))


def use_step(connection: Connection, staff_id: int, step: int) -> bool:
    """Use up the code of 30 seconds; False where another attempt did so first."""
    later = update(staff).where(staff.c.id == staff_id, staff.c.totp_step < step).values(totp_step=step)
    return connection.execute(later).rowcount == 1


def clear_credentials(connection: Connection, staff_id: int) -> None:
    """Make password and second factor void."""
    gone = dict.fromkeys(("password_hash", "totp_secret", "totp_pending"))
    connection.execute(update(staff).where(staff.c.id == staff_id).values(gone))
