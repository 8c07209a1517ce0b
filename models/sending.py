"""Sending what the outbox holds, for a sender that may be killed, paused or not alone. The rows are outbox.py's.

`attempts` is the fence: who takes a row over counts it up, and whoever had it before can then neither mark nor fail it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, select, text, update

from models.base import columns_of
from models.outbox import UNSENT, Message, outbox


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest of our messages that somebody sees, and which kind of reply it shows."""

    external_id: str
    kind: str


_EVERY = 2**63 - 1  # no row has a larger number

_WAITING = (
    select(*columns_of(outbox, Message))
    .where(text(UNSENT), outbox.c.channel == bindparam("channel"), outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_DUE = outbox.c.due_at <= bindparam("by")
_THERE = outbox.c.address == bindparam("address")
_PAGES = {  # by whether a time and whether an address is told
    (False, False): _WAITING,
    (True, False): _WAITING.where(_DUE),
    (False, True): _WAITING.where(_THERE),
    (True, True): _WAITING.where(_DUE, _THERE),
}
_ONE = outbox.c.id == bindparam("which")
_HELD = and_(_ONE, outbox.c.attempts == bindparam("fence"), outbox.c.state == "sending")
_TAKE = (
    update(outbox)
    .where(_ONE, text(UNSENT), outbox.c.due_at <= bindparam("now"))
    .values(state="sending", attempts=outbox.c.attempts + 1, due_at=bindparam("lease"))
    .returning(outbox.c.attempts)
)
_SENT = (
    update(outbox)
    .where(_HELD, ~outbox.c.forget)
    .values(state="sent", sent_at=bindparam("now"), error=None, external_id=bindparam("shown_as"))
)
_FORGET = delete(outbox).where(_HELD, outbox.c.forget)
_AGAIN = update(outbox).where(_HELD).values(state="new", error=bindparam("why"), due_at=bindparam("later"))
_BURY = update(outbox).where(_HELD, ~outbox.c.forget).values(state="dead", error=bindparam("why"))
_TO = and_(
    *(text(UNSENT), outbox.c.channel == bindparam("channel_is"), outbox.c.address == bindparam("address_is")),
    outbox.c.id <= bindparam("newest"),
)
_BURY_ALL = update(outbox).where(_TO, ~outbox.c.forget).values(state="dead", error=bindparam("why"))
_FORGET_ALL = delete(outbox).where(_TO, outbox.c.forget)
_SHOWN = (
    select(outbox.c.external_id, outbox.c.kind)
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.address == bindparam("address"),
        outbox.c.external_id.is_not(None),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)


def waiting(  # noqa: PLR0913  what makes a page of a queue
    connection: Connection,
    channel: str,
    after: int,
    limit: int,
    due_by: datetime | None = None,
    *,
    address: str | None = None,
) -> list[Message]:
    """Return what is not sent yet (and due by then, and for that address, if told), the oldest first, beyond row `after`."""
    page = {"channel": channel, "after": after, "most": limit, "by": due_by, "address": address}
    told = {name: value for name, value in page.items() if value is not None}
    rows = connection.execute(_PAGES[due_by is not None, address is not None], told)
    return [Message(*row) for row in rows]


def take(connection: Connection, message_id: int, now: datetime, lease_until: datetime) -> int | None:
    """Take a due message for sending and return the fence; None: it is gone, sent, or somebody else's still."""
    found = connection.execute(_TAKE, {"which": message_id, "now": now, "lease": lease_until}).scalar()
    return None if found is None else int(found)


def settle(connection: Connection, message_id: int, fence: int, at: datetime, shown_as: str | None) -> bool:
    """Note that the message went out (one to be forgotten is deleted). False: somebody took it over meanwhile."""
    held = {"which": message_id, "fence": fence}
    if connection.execute(_SENT, {**held, "now": at, "shown_as": shown_as}).rowcount == 1:
        return True
    return connection.execute(_FORGET, held).rowcount == 1


def put_off(connection: Connection, message_id: int, fence: int, why: str, later: datetime) -> None:
    """Note that the message did not go out and is tried again."""
    connection.execute(_AGAIN, {"which": message_id, "fence": fence, "why": why, "later": later})


def bury(connection: Connection, message_id: int, fence: int, why: str) -> None:
    """Note that the message never goes out (one to be forgotten is deleted)."""
    held = {"which": message_id, "fence": fence}
    connection.execute(_BURY, {**held, "why": why})
    connection.execute(_FORGET, held)


def bury_all(connection: Connection, channel: str, address: str, why: str, newest: int | None = None) -> None:
    """Give up everything that waits for somebody who cannot be reached; with `newest` nothing that was stored after it."""
    there = {
        "channel_is": channel,
        "address_is": address,
        "newest": _EVERY if newest is None else newest,
    }
    connection.execute(_BURY_ALL, {**there, "why": why})
    connection.execute(_FORGET_ALL, there)


def last_shown(connection: Connection, channel: str, address: str) -> Shown | None:
    """Return the newest message of ours at this address, as far as it is remembered."""
    row = connection.execute(_SHOWN, {"channel": channel, "address": address}).first()
    return Shown(*row) if row else None
