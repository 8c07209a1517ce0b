"""A small mail server for tests: it takes letters, refuses, hangs up or falls silent where a test tells it to, and keeps a ledger."""

import asyncio
import base64
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

CUT, SILENT, CUT_AFTER = "cut", "silent", "cut after it took it"


@dataclass
class Mailbag:
    """What came in, and what is to go wrong: `at_recipient` and `at_letter` hold replies by address, one a try.

    A reply is a line such as `550 5.1.1 no such user`, or CUT, SILENT, CUT_AFTER.
    """

    password: str | None = None
    at_recipient: dict[str, deque[str]] = field(default_factory=dict)
    at_letter: dict[str, deque[str]] = field(default_factory=dict)
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    sessions: int = 0
    context: ssl.SSLContext | None = None
    port: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for there, letter in self.letters if there == address]


@asynccontextmanager
async def serving(bag: Mailbag, *, wrapped: bool = False) -> AsyncIterator[Mailbag]:
    """Serve on a free port of the loopback; `wrapped`: TLS from the first byte."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bag.sessions += 1
        try:
            await _Session(bag, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(
        answer, "127.0.0.1", bag.port, ssl=bag.context if wrapped else None, limit=1 << 20
    )
    bag.port = server.sockets[0].getsockname()[1]
    try:
        yield bag
    finally:
        server.close()


class _HungUpError(ConnectionError):
    """The server ends the connection."""


class _Session:
    def __init__(self, bag: Mailbag, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._bag, self._reader, self._writer = bag, reader, writer
        self._address = ""
        self._let_in = bag.password is None

    async def run(self) -> None:
        await self._say("220 loopback")
        while line := (await self._reader.readuntil(b"\r\n")).decode().strip():
            verb, _, rest = line.partition(" ")
            await getattr(self, f"_on_{verb.lower()}", self._on_other)(rest)

    async def _say(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())
        await self._writer.drain()

    async def _on_ehlo(self, _rest: str) -> None:
        extras = ["250-loopback"]
        if self._bag.context is not None:
            extras.append("250-STARTTLS")
        await self._say("\r\n".join([*extras, "250 AUTH PLAIN"]))

    async def _on_starttls(self, _rest: str) -> None:
        await self._say("220 go on")
        assert self._bag.context is not None
        await self._writer.start_tls(self._bag.context)

    async def _on_auth(self, rest: str) -> None:
        self._let_in = bool(self._bag.password) and _plain(rest) == self._bag.password
        await self._say("235 welcome" if self._let_in else "535 5.7.8 no")

    async def _on_mail(self, _rest: str) -> None:
        await self._say("250 ok" if self._let_in else "530 5.7.0 who are you")

    async def _on_rcpt(self, rest: str) -> None:
        self._address = rest.partition("<")[2].partition(">")[0]
        self._bag.tries.append(self._address)
        await self._act(self._bag.at_recipient.get(self._address), "250 ok")

    async def _on_data(self, _rest: str) -> None:
        await self._say("354 go on")
        raw = await self._reader.readuntil(b"\r\n.\r\n")
        act = self._bag.at_letter.get(self._address)
        if act and act[0] == CUT_AFTER:
            self._keep(raw)
        if await self._act(act, "250 taken"):
            self._keep(raw)

    def _keep(self, raw: bytes) -> None:
        undotted = raw[:-3].replace(b"\r\n..", b"\r\n.")
        self._bag.letters.append((self._address, message_from_bytes(undotted, policy=policy.default)))

    async def _on_other(self, _rest: str) -> None:
        await self._say("250 ok")

    async def _act(self, planned: deque[str] | None, otherwise: str) -> bool:
        """Do what is planned next, else answer so. True where it was taken."""
        act = planned.popleft() if planned else otherwise
        if act in {CUT, CUT_AFTER}:
            raise _HungUpError
        if act == SILENT:
            await asyncio.sleep(3600)
        await self._say(act)
        return act.startswith("2")


def _plain(told: str) -> str:
    return base64.b64decode(told.rsplit(maxsplit=1)[-1]).decode().split("\0")[-1]
