"""How often somebody may try a thing within a while: counted in memory, for this process, under a fingerprint of who tries."""

import hashlib
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from fastapi import Request

_REMEMBERED = 10_000  # who came first is forgotten first


@dataclass(slots=True)
class Attempts:
    """At most `most` tries within `seconds`, for each who tries."""

    most: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _tries: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def allows(self, who: str) -> bool:
        """Count one more try; False where there were too many (a try that is refused does not count)."""
        name, now = hashlib.sha256(who.encode()).hexdigest()[:16], self.clock()
        with self._lock:
            tries = self._tries.setdefault(name, deque())
            self._tries.move_to_end(name)
            while tries and tries[0] <= now - self.seconds:
                tries.popleft()
            allowed = len(tries) < self.most
            if allowed:
                tries.append(now)
            if len(self._tries) > _REMEMBERED:
                self._tries.popitem(last=False)
        return allowed


def comes_from(request: Request) -> str:
    """The address that asks, as the server sees it."""
    return request.client.host if request.client else ""
