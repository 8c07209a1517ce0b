"""The verbs of `ladder staff`, and the link by which the first administrator gets in."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wiring import carefully, opened, refuse, say, settings_in_force

if TYPE_CHECKING:
    from argparse import Namespace

    from sqlalchemy import Connection

    from flows.staff import By
    from models.session import Database
    from settings import Settings


def first_administrator(database: "Database") -> str | None:
    """Where nobody can sign in to the console yet: the token of a one-time link, for an account made now."""
    from flows.staff import first_administrator as invited

    return database.turn(lambda connection: invited(connection, "admin", datetime.now(UTC)))


def greet(settings: "Settings", first_link: str | None, host: str, port: int) -> None:
    """Say where to go and, the first time, by which link the first administrator gets in."""
    say(f"Open http://{host}:{port}/ in a browser; talk in the terminal with: make chat")
    if first_link is not None:
        say(
            f"The first administrator ('admin') sets up here, once, within 24 hours: {link_of(settings, first_link, host, port)}"
        )
    sys.stdout.flush()


def link_of(settings: "Settings", token: str, host: str = "", port: int = 0) -> str:
    """A one-time link as it is handed over."""
    site = settings.public_url or f"http://{host or settings.host}:{port or settings.port}"
    return f"{site}/console/link/{token}"


def staff_add(arguments: "Namespace") -> None:
    """Invite somebody to the console; prints a one-time link, never a password."""
    from flows.staff import invite

    _say_link(lambda connection, by: invite(connection, arguments.name, arguments.role, by)[1])


def staff_reset(arguments: "Namespace") -> None:
    """Void somebody's password and second factor; prints a one-time link to set them anew."""
    from flows.staff import start_anew
    from models.base import RefusedError
    from models.staff import staff_by_name

    def work(connection: "Connection", by: "By") -> str:
        who = staff_by_name(connection, arguments.name)
        if who is None:
            raise RefusedError(f"nobody is called '{arguments.name}'; see: ladder staff list")
        return start_anew(connection, who, by)

    _say_link(work)


def staff_list(_arguments: "Namespace") -> None:
    """Who has an account: name, role, state, cities."""
    from models.staff import all_staff, cities_of

    database = opened()
    people = database.read(lambda c: [(each, cities_of(c, each.id)) for each in all_staff(c)])
    for each, cities in people:
        say(f"{each.name}  {each.role}  {each.state}  {'、'.join(cities)}".rstrip())
    database.close()


def _say_link(work: "Callable[[Connection, By], str]") -> None:
    from flows.staff import COMMAND, By, DeclinedError
    from web.console.wording import translator

    database = opened()
    try:
        token = carefully(lambda: database.turn(lambda c: work(c, By(COMMAND, datetime.now(UTC)))))
    except DeclinedError as declined:
        refuse([translator("en")(str(declined))])
    finally:
        database.close()
    say(f"good once, for 24 hours: {link_of(settings_in_force(), token)}")
