"""How the console's pages write moments and details."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flows.messages import SHANGHAI
from models.base import JsonObject, write_json


def local(moment: datetime) -> str:
    """A moment as people in China read it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def details(detail: JsonObject, personal: JsonObject | None) -> str:
    """What an act says besides, on one line: `from: advisor; to: administrator`."""
    return "; ".join(f"{key}: {_plain(value)}" for key, value in (detail | (personal or {})).items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else write_json(value)


TELLING: Mapping[str, Callable[..., str]] = {"local": local, "details": details}
