"""The port that every chat channel implements. The channels themselves are under bot/ and web/."""

from typing import Protocol

from flows.messages import Reply


class Undeliverable(Exception):  # noqa: N818  the name the design gives it: an outcome, told by raising
    """A reply that did not go out. `permanent`: it never will (blocked, gone); otherwise try again."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(message)


class Channel(Protocol):
    """A way to reach people (渠道)."""

    async def send(self, address: str, reply: Reply) -> None:
        """Deliver one reply. Raises Undeliverable."""
