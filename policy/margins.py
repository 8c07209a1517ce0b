"""What editors write in the margin of a rule file (the YAML comments): where a text was seen, which original is missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ALONE = re.compile(r"\s*#+\s*(.*)")
_BESIDE = re.compile(r"""(?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)#)*?\s#\s*(.*)""")
_ENDS = ("。", "！", "？")


@dataclass(frozen=True, slots=True)
class Margins:
    """Notes that stand on lines of their own, a sentence each, and those that stand beside something, by line (from 1)."""

    alone: tuple[str, ...] = ()
    beside: Mapping[int, str] = field(default_factory=dict)


def read_margins(text: str) -> Margins:
    """The notes of a file. A note that runs over several lines is put together again."""
    alone: list[str] = []
    beside: dict[int, str] = {}
    runs_on = False
    for number, line in enumerate(text.splitlines(), 1):
        if found := _ALONE.fullmatch(line):
            if runs_on:
                alone[-1] += found[1].rstrip()
            elif found[1]:
                alone.append(found[1].rstrip())
            runs_on = bool(alone) and bool(found[1]) and not alone[-1].endswith(_ENDS)
            continue
        runs_on = False
        if found := _BESIDE.fullmatch(line):
            beside[number] = found[1].rstrip()
    return Margins(tuple(alone), beside)
