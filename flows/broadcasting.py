"""What people do with a bulletin (通报的办理), each with its entry in the audit: from the console and from a shell alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from flows import bulletins
from flows.audience import Audience
from flows.composing import Composed, FaultyError, Text, faults_of_audience, faults_of_text
from flows.editions import Editions
from models.audit import Act, append_act
from models.base import JsonObject
from models.bulletin import Bulletin
from models.bulletins import StaleBulletinError, bulletin_by_public_id

KIND = "bulletin"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts, and when. `name`: as the bulletin keeps its author; `actor`: as the audit does; `site`: our own address."""

    name: str
    actor: str
    at: datetime
    site: str = ""


def check(connection: Connection, editions: Editions, said: Composed, site: str) -> None:
    """Raises FaultyError with all that is wrong with a text and its audience."""
    faults = [*faults_of_text(said.text, site), *faults_of_audience(connection, editions, said.audience)]
    if faults:
        raise FaultyError(faults)


def write(connection: Connection, editions: Editions, said: Composed, by: Hand) -> Bulletin:
    """Store a new draft. Raises RefusedError."""
    check(connection, editions, said, by.site)
    made = bulletins.draft(connection, said.text, said.audience, by.name, by.at, site=by.site)
    return _noted(connection, by, "write", made, _told(made))


def rewrite(
    connection: Connection, editions: Editions, before: Bulletin, said: Composed, by: Hand
) -> Bulletin:
    """Change a draft. Raises RefusedError."""
    check(connection, editions, said, by.site)
    after = bulletins.redraft(connection, before, said.text, said.audience, by.name, site=by.site)
    return _noted(connection, by, "edit", after, _told(after))


def release(  # noqa: PLR0913  what a release hangs on
    connection: Connection,
    editions: Editions,
    before: Bulletin,
    recipients: int,
    by: Hand,
    *,
    when: datetime | None = None,
) -> Bulletin:
    """Let a draft go out, at once or at `when`; `recipients` is the count of this moment. Raises RefusedError."""
    text = Text(before.topic, before.title, before.body, before.urgent)
    check(connection, editions, Composed(text, Audience.from_json(before.audience)), by.site)
    after = bulletins.release(connection, before, recipients, by.name, by.at, when=when)
    told: JsonObject = {"recipients": recipients}
    if when is not None:
        told["when"] = when.isoformat(timespec="minutes")
    return _noted(connection, by, "release", after, told)


def pause(connection: Connection, before: Bulletin, by: Hand) -> Bulletin:
    """Hold what has not gone out yet."""
    return _noted(connection, by, "pause", bulletins.pause(connection, before))


def resume(connection: Connection, before: Bulletin, by: Hand) -> Bulletin:
    """Go on where it was held."""
    return _noted(connection, by, "resume", bulletins.resume(connection, before, by.name))


def cancel(connection: Connection, before: Bulletin, by: Hand) -> Bulletin:
    """End it for good; what went out is out."""
    return _noted(connection, by, "cancel", bulletins.cancel(connection, before, by.at))


def retry(connection: Connection, before: Bulletin, by: Hand) -> Bulletin:
    """Try once more those that failed, and only those."""
    return _noted(connection, by, "retry", bulletins.retry(connection, before, by.at))


CHANGES: dict[str, Callable[[Connection, Bulletin, Hand], Bulletin]] = {
    "pause": pause,
    "resume": resume,
    "cancel": cancel,
    "retry": retry,
}
"""What is done with one that was released, by name."""


def in_hand(connection: Connection, public_id: str, version: str) -> Bulletin | None:
    """The bulletin as somebody saw it, None where there is none. Raises StaleBulletinError where it is another by now."""
    found = bulletin_by_public_id(connection, public_id)
    if found is not None and str(found.version) != version:
        raise StaleBulletinError("somebody changed this bulletin meanwhile: look at it again")
    return found


def note_act(connection: Connection, by: Hand, verb: str, public_id: str, told: JsonObject) -> None:
    """Write an act into the audit: last in its transaction."""
    personal = None if by.name == by.actor else {"name": by.name}
    append_act(connection, Act(by.actor, f"{KIND}.{verb}", KIND, public_id, told, personal), by.at)


def _noted(
    connection: Connection, by: Hand, verb: str, after: Bulletin, told: dict[str, Any] | None = None
) -> Bulletin:
    note_act(connection, by, verb, after.public_id, told or {})
    return after


def _told(made: Bulletin) -> JsonObject:
    return {"topic": made.topic, "audience": made.audience, "urgent": made.urgent}
