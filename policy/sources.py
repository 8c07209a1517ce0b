"""Files -> YAML nodes. Whatever YAML can do beyond plain mappings, lists and values is refused here, in bounded time.

What the nodes hold is read in entries.py, what they mean in load.py and its neighbours.
"""

from pathlib import Path

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event, NodeEvent, ScalarEvent

from policy.complaints import Complaints, EditionError
from policy.entries import Entry

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEPTH = 30  # the deepest rule shipped has 12 levels; the C reader crashes on some tens of thousands


def parse(text: str, file: str, complaints: Complaints) -> Entry | None:
    """The file's root entry, or None after complaining that it is no YAML, or empty, or more than plain YAML."""
    try:
        if (beyond := _beyond_plain(text)) is not None:
            complaints.add(file, *beyond)
            return None
        node = yaml.compose(text, Loader=_Loader)
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
            message = f"nested more than {_DEPTH} levels deep; write it flatter"
        if message is not None:
            return _line(event.start_mark), message
    return None


def _line(mark: object) -> int:
    """Counted from 1; the C reader's marks and Python's have no class in common."""
    return int(getattr(mark, "line", 0)) + 1


def _complaint(event: Event) -> str | None:
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        return f"'{event.tag}' is a tag; remove it, the rules know what kind of value they want"
    if isinstance(event, NodeEvent) and event.anchor is not None:
        return f"'{event.anchor}' is an anchor or an alias (&, *); write out what it stands for"
    return None


def read_folder(folder: Path) -> dict[str, str]:
    """Every file of an edition below the folder, as `schemes/x.yaml` -> its text.

    Raises EditionError where the folder is not there, or a file is no YAML file or not UTF-8.
    """
    complaints = Complaints()
    files = gather_files(folder, complaints)
    complaints.raise_if_any()
    return {name: text for name, text in files.items() if text is not None}


def gather_files(folder: Path, complaints: Complaints) -> dict[str, str | None]:
    """The same, complaining instead of raising; None stands for a file that cannot be read."""
    if not folder.is_dir():
        raise EditionError([f"{folder}: no such folder; name the folder of an edition"])
    files: dict[str, str | None] = {}
    for path in sorted(folder.rglob("[!.]*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            continue
        if path.suffix != ".yaml":
            complaints.add(
                str(path), 1, "not a .yaml file; an edition holds nothing else, rename or remove it"
            )
            continue
        try:
            files[name] = path.read_text(encoding="utf-8-sig")
        except (UnicodeDecodeError, OSError) as error:
            complaints.add(str(path), 1, f"cannot be read as UTF-8 text ({error}); save it as UTF-8")
            files[name] = None
    return files
