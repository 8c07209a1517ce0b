"""Whether words say yes or no to "are you sure?" or "is that right?"; facts are read in answering.py."""

from flows.answers import Ask, read
from flows.commands import Command, plain
from flows.words import CHANGE_IT, RIGHT, WRONG


def agrees(said: str) -> bool | None:
    """Yes or no to what was said back; None where it is something else."""
    said = plain(said)
    if said in {Command.YES, *RIGHT}:
        return True
    if said in {Command.NO, *WRONG}:
        return False
    reading = read(said, Ask("yesno"))
    return reading.value is True if reading.kind == "yesno" and not reading.confirm else None


def agrees_to_change(said: str) -> bool | None:
    """The same to "shall this be changed?", where `改` is a yes."""
    return True if plain(said) in CHANGE_IT else agrees(said)
