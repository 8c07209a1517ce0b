"""What an update can mean to the talk. handlers.py makes these, dispatcher.py gives each its turn."""

from dataclasses import dataclass
from typing import TypeAlias

from flows.messages import Incoming

CHANNEL = "telegram"


def mini_app(site: str) -> str:
    """Where the page opens as a Mini App; empty where it cannot: Telegram opens HTTPS only."""
    return f"{site}/telegram" if site.startswith("https://") else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A private message or a tap; `query` is the tap that waits for its toast."""

    incoming: Incoming
    query: str | None = None


@dataclass(frozen=True, slots=True)
class InGroup:
    """Something in a group; of who said what nothing is kept."""

    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody let us in or threw us out."""

    address: str
    gone: bool


Heard: TypeAlias = Said | InGroup | Moved
