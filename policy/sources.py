"""Files -> YAML nodes. Whatever YAML can do beyond plain mappings, lists and values is refused here, in bounded time.

What the nodes hold is read in entries.py, what they mean in load.py and its neighbours.
"""

import re
from collections.abc import Iterable

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent
from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from policy.complaints import Complaints
from policy.entries import Entry

_DEPTH = 30  # the deepest rule shipped has 12 levels; the C reader crashes on some tens of thousands
_TOO_DEEP = f"nested more than {_DEPTH} levels deep; write it flatter"
_SHALLOW = 10_000  # a text so short cannot nest that deep
_BEYOND = re.compile(r"[&*!]")  # without any of these there is no anchor, no alias and no tag


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one or the other
    """Nodes without YAML's guess at their type: what a value is, the rules know."""

    def resolve(self, _kind: type[Node], _value: object, _implicit: object) -> str:
        return "tag:yaml.org,2002:str"


def parse(text: str, file: str, complaints: Complaints, *, checked: bool = False) -> Entry | None:
    """The file's root entry, or None after complaining that it is no YAML, or empty, or more than plain YAML.

    `checked`: it was found plain when it was stored, which need not be found again.
    """
    try:
        is_plain = checked or (len(text) < _SHALLOW and _BEYOND.search(text) is None)
        if not is_plain and (beyond := _beyond_plain(text)) is not None:
            complaints.add(file, *beyond)
            return None
        node = yaml.compose(text, Loader=_Loader)
        if is_plain and not checked and node is not None and (deep := _too_deep(node)) is not None:
            complaints.add(file, _line(deep.start_mark), _TOO_DEEP)
            return None
    except yaml.MarkedYAMLError as error:
        said = " ".join(filter(None, (error.context, error.problem)))
        hint = "check brackets, quotes and indents (spaces, no tabs)"
        complaints.add(file, _line(error.problem_mark), f"not readable as YAML: {said}; {hint}")
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        complaints.add(file, line, f"not readable as YAML: {error.reason}; remove the character")
        return None
    if node is None:
        complaints.add(file, 1, "the file is empty; fill it or remove it")
        return None
    return Entry(node, file, complaints)


def _beyond_plain(text: str) -> tuple[int, str] | None:
    """Line and message of the first alias, tag or absurd depth. Events come without recursion and without expansion."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        message = _complaint(event)
        if depth > _DEPTH:
            message = _TOO_DEEP
        if message is not None:
            return _line(event.start_mark), message
    return None


def _too_deep(root: Node) -> Node | None:
    """The first node beyond the depth that is read, if any; level by level, because recursion would be the trap."""
    level: list[Node] = [root]
    for _ in range(_DEPTH):
        level = [inner for node in level for inner in _inside(node)]
        if not level:
            return None
    return next((node for node in level if isinstance(node, CollectionNode)), None)


def _inside(node: Node) -> Iterable[Node]:
    if isinstance(node, MappingNode):
        return (each for pair in node.value for each in pair)
    return node.value if isinstance(node, SequenceNode) else ()


def _line(mark: object) -> int:
    """Counted from 1; the C reader's marks and Python's have no class in common."""
    return int(getattr(mark, "line", 0)) + 1


def _complaint(event: Event) -> str | None:
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        return f"'{event.tag}' is a tag; remove it, the rules know what kind of value they want"
    if isinstance(event, NodeEvent) and event.anchor is not None:
        return f"'{event.anchor}' is an anchor or an alias (&, *); write out what it stands for"
    return None
