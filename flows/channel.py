"""The port that every chat channel implements. The channels themselves are under bot/ and web/."""

from dataclasses import dataclass
from typing import Protocol

from flows.messages import Reply


class Undeliverable(Exception):  # noqa: N818  the name the design gives it: an outcome, told by raising
    """A reply that did not go out. `permanent`: it never will; otherwise try again, after `wait` seconds if told.

    `gone`: nobody is at this address any more (blocked, deactivated), so nothing else will go out there either.
    `shown`: how many messages of a reply that takes several did go out; the next try leaves them out (`Place.skip`).
    `unsure`: it may have arrived all the same; a reply is then repeated, a bulletin is not.
    """

    def __init__(  # noqa: PLR0913  what a failure tells
        self,
        message: str,
        *,
        permanent: bool,
        wait: float | None = None,
        gone: bool = False,
        shown: int = 0,
        unsure: bool = False,
    ) -> None:
        self.permanent = permanent
        self.wait = wait
        self.gone = gone
        self.shown = shown
        self.unsure = unsure
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Card:
    """Our newest message at an address: its id on the channel, which kind of reply it shows, and whether it has buttons."""

    id: str
    kind: str
    has_buttons: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply belongs: `tapped` is the message whose button it answers, `card` our newest one there.

    `skip`: how many of the messages that it takes were shown by an earlier try.
    """

    tapped: str | None = None
    card: Card | None = None
    skip: int = 0


class Channel(Protocol):
    """A way to reach people (渠道)."""

    async def send(self, address: str, reply: Reply, place: Place) -> str | None:
        """Deliver one reply and return the id of the message that shows it. Raises Undeliverable."""
