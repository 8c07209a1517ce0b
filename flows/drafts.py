"""Drafts of editions: brought in from a folder or a zip, edited file by file, and never stored unless all of it is sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

from models.draft import Deed, add_draft, edit_draft, find_edition
from models.edition import StoredEdition
from policy.archives import LARGEST, leads_out, read_archive
from policy.complaints import EditionError, did_you_mean
from policy.examples import check_files
from policy.gathering import read_folder
from policy.load import parse_stored
from policy.schemes import Edition

_KEPT = 8


class Readings:
    """Stored editions read, the last few kept: the pages about a draft ask for it again and again."""

    def __init__(self) -> None:
        self._by_print: dict[str, Edition] = {}

    def of(self, stored: StoredEdition) -> Edition:
        """The rules of an edition, drafts too. Raises EditionError for one that this program cannot read."""
        found = self._by_print.get(stored.sha256)
        if found is None:
            found = parse_stored(stored.content)
            if len(self._by_print) >= _KEPT:
                self._by_print.clear()
            self._by_print[stored.sha256] = found
        return found


@dataclass(frozen=True, slots=True)
class Sound:
    """Files that are a sound edition: every rule can be read, every example comes out."""

    files: Mapping[str, str]
    edition: Edition
    examples: int


def read_source(source: Path, today: date) -> Sound:
    """An edition from a folder or a zip. Raises EditionError with every mistake as `file:line: what, what to do`."""
    if source.is_dir():
        return sound(read_folder(source), today, f"{source}/")
    try:
        if source.stat().st_size > LARGEST:
            raise EditionError([f"{source}:1: larger than {LARGEST >> 20} MB; an edition is far smaller"])
        data = source.read_bytes()
    except OSError as error:
        why = error.strerror or error
        raise EditionError([f"{source}: cannot be read ({why}); name a folder or a zip file"]) from error
    return sound(read_archive(data, str(source)), today)


def sound(files: Mapping[str, str], today: date, prefix: str = "") -> Sound:
    """Files held against all that is asked of an edition. Raises EditionError."""
    edition, examples = _checked(tuple(sorted(files.items())), today, prefix)
    return Sound(files, edition, examples)


@lru_cache(maxsize=8)
def _checked(files: tuple[tuple[str, str], ...], today: date, prefix: str) -> tuple[Edition, int]:
    """The same texts are held against the same examples once: they are saved, reviewed and published one after the other."""
    return check_files(dict(files), today, prefix)


def bring_in(connection: Connection, found: Sound, deed: Deed) -> StoredEdition:
    """Store a sound edition as a draft, under the name its plan gives it."""
    day = found.edition.valid.since or deed.at.date()
    return add_draft(connection, found.edition.name, found.files, day, deed)


def edited(draft: StoredEdition, file: str, text: str, today: date) -> Sound:
    """A draft with one file replaced. Raises EditionError where it is not sound any more, or names another edition."""
    refuse_name(file)
    found = sound({**draft.content, file: text}, today)
    if found.edition.name != draft.name:
        raise EditionError(
            [f"plan.yaml:1: the name is {draft.name} and stays; bring another one in as its own draft"]
        )
    return found


def refuse_name(file: str) -> None:
    """Raise EditionError for a name that no file of an edition can have."""
    if leads_out(file):
        raise EditionError([f"{file}:1: the name leads out of the edition; write it as schemes/name.yaml"])
    if not file.endswith(".yaml"):
        raise EditionError([f"{file}:1: not a .yaml file; an edition holds nothing else"])


def glanced(files: Mapping[str, str], file: str, today: date) -> int:
    """Files read as a whole, and of the examples those of one file run, for who types in it; how many those were.
    Raises EditionError.
    """
    refuse_name(file)
    _, examples = check_files(files, today, only=file)
    return examples


def save_edit(
    connection: Connection, seen: StoredEdition, file: str, found: Sound, deed: Deed
) -> StoredEdition:
    """Store what `edited` found sound. Raises RefusedError where the draft is no longer as it was seen."""
    return edit_draft(connection, seen, file, found.files, deed)


def find(connection: Connection, told: str, known: tuple[str, ...] = ()) -> StoredEdition:
    """The stored edition somebody names, as `henan-2025` or `henan-2025@3`. Raises EditionError."""
    found = find_edition(connection, told)
    if found is None:
        raise EditionError([f"{told}: no such edition is stored{did_you_mean(told, known)}"])
    return found
