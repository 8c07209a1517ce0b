"""Queries over bulletins: their states, what became of their deliveries. The tables are in bulletin.py."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from models.base import JsonObject, RefusedError, new_public_id
from models.bulletin import (
    BULLETIN_COLUMNS,
    WAITING,
    Bulletin,
    BulletinState,
    bulletins,
    deliveries,
)
from models.claim import free
from models.wanted import failed_and_wanted

_AT_ONCE = 1000  # a statement takes only so many parameters
_ADD = insert(bulletins).returning(*BULLETIN_COLUMNS)
_ONE = select(*BULLETIN_COLUMNS).where(bulletins.c.public_id == bindparam("which"))
_LATEST = select(*BULLETIN_COLUMNS).order_by(bulletins.c.id.desc()).limit(bindparam("most"))
_IS_LEFT = exists().where(deliveries.c.bulletin_id == bulletins.c.id, text(f"delivery.{WAITING}"))
_REOPEN = (
    update(bulletins)
    .where(bulletins.c.state == "done", _IS_LEFT)
    .values(state="sending", finished_at=None, version=bulletins.c.version + 1)
)
_FINISH = (
    update(bulletins)
    .where(bulletins.c.state == "sending", ~_IS_LEFT)
    .values(state="done", finished_at=bindparam("now"), version=bulletins.c.version + 1)
)
_AGAIN = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)), deliveries.c.state == "failed")
    .values(state="waiting", due_at=bindparam("at"), error=None)
)


class StaleBulletinError(RefusedError):
    """Somebody else changed the bulletin since it was shown."""


def add_bulletin(  # noqa: PLR0913  what a bulletin is
    connection: Connection,
    *,
    topic: str,
    title: str,
    body: str,
    audience: JsonObject,
    urgent: bool,
    author: str,
    at: datetime,
    public_id: str | None = None,
) -> Bulletin:
    """Store a draft. `public_id`: for one that there can be but once; a second one raises IntegrityError."""
    values = {
        "public_id": public_id or new_public_id(),
        "topic": topic,
        "title": title,
        "body": body,
        "audience": audience,
        "state": "draft",
        "urgent": urgent,
        "author": author,
        "version": 0,
        "reached": 0,
        "created_at": at,
    }
    return Bulletin(*connection.execute(_ADD, values).one())


def bulletin_by_public_id(connection: Connection, public_id: str) -> Bulletin | None:
    row = connection.execute(_ONE, {"which": public_id}).first()
    return Bulletin(*row) if row else None


def latest_bulletins(connection: Connection, most: int = 50) -> list[Bulletin]:
    """Return the newest bulletins, the newest first."""
    return [Bulletin(*row) for row in connection.execute(_LATEST, {"most": most})]


def unfinished_bulletins(connection: Connection) -> list[Bulletin]:
    """Return those of which something may still go out, the oldest first."""
    under_way = bulletins.c.state.in_(("preparing", "sending", "paused"))
    wanted = select(*BULLETIN_COLUMNS).where(under_way).order_by(bulletins.c.id)
    return [Bulletin(*row) for row in connection.execute(wanted)]


def change_bulletin(
    connection: Connection, before: Bulletin, values: Mapping[str, Any], among: Sequence[BulletinState]
) -> Bulletin:
    """Change a bulletin that is in one of these states, and return it as it is now.

    Raises StaleBulletinError where it is not as `before` says any more.
    """
    changed = (
        update(bulletins)
        .where(
            bulletins.c.id == before.id,
            bulletins.c.version == before.version,
            bulletins.c.state.in_(among),
        )
        .values(**values, version=bulletins.c.version + 1)
        .returning(*BULLETIN_COLUMNS)
    )
    row = connection.execute(changed).first()
    if row is None:
        raise StaleBulletinError("somebody changed this bulletin meanwhile: look at it again")
    return Bulletin(*row)


def finish_bulletins(connection: Connection, now: datetime) -> int:
    """End those of which nothing waits and nothing is on its way; how many that were.

    One that got more recipients in the moment it ended goes on.
    """
    connection.execute(_REOPEN)
    return connection.execute(_FINISH, {"now": now}).rowcount


def opened_and_left(connection: Connection, bulletin_id: int) -> tuple[int, int]:
    """Return how many opened what it points at, and how many left its topic through it."""
    counted = select(func.count(deliveries.c.opened_at), func.count(deliveries.c.left_at)).where(
        deliveries.c.bulletin_id == bulletin_id
    )
    opened, left = connection.execute(counted).one()
    return int(opened), int(left)


def cancel_waiting(connection: Connection, bulletin_id: int) -> int:
    """Take back what has not gone out; how many that were."""
    left = deliveries.c.state.in_(("waiting", "held"))
    changed = update(deliveries).where(deliveries.c.bulletin_id == bulletin_id, left)
    return connection.execute(changed.values(state="cancelled")).rowcount


def retry_failed(connection: Connection, bulletin_id: int, at: datetime) -> int:
    """Put what failed back in the queue, but for people who left or are gone meanwhile; how many that were."""
    found = failed_and_wanted(connection, bulletin_id)
    free(connection, found)
    steps = (found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE))
    return sum(connection.execute(_AGAIN, {"ids": ids, "at": at}).rowcount for ids in steps)


def go_on(connection: Connection, before: Bulletin) -> Bulletin:
    """Let one that was done go on, whoever else changes it just now."""
    done = bulletins.c.id == before.id, bulletins.c.state == "done"
    connection.execute(update(bulletins).where(*done).values(state="sending", finished_at=None))
    return replace(before, state="sending", finished_at=None)


def next_to_prepare(connection: Connection, now: datetime, which: int | None = None) -> Bulletin | None:
    """Take the first bulletin whose recipients are to be laid down (or just this one), for this transaction.

    None: there is none, or another has it.
    """
    wanted = select(*BULLETIN_COLUMNS).where(_is_to_prepare(now)).order_by(bulletins.c.id).limit(1)
    if which is not None:
        wanted = wanted.where(bulletins.c.id == which)
    row = connection.execute(wanted.with_for_update(skip_locked=True)).first()
    return Bulletin(*row) if row else None


def note_prepared(
    connection: Connection, bulletin: Bulletin, reached: int, *, done: bool, at: datetime
) -> None:
    """Note how far the laying down has come. It is no change that somebody who edits has to know of."""
    values: dict[str, Any] = {"reached": reached, "state": "sending" if done else "preparing"}
    if bulletin.started_at is None:
        values["started_at"] = at
    connection.execute(update(bulletins).where(bulletins.c.id == bulletin.id).values(**values))


def told_lately(connection: Connection, firm_ids: Sequence[int], since: datetime) -> dict[int, int]:
    """Return how many bulletins went out about each of these firms since then."""
    if not firm_ids:
        return {}
    counted = (
        select(deliveries.c.firm_id, func.count())
        .where(
            deliveries.c.firm_id.in_(firm_ids),
            deliveries.c.created_at > since,
            deliveries.c.state.in_(("waiting", "sending", "sent", "unknown")),
        )
        .group_by(deliveries.c.firm_id)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}


def to_prepare(connection: Connection, now: datetime) -> list[int]:
    """Return the bulletins whose recipients are to be laid down, the first first."""
    wanted = select(bulletins.c.id).where(_is_to_prepare(now)).order_by(bulletins.c.id)
    return list(connection.execute(wanted).scalars())


def _is_to_prepare(now: datetime) -> ColumnElement[bool]:
    return or_(
        bulletins.c.state == "preparing",
        and_(bulletins.c.state == "scheduled", bulletins.c.scheduled_at <= now),
    )
