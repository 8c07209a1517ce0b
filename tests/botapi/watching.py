"""Waiting until a chat shows something: blocking, or in an event loop that also runs the bot."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeAlias

from tests.botapi.chats import Chat, Message

Found: TypeAlias = object
Wanted: TypeAlias = str | Callable[[Chat], Found]


class NotSeenError(AssertionError):
    """What was waited for did not come; holds the transcript."""


def finder(chat: Chat, wanted: Wanted, since: int) -> Callable[[], Found]:
    """Text: the newest message of the bot with it, changed after revision `since`. A function: what it makes of the chat."""
    if not isinstance(wanted, str):
        return lambda: wanted(chat)

    def newest() -> Message | None:
        found = reversed(chat.bot_messages)
        return next((each for each in found if wanted in each.text and each.changed > since), None)

    return newest


def not_seen(chat: Chat, wanted: Wanted, within: float) -> NotSeenError:
    what = f'"{wanted}"' if isinstance(wanted, str) else getattr(wanted, "__name__", repr(wanted))
    return NotSeenError(f"{what} not seen within {within} s by {chat.name}:\n{chat.transcript()}")


def wait(chat: Chat, wanted: Wanted, within: float, since: int = -1) -> Found:
    """Return what was found; raises NotSeenError after `within` seconds."""
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("this would stop the event loop: await will_see(...) instead of waits_for(...)")
    find, changed, ends = finder(chat, wanted, since), threading.Event(), time.monotonic() + within
    with chat.watched(changed.set):
        while not (found := find()):
            if not changed.wait(max(ends - time.monotonic(), 0)):
                raise not_seen(chat, wanted, within)
            changed.clear()
    return found


async def wait_in_loop(chat: Chat, wanted: Wanted, within: float, since: int = -1) -> Found:
    """The same for a test that shares its event loop with the bot."""
    find, changed, loop = finder(chat, wanted, since), asyncio.Event(), asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(changed.set)

    with chat.watched(wake):
        try:
            async with asyncio.timeout(within):
                while not (found := find()):
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            raise not_seen(chat, wanted, within) from None
    return found
