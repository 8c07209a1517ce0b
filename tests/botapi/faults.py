"""Bad days on purpose: which calls go wrong, how, and how often."""

import threading
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

Kind = Literal["flood", "error", "cut", "half", "hang", "delay"]


class Scope(TypedDict, total=False):
    """Which calls: `times` None is "until stopped", `after` lets that many pass first.

    Without a method all but getUpdates are meant, for a poller would use a fault up before its turn.
    """

    method: str | None
    chat: int | None
    times: int | None
    after: int


@dataclass(slots=True, eq=False)
class Fault:
    """One fault. `hits` counts the calls it struck."""

    kind: Kind
    took_effect: bool = False
    status: int = 0
    seconds: float = 0
    method: str | None = None
    chat: int | None = None
    times: int | None = 1
    after: int = 0
    with_result: bool = False
    hits: int = 0
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True

    @property
    def spent(self) -> bool:
        return self.stopped or (self.times is not None and self.hits >= self.times)

    def meets(self, method: str, chat: int | None) -> bool:
        if self.method is None and method == "getUpdates":
            return False
        return self.method in {None, method} and self.chat in {None, chat}


class Faults:
    """The faults to come. Of several that meet a call, the one that was ordered first strikes; only delays add up."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._lock = threading.Lock()

    def flood(self, retry_after: int, **scope: Unpack[Scope]) -> Fault:
        """429 with retry_after; nothing happens. The server does not keep the time itself."""
        return self._order(Fault("flood", seconds=retry_after, **scope))

    def error(self, status: int = 502, *, took_effect: bool = False, **scope: Unpack[Scope]) -> Fault:
        """A proxy's HTML page instead of an answer."""
        return self._order(Fault("error", took_effect, status, **scope))

    def cut(self, *, took_effect: bool, **scope: Unpack[Scope]) -> Fault:
        """The connection is reset, before or after the call took effect."""
        return self._order(Fault("cut", took_effect, **scope))

    def half(self, **scope: Unpack[Scope]) -> Fault:
        """The call took effect; its answer breaks off in the middle."""
        return self._order(Fault("half", took_effect=True, **scope))

    def hang(self, *, took_effect: bool = False, **scope: Unpack[Scope]) -> Fault:
        """No answer ever."""
        return self._order(Fault("hang", took_effect, **scope))

    def delay(self, seconds: float, **scope: Unpack[Scope]) -> Fault:
        """Late, but well: `seconds` before the call takes effect."""
        return self._order(Fault("delay", took_effect=True, seconds=seconds, **scope))

    def lose_updates(self, times: int | None = 1) -> Fault:
        """An answer of getUpdates that holds updates is lost on its way; they stay unconfirmed."""
        return self._order(Fault("cut", took_effect=True, method="getUpdates", times=times, with_result=True))

    def stop(self) -> None:
        """No fault from now on."""
        with self._lock:
            for fault in self._ordered:
                fault.stop()
            self._ordered.clear()

    def _order(self, fault: Fault) -> Fault:
        with self._lock:
            self._ordered.append(fault)
        return fault

    def take(self, method: str, chat: int | None) -> tuple[Fault | None, float]:
        """Return the fault that strikes this call, if any, and the seconds of delay. A fault that waits for a result
        is only shown: the door counts it when it strikes."""
        if not self._ordered:
            return None, 0
        with self._lock:
            self._ordered = [each for each in self._ordered if not each.spent]
            meeting = [each for each in self._ordered if each.meets(method, chat)]
            late = [each for each in meeting if each.kind == "delay" and _counted(each)]
            others = (each for each in meeting if each.kind != "delay")
            striking = next((each for each in others if each.with_result or _counted(each)), None)
        return striking, sum(each.seconds for each in late)


def _counted(fault: Fault) -> bool:
    """Whether it is the fault's turn; if so, this counts as a hit."""
    if fault.after > 0:
        fault.after -= 1
        return False
    fault.hits += 1
    return True
