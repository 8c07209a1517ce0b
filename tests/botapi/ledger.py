"""Every call that the bot made, with its outcome, and the violations: calls that no bot should make on any day."""

import time
from dataclasses import dataclass, field

from tests.botapi.methods import Json, Parameters


@dataclass(slots=True)
class Call:
    """One call. `at` and `ended` are time.monotonic(); `outcome` is ok, refused, or the fault; `code` is 0 for none."""

    method: str
    parameters: Parameters
    chat: int | None
    at: float = field(default_factory=time.monotonic)
    ended: float | None = None
    outcome: str = "open"
    code: int = 0
    took_effect: bool = False
    result: Json = None
    description: str = ""

    def end(self, outcome: str, code: int = 0, description: str = "") -> None:
        self.outcome, self.code, self.description = outcome, code, description
        self.ended = time.monotonic()


class Ledger:
    """Calls in the order of their arrival."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.violations: list[str] = []

    def open(self, method: str, parameters: Parameters, chat: int | None) -> Call:
        call = Call(method, parameters, chat)
        self.calls.append(call)
        return call

    def of(self, method: str | None = None, chat: int | None = None) -> list[Call]:
        return [
            each
            for each in list(self.calls)
            if (method is None or each.method == method) and (chat is None or each.chat == chat)
        ]
