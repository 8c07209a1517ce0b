"""What a button carries: `1:<revision>:<slot>:<choice>`, short and checked. It is read back as a claim, never as a fact."""

import re
from dataclasses import dataclass

from flows.messages import Choice, Reply
from flows.slots import short_form

LONGEST = 64
_SHAPE = re.compile(r"1:([0-9a-f]{0,8}):([a-z0-9_.#]*):([a-z0-9_.:-]+)")
_NOBODYS = "?"


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button claims: a choice, and the slot and revision of the reply that it hung on."""

    choice: str
    about: str | None
    revision: int | None


STALE = Pressed(_NOBODYS, _NOBODYS, None)
"""A button that nobody can have been shown: it answers no question, so the talk shows the open one."""


def pack(reply: Reply, choice: Choice) -> str | None:
    """The button's data; None where even the short form is too long (the words still work then)."""
    revision = "" if reply.revision is None else f"{reply.revision:x}"
    slots = ("",) if reply.fact is None else (reply.fact, short_form(reply.fact))
    packed = (f"1:{revision}:{slot}:{choice.key}" for slot in slots)
    return next((data for data in packed if len(data) <= LONGEST and _SHAPE.fullmatch(data)), None)


def unpack(data: str | None) -> Pressed:
    """What the button's data says; STALE for what never was ours."""
    found = _SHAPE.fullmatch(data or "")
    if found is None or len(data or "") > LONGEST:
        return STALE
    revision, about, choice = found.groups()
    return Pressed(choice, about or None, int(revision, 16) if revision else None)
