"""What the verbs of the `ladder` command share: settings, the database made ready, the shipped editions, refusing."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from argparse import Namespace

    from fastapi import FastAPI

    from bot.telegram.account import Account
    from flows.showing import Show
    from models.edition import StoredEdition
    from models.session import Database
    from policy.schemes import Edition
    from settings import Settings
    from web.app import Beside

T = TypeVar("T")
REFUSED = 1
OWNER_ONLY = 0o077  # a umask: the database, its log and its folder hold personal data
EDITIONS = Path(__file__).resolve().parent / "policy"


def today() -> date:
    """The day in China; the one place where the clock is read for it."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def refuse(lines: Iterable[object]) -> NoReturn:
    """Say what was wrong, a line each, and end with status 1."""
    for line in lines:
        sys.stderr.write(f"{' '.join(str(line).split())}\n")
    raise SystemExit(REFUSED)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def carefully(work: "Callable[[], T]") -> "T":
    """Run what works on the database; what it refuses is one line and status 1, and never the database's address."""
    from sqlalchemy.exc import SQLAlchemyError

    from models.base import RefusedError
    from models.engines import reason_of

    try:
        return work()
    except (RefusedError, OSError) as error:
        refuse([error])
    except SQLAlchemyError as error:
        refuse([f"LADDER_DATABASE_URL: the database refused ({reason_of(error)}); ask `ladder doctor`"])


