"""Several senders beside the page, as one thing that starts, runs and stops."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol


class Part(Protocol):
    """One of them."""

    def running(self) -> AbstractAsyncContextManager[None]: ...
    def ails(self) -> str | None: ...
    def known_as(self) -> str | None: ...


class Together:
    """The first of them that ails, or has a name, speaks for all."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all of them within the block."""
        async with AsyncExitStack() as stack:
            for each in self._parts:
                await stack.enter_async_context(each.running())
            yield

    def ails(self) -> str | None:
        """What a health check should say of them; None while all are well."""
        return next((said for each in self._parts if (said := each.ails()) is not None), None)

    def known_as(self) -> str | None:
        """The name under which one of them is found."""
        return next((name for each in self._parts if (name := each.known_as()) is not None), None)
