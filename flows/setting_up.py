"""One's own password and second factor: set up through a one-time link, and changed later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from flows.sealing import seal, unseal
from flows.second_factor import matching_step, new_recovery_codes, new_secret, recovery_fingerprint
from flows.staff import DeclinedError
from flows.staff_sessions import fingerprint
from models.audit import Act, append_act
from models.credentials import Credentials, activate_pending, credentials_of, set_password, set_pending
from models.signing import StaffSession, end_sessions, forget_links, link_by, set_recoveries
from models.staff import set_state


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that waits for its first code: what the QR code and the line below it say."""

    name: str
    secret: str


def invited(connection: Connection, token: str, now: datetime) -> Credentials | None:
    """Return whose link this is; None for one that was used, is too old, or never was. Looking at it uses nothing up."""
    link = link_by(connection, fingerprint(token), now)
    if link is None:
        return None
    who = credentials_of(connection, link.staff_id)
    return who if who.state == "invited" else None


def choose_password(
    connection: Connection, token: str, password_hash: str, keys: Sequence[str], now: datetime
) -> Enrolment | None:
    """First half of setting up: the password. None where the link is good no more."""
    who = invited(connection, token, now)
    if who is None:
        return None
    set_password(connection, who.id, password_hash)
    return begin_enrolment(connection, who, keys)


def waiting_enrolment(
    connection: Connection, token: str, keys: Sequence[str], now: datetime
) -> Enrolment | None:
    """Return the second factor that waits behind a link, None where none does."""
    who = invited(connection, token, now)
    return None if who is None or who.password_hash is None else pending_of(who, keys)


def pending_of(who: Credentials, keys: Sequence[str]) -> Enrolment | None:
    """Return somebody's second factor that waits for its first code, None where none does."""
    if who.totp_pending is None:
        return None
    return Enrolment(who.name, unseal(who.totp_pending, who.public_id, keys))


def finish_set_up(
    connection: Connection, token: str, code: str, keys: Sequence[str], now: datetime
) -> list[str] | None:
    """Second half: a code of the authenticator proves it; the link is used up. Returns the recovery codes, told this once.

    None where the link is good no more. Raises DeclinedError for a wrong code.
    """
    who = invited(connection, token, now)
    if who is None or who.password_hash is None:
        return None
    codes = finish_enrolment(connection, who, code, keys, now)
    if not forget_links(connection, who.id):
        return None  # another browser was first
    set_state(connection, who.id, "active")
    append_act(connection, Act(who.public_id, "staff.set_up", "staff", who.public_id, {}), now)
    return codes


def begin_enrolment(connection: Connection, who: Credentials, keys: Sequence[str]) -> Enrolment:
    """Make a new second factor, which counts once its first code was typed; until then the old one does."""
    secret = new_secret()
    set_pending(connection, who.id, seal(secret, who.public_id, keys))
    return Enrolment(who.name, secret)


def finish_enrolment(
    connection: Connection, who: Credentials, code: str, keys: Sequence[str], now: datetime
) -> list[str]:
    """Put the waiting second factor in force and return new recovery codes. Raises DeclinedError for a wrong code."""
    plain = "".join(code.split())
    step = None
    if who.totp_pending is not None:
        step = matching_step(unseal(who.totp_pending, who.public_id, keys), plain, now, 0)
    if step is None:
        raise DeclinedError("验证码不对。请看手机上的时间是否准确，再输入新的一组。")
    activate_pending(connection, who.id, step)
    return _recovery_codes(connection, who)


def renew_second_factor(
    connection: Connection, session: StaffSession, code: str, keys: Sequence[str], now: datetime
) -> list[str]:
    """Change to the waiting second factor; every other session ends. Returns the new recovery codes."""
    who = credentials_of(connection, session.staff_id)
    codes = finish_enrolment(connection, who, code, keys, now)
    end_sessions(connection, who.id, but=session.id)
    append_act(connection, Act(who.public_id, "staff.second_factor", "staff", who.public_id, {}), now)
    return codes


def renew_recovery_codes(connection: Connection, session: StaffSession, now: datetime) -> list[str]:
    """Replace the recovery codes and return the new ones, told this once."""
    who = credentials_of(connection, session.staff_id)
    codes = _recovery_codes(connection, who)
    append_act(connection, Act(who.public_id, "staff.recovery_codes", "staff", who.public_id, {}), now)
    return codes


def change_password(connection: Connection, session: StaffSession, password_hash: str, now: datetime) -> None:
    """Change a password; every other session ends."""
    who = credentials_of(connection, session.staff_id)
    set_password(connection, who.id, password_hash)
    end_sessions(connection, who.id, but=session.id)
    append_act(connection, Act(who.public_id, "staff.password", "staff", who.public_id, {}), now)


def _recovery_codes(connection: Connection, who: Credentials) -> list[str]:
    codes = new_recovery_codes()
    set_recoveries(connection, who.id, [recovery_fingerprint(code) for code in codes])
    return codes
