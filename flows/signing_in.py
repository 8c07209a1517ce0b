"""Signing in with name, password and second factor; after failures ever longer waits, for the account and for the address."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from flows.passwords import matches
from flows.sealing import UnsealError, keyed_digest, unseal
from flows.second_factor import matching_step, recovery_fingerprint
from flows.staff_sessions import fingerprint, start_session
from models.audit import Act, append_act
from models.credentials import Credentials, credentials_by_name, credentials_of, use_step
from models.failures import clear_failures, count_attempt, uncount_attempt
from models.session import Database
from models.signing import StaffSession, confirm_session, use_recovery
from models.staff import name_key

FREE_FOR_ACCOUNT, FREE_FOR_ADDRESS = 5, 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
_DIGITS = 6
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody typed, and from where."""

    name: str
    password: str
    code: str
    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`secret` is for the cookie; without one it failed: `wait` tells for how long no other attempt is looked at."""

    secret: str | None = None
    wait: timedelta = timedelta(0)


async def sign_in(database: Database, keys: Sequence[str], attempt: Attempt, now: datetime) -> Outcome:
    """Sign somebody in. The answer to a wrong name is that to a wrong password, and takes as long."""
    subjects = _subjects(attempt.name, attempt.address, keys)
    wait, found = await database.turn_async(
        lambda connection: (
            _count(connection, subjects, now),
            credentials_by_name(connection, name_key(attempt.name)),
        )
    )
    if wait:
        _log.warning("sign-in: waiting, from %s", subjects[1][0][:12])
        return Outcome(wait=wait)
    right = await matches(attempt.password, found.password_hash if found and found.is_active else None)

    def settle(connection: Connection) -> str | None:
        if found is None:
            return None
        if not (right and second_factor_fits(connection, keys, found, attempt.code, now)):
            append_act(connection, Act("system", "session.refuse", "staff", found.public_id, {}), now)
            return None
        _succeeded(connection, subjects, now)
        secret = start_session(connection, found.id, attempt.device, now)
        append_act(connection, Act(found.public_id, "session.start", "staff", found.public_id, {}), now)
        return secret

    secret = await database.turn_async(settle)
    told = "signed in" if secret else "refused"
    _log.log(logging.INFO if secret else logging.WARNING, "sign-in: %s, from %s", told, subjects[1][0][:12])
    return Outcome(secret)


async def confirm(
    database: Database, keys: Sequence[str], session: StaffSession, attempt: Attempt, now: datetime
) -> Outcome:
    """Let somebody who is signed in prove again that it is them: by password or by a code. Not "" but None: they did not."""
    subjects = _subjects(attempt.name, attempt.address, keys)
    wait, who = await database.turn_async(
        lambda connection: (_count(connection, subjects, now), credentials_of(connection, session.staff_id))
    )
    if wait:
        return Outcome(wait=wait)
    right = await matches(attempt.password, who.password_hash) if attempt.password else False

    def settle(connection: Connection) -> bool:
        if not right and not second_factor_fits(connection, keys, who, attempt.code, now):
            append_act(connection, Act(who.public_id, "session.refuse", "staff", who.public_id, {}), now)
            return False
        _succeeded(connection, subjects, now)
        confirm_session(connection, session.id, now)
        append_act(connection, Act(who.public_id, "session.confirm", "staff", who.public_id, {}), now)
        return True

    return Outcome("" if await database.turn_async(settle) else None)


def second_factor_fits(
    connection: Connection, keys: Sequence[str], who: Credentials, code: str, now: datetime
) -> bool:
    """Use up a code of the authenticator, or a recovery code; False where it is wrong or was used before."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdecimal() and len(plain) == _DIGITS):
        return bool(plain) and use_recovery(connection, who.id, recovery_fingerprint(plain))
    if who.totp_secret is None:
        return False
    try:
        secret = unseal(who.totp_secret, who.public_id, keys)
    except UnsealError as error:
        _log.error("sign-in: %s", error)
        return False
    step = matching_step(secret, plain, now, who.totp_step)
    return step is not None and use_step(connection, who.id, step)


def _subjects(name: str, address: str, keys: Sequence[str]) -> list[tuple[str, int]]:
    """Whose failures are counted, as digests, and how many are free."""
    return [
        (fingerprint(f"account:{keyed_digest(name_key(name), keys)}"), FREE_FOR_ACCOUNT),
        (fingerprint(f"address:{keyed_digest(address, keys)}"), FREE_FOR_ADDRESS),
    ]


def _count(connection: Connection, subjects: Sequence[tuple[str, int]], now: datetime) -> timedelta:
    """Count an attempt before it is looked at, so that many at once do not slip through; return what is to be waited first."""
    waits = [
        count_attempt(
            connection,
            subject,
            now,
            now - FORGOTTEN_AFTER,
            partial(_wait, free),
        )
        for subject, free in subjects
    ]
    return max(waits)


def _succeeded(connection: Connection, subjects: Sequence[tuple[str, int]], now: datetime) -> None:
    (account, _), (address, _) = subjects
    clear_failures(connection, account)
    # One account that is known does not clear an address from which others are tried.
    uncount_attempt(connection, address, now)


def _wait(free: int, count: int) -> timedelta:
    return wait_after(count - free)


def wait_after(beyond: int) -> timedelta:
    """How long to wait after that many failures beyond the free ones: 15 seconds, twice as long each time, 15 minutes at most."""
    if beyond < 0:
        return timedelta(0)
    doubled: timedelta = FIRST_WAIT * (1 << min(beyond, 10))
    return min(doubled, LONGEST_WAIT)
