"""Sending a reply as mail. An address is an e-mail address; the id of what was sent is the letter's Message-ID."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot.email.account import MailAccount
from bot.email.letter import letter_of
from bot.email.post import post
from flows.channel import Place, Undeliverable
from flows.messages import Reply

AT_ONCE = 16
_AILS_AFTER = 300.0


class MailChannel:
    """The port of flows/channel.py for one mail server."""

    def __init__(self, account: MailAccount, now: Callable[[], datetime]) -> None:
        self._account, self._now = account, now
        self._threads = ThreadPoolExecutor(AT_ONCE, "mail")
        self._failing_since: float | None = None

    async def send(self, address: str, reply: Reply, place: Place) -> str | None:  # noqa: ARG002  the port's signature: a letter stands alone
        """Write the letter and hand it to the server."""
        letter = letter_of(reply, address, self._account, self._now())
        loop = asyncio.get_running_loop()
        try:
            sent = await loop.run_in_executor(self._threads, post, self._account, letter, address)
        except Undeliverable as failure:
            self._note(works=failure.permanent)
            raise
        self._note(works=True)
        return sent

    def _note(self, *, works: bool) -> None:
        """A refusal for good is the server's word, too: only one that lets nothing pass ails."""
        if works:
            self._failing_since = None
        elif self._failing_since is None:
            self._failing_since = time.monotonic()

    def ails(self) -> str | None:
        """What a health check should say; None while letters go out, or none had to."""
        since = self._failing_since
        if since is None or time.monotonic() - since < _AILS_AFTER:
            return None
        return f"no mail has gone out for {int(time.monotonic() - since)} s"

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
