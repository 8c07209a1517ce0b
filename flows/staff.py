"""Accounts of the console: invited by a one-time link, given a role, cities and firms, disabled, started anew."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from flows.contact import CITY
from flows.staff_sessions import fingerprint
from models.audit import Act, append_act
from models.credentials import clear_credentials
from models.firm import firms
from models.signing import add_link, end_sessions, forget_links, set_recoveries
from models.staff import (
    Staff,
    StaffRole,
    add_staff,
    cities_of,
    count_staff,
    firm_ids_of,
    lock_administrators,
    set_cities,
    set_firms,
    set_role,
    set_state,
    staff_by_id,
)

LINK_LASTS = timedelta(hours=24)
LONGEST_NAME = 40
COMMAND = "command"
"""How the audit names who used the command line."""
CITIES = tuple(str(option.key) for option in CITY.options)
"""The 17 cities and 济源, as firms name them."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts (a public id, or COMMAND) and when."""

    actor: str
    at: datetime


class DeclinedError(Exception):
    """An act that cannot be done. The text says why, in Chinese; its English is in the catalogue."""


def invite(connection: Connection, name: str, role: str, by: By) -> tuple[Staff, str]:
    """Make an account and return it with the token of its one-time link, which is told this once. Raises DeclinedError."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise DeclinedError("请写上账户名，最多 40 个字。")
    try:
        with connection.begin_nested():
            who = add_staff(connection, name, as_role(role), by.at)
    except IntegrityError:
        raise DeclinedError("这个账户名已经有人用了，请换一个。") from None
    token = _new_link(connection, who, by.at)
    _note(connection, by, "staff.invite", who, {"role": who.role})
    return who, token


def start_anew(connection: Connection, who: Staff, by: By) -> str:
    """Make password, second factor, recovery codes and sessions void; return the token of a link to set them again."""
    if who.state == "disabled":
        raise DeclinedError("这个账户已停用。请先启用。")
    _not_oneself(who, by)
    clear_credentials(connection, who.id)
    set_recoveries(connection, who.id, [])
    end_sessions(connection, who.id)
    set_state(connection, who.id, "invited")
    token = _new_link(connection, who, by.at)
    _note(connection, by, "staff.reset", who)
    return token


def change_role(connection: Connection, who: Staff, role: str, by: By) -> None:
    """Make somebody administrator or advisor; nobody does so for themselves. They sign in anew."""
    _not_oneself(who, by)
    wanted = as_role(role)
    if wanted == who.role:
        return
    if wanted == "advisor":
        _not_the_last(connection, who)
    set_role(connection, who.id, wanted)
    end_sessions(connection, who.id)
    _note(connection, by, "staff.role", who, {"from": who.role, "to": wanted})


def assign(
    connection: Connection,
    who: Staff,
    cities: Iterable[str],
    firm_ids: Sequence[str],
    by: By,
) -> None:
    """Set the cities and (by public id) the firms that an advisor sees. Raises DeclinedError for one that there is not."""
    _not_oneself(who, by)
    wanted = sorted(set(cities))
    if not set(wanted) <= set(CITIES):
        raise DeclinedError("没有这个城市，请从列表里选。")
    found = select(firms.c.public_id, firms.c.id).where(firms.c.public_id.in_(firm_ids))
    known = dict(connection.execute(found).all())
    if set(firm_ids) - set(known):
        raise DeclinedError("没有这家企业，请核对企业编号。")
    before = {"cities": cities_of(connection, who.id), "firms": len(firm_ids_of(connection, who.id))}
    set_cities(connection, who.id, wanted)
    set_firms(connection, who.id, known.values())
    detail = {"from": before, "to": {"cities": wanted, "firms": sorted(known)}}
    _note(connection, by, "staff.assign", who, detail)


def disable(connection: Connection, who: Staff, by: By) -> None:
    """Shut somebody out, at once and everywhere. Not oneself, and not the last administrator."""
    _not_oneself(who, by)
    _not_the_last(connection, who)
    set_state(connection, who.id, "disabled")
    end_sessions(connection, who.id)
    forget_links(connection, who.id)
    _note(connection, by, "staff.disable", who)


def enable(connection: Connection, who: Staff, by: By) -> str:
    """Let somebody in again, who sets everything anew: returns the token of their link."""
    if who.state != "disabled":
        raise DeclinedError("这个账户没有停用。")
    set_state(connection, who.id, "invited")
    _note(connection, by, "staff.enable", who)
    return start_anew(connection, staff_by_id(connection, who.id), by)


def first_administrator(connection: Connection, name: str, now: datetime) -> str | None:
    """Where there is no account at all, invite the first administrator and return the link's token; else None."""
    if count_staff(connection):
        return None
    return invite(connection, name, "administrator", By(COMMAND, now))[1]


def as_role(role: str) -> StaffRole:
    for known in get_args(StaffRole):
        if role == known:
            return known  # type: ignore[no-any-return]  # one of the Literal's words
    raise DeclinedError("没有这种角色。")


def _new_link(connection: Connection, who: Staff, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    add_link(connection, who.id, fingerprint(token), now, now + LINK_LASTS)
    return token


def _not_oneself(who: Staff, by: By) -> None:
    if by.actor == who.public_id:
        raise DeclinedError("自己的账户不能由自己改。请让另一位管理员来改。")


def _not_the_last(connection: Connection, who: Staff) -> None:
    if lock_administrators(connection) == [who.id]:
        raise DeclinedError("这是最后一位管理员，不能停用或改成顾问。")


def _note(
    connection: Connection, by: By, action: str, who: Staff, detail: dict[str, object] | None = None
) -> None:
    append_act(connection, Act(by.actor, action, "staff", who.public_id, detail or {}), by.at)
