"""What a colleague was handed, as their talk holds it. How the answers get back to the owner is in handback.py."""

from dataclasses import dataclass, field
from typing import Any

from flows.slots import EXACTLY, Sheet


@dataclass(slots=True)
class Handed:
    """What the talk of a colleague is about, kept in its focus. `back`: the own assessment that the talk returns to."""

    id: int
    slots: list[str]
    left: list[str]
    done: list[str] = field(default_factory=list)
    back: int | None = None
    over: bool = False

    def note(self, slot: str) -> None:
        """A question was answered, or passed over for good."""
        plain = slot.removesuffix(f".{EXACTLY}")
        self.left = [each for each in self.left if each != plain]
        self.done = [*(each for each in self.done if each != plain), plain]

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "slots": self.slots, "left": self.left, "done": self.done, "back": self.back}


def is_aside(sheet: Sheet, slot: str) -> bool:
    """Whether a question, or its precise figure, is put aside and not answered by now."""
    entries = (sheet.entries.get(slot), sheet.entries.get(f"{slot}.{EXACTLY}"))
    return any(entry is not None and entry.kind == "skipped" for entry in entries)
