"""A YAML node that knows its file and line, read as what it should hold; complains where it holds something else."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from policy.complaints import Complaints, closest, known_are
from policy.quantities import read_day, read_month, read_percent, read_whole, read_yuan

_KINDS = {MappingNode: "a mapping", SequenceNode: "a list", ScalarNode: "a single value"}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_Read = TypeVar("_Read")
_StandIn = TypeVar("_StandIn")


@dataclass(frozen=True, slots=True)
class Entry:
    """One YAML node with its file and the list to complain to. After a complaint a reader hands out a stand-in of the
    right type, so that one pass finds every mistake."""

    node: Node
    file: str
    complaints: Complaints

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    def complain(self, message: str) -> None:
        self.complaints.add(self.file, self.line, message)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, SequenceNode)

    @property
    def is_null(self) -> bool:
        """Nothing stands there, or `null` without quotes."""
        return isinstance(self.node, ScalarNode) and not self.node.style and self.node.value in _NULLS

    def entries(self, required: Iterable[str] = (), optional: Iterable[str] | None = None) -> "Parts":
        """The mapping's entries; complains of equal keys, of required ones that are absent, and (unless `optional`
        is None: any key may come) of unknown ones."""
        if not isinstance(self.node, MappingNode):
            self.complain(f"expected a mapping (key: value), found {self._found}")
            return Parts()
        required = tuple(required)
        known = None if optional is None else (*required, *optional)
        found, meant = Parts(), set[str | None]()
        for key_node, value_node in self.node.value:
            key = Entry(key_node, self.file, self.complaints)
            name = key.text()
            if name and name not in found and (known is None or name in known):
                found[name] = Entry(value_node, self.file, self.complaints)
            elif name in found:
                key.complain(f"key '{name}' stands here twice; keep one (first at line {found[name].line})")
            elif name and known is not None:
                key.complain(f"unknown key '{name}'{known_are(name, known)}")
                meant.add(closest(name, known))
        for name in required:
            if name not in found and name not in meant:
                self.complain(f"'{name}' is missing; add it")
        return found

    def items(self) -> "Iterator[Entry]":
        if not isinstance(self.node, SequenceNode):
            self.complain(f"expected a list, found {self._found}")
            return
        for node in self.node.value:
            yield Entry(node, self.file, self.complaints)

    @property
    def _found(self) -> str:
        return "nothing" if self.is_null else _KINDS[type(self.node)]

    def scalar(self) -> str:
        """A single value as it is written; it may be empty."""
        if not isinstance(self.node, ScalarNode):
            self.complain(f"expected a single value, found {self._found}")
            return ""
        return str(self.node.value)

    def text(self) -> str:
        """A single value that says something."""
        node = self.node
        if type(node) is ScalarNode and node.value.strip() and node.value not in _NULLS:
            return str(node.value)  # nearly always; an edition asks for some ten thousand of them
        text = self.scalar()
        if isinstance(self.node, ScalarNode) and (self.is_null or not text.strip()):
            self.complain("the value is empty; fill it in or remove the key")
        return text

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def truth(self) -> bool:
        return self._read(
            {"true": True, "false": False}.get, False, "is not true or false; write one of the two"
        )

    def whole(self) -> int:
        return self._read(read_whole, 0, "is not a whole number; write it in digits, as 2025")

    def yuan(self) -> int:
        return self._read(read_yuan, 0, "is not an amount; write it as 5000万, 1.5亿 or 300元")

    def percent(self) -> Decimal:
        return self._read(read_percent, Decimal(0), "is not a percentage; write it as 15%")

    def month(self) -> int:
        return self._read(read_month, 0, "is not a month; write it as 2025-09")

    def day(self) -> date:
        return self._read(read_day, date.min, "is not a day; write it as 2025-09-01")

    def _read(self, read: Callable[[str], _Read | None], stand_in: _Read, complaint: str) -> _Read:
        text = self.scalar()
        value = read(text)
        if value is None and isinstance(self.node, ScalarNode):
            shown = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004  enough to find it by
            self.complain(f"'{shown}' {complaint}")
        return stand_in if value is None else value

    def word(self, known: Iterable[str]) -> str:
        """One of the known words; the first of them after a complaint that names the close one, or all."""
        text, known = self.text(), tuple(known)
        if text in known:
            return text
        if text:
            self.complain(f"unknown word '{text}'{known_are(text, known)}")
        return known[0] if known else ""


class Parts(dict[str, Entry]):
    """A mapping's entries by key. An absent one reads as a stand-in: that it should be there was complained of."""

    def read(self, key: str, read: Callable[[Entry], _Read], stand_in: _StandIn) -> _Read | _StandIn:
        return read(self[key]) if key in self else stand_in

    def text(self, key: str) -> str:
        return self.read(key, Entry.text, "")

    def texts(self, key: str) -> tuple[str, ...]:
        return self.read(key, Entry.texts, ())
