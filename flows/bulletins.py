"""Bulletins (通报): written, counted, released by a second person where many get them, sent, paused, retried, reported.

What may be written is composing.py's, whom one concerns is decided in audience.py, what a recipient reads in announcing.py;
recipients are laid down by laying_out.py, and sending is bot/broadcaster.py's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from flows.audience import Audience
from flows.composing import FaultyError, Text, faults_of_text
from flows.quiet import is_quiet
from flows.unwritten import is_unwritten
from models.base import RefusedError
from models.bulletin import Bulletin, BulletinState
from models.bulletins import (
    add_bulletin,
    cancel_waiting,
    change_bulletin,
    finish_bulletins,
    opened_and_left,
    retry_failed,
)
from models.delivered import delivery_counts
from models.delivering import active_bulletins

ALONE = 100
"""So many recipients one person may release; for more it takes another one."""


class HeldBackError(RefusedError):
    """A bulletin that does not go out; `why` in one word, for a page."""

    def __init__(self, why: Literal["nobody", "second", "past", "none"], line: str) -> None:
        super().__init__(line)
        self.why = why


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a bulletin. `states`: deliveries by state; `opened` and `left`: recipients who tapped."""

    states: Mapping[str, int]
    opened: int
    left: int

    @property
    def recipients(self) -> int:
        return sum(self.states.values())


def draft(  # noqa: PLR0913  what a draft is made of
    connection: Connection, text: Text, audience: Audience, author: str, at: datetime, *, site: str = ""
) -> Bulletin:
    """Store a new draft; `site` is our own address, whose pages it may name. Raises RefusedError for what cannot be sent."""
    return add_bulletin(connection, **_written(text, audience, author, site), at=at)


def redraft(  # noqa: PLR0913  what a draft is made of
    connection: Connection,
    before: Bulletin,
    text: Text,
    audience: Audience,
    author: str,
    *,
    site: str = "",
) -> Bulletin:
    """Change a draft; who changes it counts as its author, so that nobody releases what they wrote themselves."""
    return change_bulletin(connection, before, _written(text, audience, author, site), ("draft",))


def _written(text: Text, audience: Audience, author: str, site: str) -> dict[str, Any]:
    faults = faults_of_text(text, site)
    if faults:
        raise FaultyError(faults)
    return {
        "topic": text.topic,
        "title": text.title.strip(),
        "body": "\n".join(text.body.strip().splitlines()),
        "audience": audience.to_json(),
        "urgent": text.urgent,
        "author": author,
    }


def release(  # noqa: PLR0913  what a release hangs on
    connection: Connection,
    before: Bulletin,
    recipients: int,
    by: str,
    at: datetime,
    *,
    when: datetime | None = None,
) -> Bulletin:
    """Let a draft go out, at once or at `when`. `recipients`: the count that was shown to who releases it.

    Raises RefusedError where it takes a second person, where nobody would get it, or for a time that is past.
    """
    if recipients == 0:
        raise HeldBackError("nobody", "nobody would get this bulletin: look at its audience again")
    if recipients > ALONE and by == before.author:
        line = f"{recipients} people get this: somebody else than its author must release it"
        raise HeldBackError("second", line)
    if when is not None and when <= at:
        raise HeldBackError("past", "the time to send it at is past: name a later one, or none")
    values = {"state": "scheduled", "scheduled_at": when or at, "confirmed_by": by}
    return change_bulletin(connection, before, values, ("draft",))


def pause(connection: Connection, before: Bulletin) -> Bulletin:
    """Hold what has not gone out yet."""
    return change_bulletin(connection, before, {"state": "paused"}, ("scheduled", "preparing", "sending"))


def resume(connection: Connection, before: Bulletin, by: str) -> Bulletin:
    """Go on where it was held: first with those who are not laid down yet. Somebody else than the author counts as the
    second person from then on. One that nobody writes has no audience to lay down: its rows are there.
    """
    values: dict[str, Any] = {"state": _resumed(before)}
    if by != before.author:
        values["confirmed_by"] = by
    return change_bulletin(connection, before, values, ("paused",))


def _resumed(before: Bulletin) -> BulletinState:
    if before.started_at is None:
        return "scheduled"
    return "sending" if is_unwritten(before) else "preparing"


def cancel(connection: Connection, before: Bulletin, at: datetime) -> Bulletin:
    """End it for good; what went out is out. One that was sent ends only where something of it is held for the week."""
    values = {"state": "cancelled", "finished_at": at}
    among: list[BulletinState] = ["draft", "scheduled", "preparing", "sending", "paused"]
    if delivery_counts(connection, before.id).get("held"):
        among.append("done")
    after = change_bulletin(connection, before, values, among)
    cancel_waiting(connection, before.id)
    return after


def retry(connection: Connection, before: Bulletin, at: datetime) -> Bulletin:
    """Try once more those that failed, and only those; not who left since. What may have arrived (unknown) is not sent again.

    Raises RefusedError.
    """
    if retry_failed(connection, before.id, at) == 0:
        raise HeldBackError(
            "none",
            "there is nothing to try again: none failed, or those it failed for left, cannot be reached, or were emptied after 30 days",
        )
    values: dict[str, Any] = {"state": "sending", "finished_at": None}
    return change_bulletin(connection, before, values, ("sending", "done"))


def report_on(connection: Connection, bulletin: Bulletin) -> Report:
    """What became of it so far."""
    opened, left = opened_and_left(connection, bulletin.id)
    return Report(delivery_counts(connection, bulletin.id), opened, left)


def may_go_out(connection: Connection, now: datetime) -> list[int]:
    """Return the bulletins whose deliveries may go out now, the one that began first first."""
    quiet = is_quiet(now)
    return [bulletin for bulletin, urgent in active_bulletins(connection) if urgent or not quiet]


def finish_sent(connection: Connection, now: datetime) -> int:
    """End the bulletins of which nothing is left to send; how many those were."""
    return finish_bulletins(connection, now)
