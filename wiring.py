"""What the verbs of the `ladder` command share: settings, the database made ready, the shipped editions, refusing."""

import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from models.session import Database
    from policy.schemes import Edition
    from settings import Settings

REFUSED = 1
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


def carefully(work: Callable[[], Path | None]) -> Path | None:
    """Run an operation; what it refuses is one line and status 1."""
    from models.base import RefusedError

    try:
        return work()
    except (RefusedError, OSError) as error:
        refuse([error])


def settings_in_force() -> "Settings":
    """The settings of the environment; what does not fit is refused."""
    from pydantic import ValidationError

    from settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        refuse(f"LADDER_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())


def prepare() -> "tuple[Settings, Database]":
    """The settings and the database, with the newest tables and the shipped edition in force."""
    from sqlalchemy.exc import SQLAlchemyError

    from flows.editions import publish_shipped
    from models.base import RefusedError
    from models.schema import upgrade
    from models.session import Database

    settings = settings_in_force()
    url = settings.database_url.get_secret_value()
    try:
        upgrade(url)
        database = Database(url)
        database.turn(publish_shipped)
    except (RefusedError, SQLAlchemyError, OSError) as error:
        refuse([f"LADDER_DATABASE_URL: {str(error).splitlines()[0]}; ask `ladder doctor`"])
    return settings, database


def edition_folders() -> dict[str, Path]:
    """The shipped editions: the name is province and year."""
    return {"-".join(plan.parent.parts[-2:]): plan.parent for plan in EDITIONS.glob("*/*/plan.yaml")}


def shipped(name: str) -> "Edition":
    """A shipped edition by its name. Raises EditionError."""
    from policy.complaints import EditionError, did_you_mean
    from policy.load import load_edition

    folders = edition_folders()
    if name not in folders:
        raise EditionError([f"--edition: unknown edition '{name}'{did_you_mean(name, folders)}"])
    return load_edition(folders[name])
