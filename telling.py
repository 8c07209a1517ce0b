"""The verbs of `ladder bulletin`: what the console does, for scripts."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wiring import carefully, opened, refuse, say, settings_in_force

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from flows.broadcasting import Hand
    from models.bulletin import Bulletin

Add = Callable[[Any, str, Callable[[argparse.Namespace], None]], argparse.ArgumentParser]


def add_bulletin_verbs(group: Any, add: Add) -> None:  # noqa: ANN401  argparse has no public name for it
    """Put the verbs into their group; `add` is how main.py adds one."""
    add(group, "list", bulletin_list)
    verb = add(group, "draft", bulletin_draft)
    verb.add_argument("file", type=Path, help="the text: its first line is the title")
    verb.add_argument("--topic", required=True, help="result or policy: who subscribed to it may get it")
    verb.add_argument(
        "--audience", default="{}", help='narrower, as JSON: {"cities": ["洛阳"], "changed_by": 3}'
    )
    verb.add_argument("--urgent", action="store_true", help="not held back at night, nor by the weekly cap")
    verb.add_argument("--as", dest="name", default="command line", help="who writes it")
    verb = add(group, "send", bulletin_send)
    verb.add_argument("--at", help="when, as 2026-12-01T09:00+08:00; at once without it")
    verb.add_argument("--as", dest="name", default="command line", help="who releases it")
    for name, does in (
        ("pause", bulletin_pause),
        ("resume", bulletin_resume),
        ("cancel", bulletin_cancel),
        ("retry", bulletin_retry),
        ("report", bulletin_report),
    ):
        add(group, name, does)
    for name in ("send", "pause", "resume", "cancel", "retry", "report"):
        group.choices[name].add_argument("bulletin", help="its id, or the beginning of it")
    for name in ("pause", "resume", "cancel", "retry"):
        group.choices[name].add_argument("--as", dest="name", default="command line", help="who does it")


def bulletin_list(_arguments: argparse.Namespace) -> None:
    """The newest bulletins, with their state."""
    from models.bulletins import latest_bulletins

    database = opened()
    for each in carefully(lambda: database.read(latest_bulletins)):
        say(f"{each.public_id[:12]}  {each.state:9}  {each.topic:7}  {each.title}")
    database.close()


def bulletin_draft(arguments: argparse.Namespace) -> None:
    """Write a bulletin down, and count whom it would reach."""
    import json

    from flows.audience import Audience, Readership
    from flows.broadcasting import write
    from flows.composing import Composed, Text
    from flows.concerned import count
    from flows.editions import Editions

    try:
        title, _, body = arguments.file.read_text(encoding="utf-8").strip().partition("\n")
        rule = json.loads(arguments.audience)
    except (OSError, ValueError) as error:
        refuse([f"{error}; name a text file in UTF-8, and an audience as a JSON object"])
    if not isinstance(rule, dict):
        refuse(['--audience: write a JSON object, such as {"cities": ["洛阳"]}'])
    text = Text(arguments.topic, title, body, arguments.urgent)
    database, by = opened(), _hand(arguments.name)
    audience = carefully(lambda: Audience.from_json(rule))
    made = carefully(lambda: database.turn(lambda c: write(c, Editions(), Composed(text, audience), by)))
    number = carefully(
        lambda: database.read(lambda c: count(c, Editions(), Readership(made.topic, audience)))
    )
    database.close()
    say(
        f"{made.public_id[:12]}: a draft, for {number} people; send it with: ladder bulletin send {made.public_id[:12]}"
    )


def bulletin_send(arguments: argparse.Namespace) -> None:
    """Let a bulletin go out, at once or at a time; beyond 100 recipients somebody else than its author must."""
    from flows.audience import Audience, Readership
    from flows.broadcasting import release
    from flows.concerned import count
    from flows.editions import Editions

    when = None if arguments.at is None else _moment(arguments.at)
    database, bulletin = _named(arguments.bulletin)
    audience = carefully(lambda: Audience.from_json(bulletin.audience))
    number = carefully(
        lambda: database.read(lambda c: count(c, Editions(), Readership(bulletin.topic, audience)))
    )
    by = _hand(arguments.name)
    done = carefully(lambda: database.turn(lambda c: release(c, Editions(), bulletin, number, by, when=when)))
    database.close()
    say(f"{done.title}: goes out to {number} people while the server runs")


def bulletin_pause(arguments: argparse.Namespace) -> None:
    """Hold what has not gone out."""
    from flows.broadcasting import pause

    _change(arguments, pause)


def bulletin_resume(arguments: argparse.Namespace) -> None:
    """Go on with one that is held."""
    from flows.broadcasting import resume

    _change(arguments, resume)


def bulletin_cancel(arguments: argparse.Namespace) -> None:
    """End one for good; what went out is out."""
    from flows.broadcasting import cancel

    _change(arguments, cancel)


def bulletin_retry(arguments: argparse.Namespace) -> None:
    """Try those once more that failed, and only those."""
    from flows.broadcasting import retry

    _change(arguments, retry)


def bulletin_report(arguments: argparse.Namespace) -> None:
    """What became of a bulletin: sent, failed, blocked, unknown, opened, left."""
    from flows.bulletins import report_on

    database, bulletin = _named(arguments.bulletin)
    told = carefully(lambda: database.read(lambda c: report_on(c, bulletin)))
    database.close()
    say(f"{bulletin.title}: {bulletin.state}, {told.recipients} recipients")
    for state, number in sorted(told.states.items()):
        say(f"{state:9} {number}")
    say(f"opened    {told.opened}\nleft      {told.left}")


def _change(arguments: argparse.Namespace, does: "Callable[[Connection, Bulletin, Hand], Bulletin]") -> None:
    database, bulletin = _named(arguments.bulletin)
    by = _hand(arguments.name)
    after = carefully(lambda: database.turn(lambda c: does(c, bulletin, by)))
    database.close()
    say(f"{after.title}: {after.state}")


def _hand(name: str) -> "Hand":
    """Who acts, under the name they gave; the audit knows them as the command line."""
    from flows.broadcasting import Hand
    from flows.staff import COMMAND

    return Hand(name, COMMAND, datetime.now(UTC), settings_in_force().public_url)


def _named(name: str) -> "tuple[Any, Bulletin]":
    from models.bulletins import latest_bulletins

    database = opened()
    found = [
        each
        for each in carefully(lambda: database.read(lambda c: latest_bulletins(c, 1000)))
        if each.public_id.startswith(name)
    ]
    if len(found) != 1:
        database.close()
        refuse(
            [
                f"{name}: {'several bulletins begin' if found else 'no bulletin begins'} so; see: ladder bulletin list"
            ]
        )
    return database, found[0]


def _moment(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        refuse([f"--at: '{text}' is no moment; write it with its zone, as 2026-12-01T09:00+08:00"])
    return when
