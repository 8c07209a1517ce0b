"""How much one visitor, or one address, may ask for: token buckets in memory, one set a process.

An address is kept as a salted hash for minutes, never written down. A whole office behind one address has room.
"""

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.errors import ErrorPages
from web.visitors import COOKIES, SECRET

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CODES = ("/resume", "/check", "/telegram", "/console/sign-in")
"""Where codes and passwords are typed in: guessing is slow there."""
_FREE = ("/static/",)  # from memory, cached for good


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """All that is bounded at the door. Counts hold for each process; sizes are bytes."""

    reads_of_visitor: Rate = Rate(300, 5)
    writes_of_visitor: Rate = Rate(120, 1)
    codes_of_visitor: Rate = Rate(10, 1 / 6)
    reads_of_address: Rate = Rate(6000, 100)
    writes_of_address: Rate = Rate(1200, 20)
    codes_of_address: Rate = Rate(60, 1)
    kept: int = 50_000
    body: int = 64 * 1024
    upload: int = 5 * 1024 * 1024
    body_seconds: float = 20
    headers: int = 16 * 1024
    address_line: int = 4 * 1024

    def lifted(self) -> "Limits":
        """The same without bounds on how often: for measurements and long tests."""
        free = Rate(10**9, 10**9)
        names = ("reads", "writes", "codes")
        unbound = {f"{name}_of_{whom}": free for name in names for whom in ("visitor", "address")}
        return replace(self, **unbound)  # type: ignore[arg-type]  # only the six rates are named


class Buckets:
    """Token buckets by key, the longest unused forgotten first: memory stays bounded whoever asks."""

    def __init__(self, rate: Rate, kept: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._kept, self._clock = rate, kept, clock
        self._filled: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._filled)

    def take(self, key: bytes) -> float:
        """Take one; 0 where there was one, else the seconds until there is."""
        now, rate = self._clock(), self._rate
        left, since = self._filled.pop(key, (float(rate.burst), now))
        left = min(float(rate.burst), left + (now - since) * rate.per_second)
        wait = 0.0 if left >= 1 else (1 - left) / rate.per_second
        self._filled[key] = (left - 1 if left >= 1 else left, now)
        if len(self._filled) > self._kept:
            self._filled.popitem(last=False)
        return wait


class RateLimiter:
    """Refuses with 429 and says when to come again. Nothing of a refused request is read."""

    def __init__(self, app: ASGIApp, limits: Limits, errors: ErrorPages) -> None:
        self._app, self._errors = app, errors
        self._salt = secrets.token_bytes(16)
        self._buckets = {
            (kind, whom): Buckets(getattr(limits, f"{kind}_of_{whom}"), limits.kept)
            for kind in ("reads", "writes", "codes")
            for whom in ("visitor", "address")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(_FREE):
            request = Request(scope)
            wait = self._wait(request)
            if wait:
                headers = {"Retry-After": str(math.ceil(wait))}
                said = f"点得太快了，请等 {math.ceil(wait)} 秒再试。已经答过的都存着，没有丢。"
                await self._errors.page(request, 429, said, headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _wait(self, request: Request) -> float:
        kind = _kind(request)
        for whom, key in self._keys(
            request
        ):  # whoever is over their own bound takes nothing from their office's
            wait = self._buckets[kind, whom].take(key)
            if wait:
                return wait
        return 0.0

    def _keys(self, request: Request) -> Iterator[tuple[str, bytes]]:
        for name in COOKIES:
            secret = request.cookies.get(name, "")
            if SECRET.fullmatch(secret):
                yield "visitor", self._hashed(secret)
                break
        yield "address", self._hashed(network(request.client.host if request.client else ""))

    def _hashed(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._salt, digest_size=16).digest()


def _kind(request: Request) -> str:
    path = request.url.path
    is_write = request.method not in SAFE
    if any(path == each or path.startswith(f"{each}/") for each in CODES):
        return "codes" if is_write or request.url.query or path not in CODES else "reads"
    return "writes" if is_write else "reads"


def network(host: str) -> str:
    """Whose requests count together. An IPv6 customer has a whole /64 and can change within it at will."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped) if found.ipv4_mapped else found.exploded[:19]
    return host