def settings_in_force() -> "Settings":
    """The settings of the environment; what does not fit is refused."""
    from pydantic import ValidationError

    from settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        refuse(f"LADDER_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())


def opened() -> "Database":
    """The database as it is, for verbs that only work on one; one that does not fit is refused."""
    from models.schema import NEWER, standing
    from models.session import Database

    url = settings_in_force().database_url.get_secret_value()
    stands = carefully(lambda: standing(url))
    if stands == "newer":
        refuse([NEWER])
    if stands != "current":
        refuse(["the database has not the tables of this version: run `ladder db upgrade`"])
    os.umask(OWNER_ONLY)
    return carefully(lambda: Database(url))


def prepare(*, always: bool = True) -> "tuple[Settings, Database]":
    """The settings and the database, with the newest tables and the shipped edition in force.

    With `always` False nothing is changed where the tables are the newest and an edition is in force.
    """
    settings = settings_in_force()
    os.umask(OWNER_ONLY)
    return settings, carefully(lambda: _prepared(settings.database_url.get_secret_value(), always=always))


def _prepared(url: str, *, always: bool) -> "Database":
    from flows.editions import is_in_force, publish_shipped
    from models.relisting import complete
    from models.schema import standing, upgrade
    from models.session import Database

    if always or standing(url) != "current":
        upgrade(url)
        always = True
    database = Database(url)
    if always or not database.read(is_in_force):
        database.turn(publish_shipped)
        database.turn(complete)
    return database


def edition_folders() -> dict[str, Path]:
    """The shipped editions: the name is province and year."""
    return {"-".join(plan.parent.parts[-2:]): plan.parent for plan in EDITIONS.glob("*/*/plan.yaml")}


def shipped(name: str) -> "Edition":
    """A shipped edition by its name, its examples left unread: the tests run them. Raises EditionError."""
    from policy.complaints import EditionError, did_you_mean
    from policy.gathering import read_folder
    from policy.load import parse_stored

    folders = edition_folders()
    if name not in folders:
        raise EditionError([f"--edition: unknown edition '{name}'{did_you_mean(name, folders)}"])
    return parse_stored(read_folder(folders[name]))


def login() -> str:
    """Who runs the command, as the system knows them."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def stored_edition(database: "Database", told: str) -> "StoredEdition":
    """A stored edition by its name, as henan-2025 (its newest draft, else what was published last) or henan-2025@3."""
    from models.draft import find_edition

    found = carefully(lambda: database.read(lambda connection: find_edition(connection, told)))
    if found is None:
        refuse([f"{told}: no such edition is stored; bring one in with: ladder policy import"])
    return found


def named_edition(told: str) -> "Edition":
    """An edition by its folder, or by its name among those stored, or by its name among those shipped."""
    from policy.complaints import EditionError
    from policy.load import load_edition, parse_stored

    try:
        if Path(told).is_dir():
            return load_edition(Path(told))
        if told in edition_folders() and "@" not in told:
            return shipped(told)
    except EditionError as error:
        refuse(error.lines)
    database = opened()
    found = stored_edition(database, told)
    database.close()
    return parse_stored(found.content)


def proofread(folder: Path, target: Path | None, day: date) -> None:
    """Write a checked edition as pages for a proofreader; nothing where no target is named."""
    if target is None:
        return
    from flows.proofs.site import write_pages

    if target.resolve().is_relative_to(folder.resolve()):
        refuse(
            [f"--pages: {target} lies in the edition's folder, which holds rules only; name another folder"]
        )
    try:
        count = write_pages(folder, target, day)
    except OSError as error:
        why = error.strerror or error
        refuse([f"--pages: {target} cannot be written ({why}); name a folder that you may write to"])
    say(f"{target / 'index.html'}: {count} pages, HTML and plain text")


def listen(app: "FastAPI", settings: "Settings", host: str, port: int) -> None:
    """Serve until told to stop. The port is taken first of all: no bot runs beside a page that cannot be served."""
    import uvicorn

    config = uvicorn.Config(app, host=host, port=port, **_served_as(settings))
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[config.bind_socket()])


def listen_with(workers: int, settings: "Settings", host: str, port: int) -> None:
    """The same in several processes, each of which makes its application."""
    import uvicorn

    from web.supervisor import Supervisor

    # A worker that is busy for a while is not dead: the usual 5 s are too short where a machine has much to do.
    config = uvicorn.Config(
        "wiring:application",
        factory=True,
        timeout_worker_healthcheck=60,
        workers=workers,
        host=host,
        port=port,
        **_served_as(settings),
    )
    Supervisor(config, sockets=[config.bind_socket()]).run()


def application() -> "FastAPI":
    """One process's application with the settings of the environment, the bot beside it."""
    from posting import beside
    from web.app import create_app

    settings = settings_in_force()
    return create_app(settings, beside(settings), shows=shows())


def shows() -> "dict[str, Show]":
    """How a message will stand on each channel that the console cannot see by itself."""
    from bot import terminal
    from bot.telegram import showing

    return {"telegram": showing.as_shown, "terminal": terminal.as_shown}


def _served_as(settings: "Settings") -> dict[str, Any]:
    # An access log would keep the addresses of visitors.
    return {"log_level": settings.log, "access_log": False, "timeout_graceful_shutdown": 2}


def telegram_account(settings: "Settings") -> "Account | None":
    """How to reach Telegram, None without a token."""
    if settings.telegram_token is None:
        return None
    from bot.telegram.account import Account
    from bot.telegram.secrecy import keep_tokens_out

    keep_tokens_out()
    proxy = settings.telegram_proxy
    token = settings.telegram_token.get_secret_value()
    return Account(
        token,
        settings.telegram_api_url,
        proxy.get_secret_value() if proxy else None,
        settings.telegram_rate,
    )


def telegram_deploy(_arguments: "Namespace") -> None:
    """Commands, descriptions and menu button of the Telegram bot; idempotent, run once a release."""
    import asyncio

    from bot.telegram.deploy import NotDeployedError, deploy

    settings = settings_in_force()
    account = telegram_account(settings)
    if account is None:
        refuse(["LADDER_TELEGRAM_TOKEN: not set; BotFather gives one"])
    try:
        name = asyncio.run(deploy(account, settings.public_url))
    except NotDeployedError as error:
        refuse([error])
    say(f"@{name}: commands, descriptions and menu button are set")


def telegram(settings: "Settings") -> "Beside | None":
    """What runs the bot beside the page; web/ and bot/ do not know each other."""
    account = telegram_account(settings)
    if account is None:
        return None
    if settings.telegram_mode == "webhook":
        refuse(["LADDER_TELEGRAM_MODE: webhook is not there yet; use polling"])
    import logging

    from bot.telegram.service import Service
    from flows.messages import Operator

    logging.basicConfig(level=settings.log.upper(), format="%(levelname)s:  %(name)s: %(message)s")
    operator = Operator(settings.operator_name, settings.operator_contact, settings.public_url)
    return lambda database: Service(database, account, operator)
