"""An edition together with its files: what the rules became, and what stands beside them in the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from policy.complaints import Complaints
from policy.entries import Entry, Parts
from policy.gathering import PLAN, WITH, read_folder
from policy.load import build
from policy.load_recognitions import SUPPLEMENT
from policy.margins import Margins, read_margins
from policy.measures import Measure, MeasureKind
from policy.schemes import Edition

LADDER = "ladder.yaml"
_DOCUMENT = ("title", "issuer", "issued", "number", "checked", "certainty", "address")
_FOLDERS = {MeasureKind.ASSESSED: "schemes", MeasureKind.GUIDED: "guided"}


@dataclass(frozen=True)
class Source:
    """An edition, its files' root entries by name, and their margins."""

    edition: Edition
    roots: Mapping[str, Entry]
    margins: Mapping[str, Margins]

    def shown(self, name: str) -> str:
        """A file as its editors know it: a supplement's below its province or `national`, never by this machine's folders."""
        return name.removeprefix(f"{WITH}/")

    def file_of(self, measure: Measure) -> str:
        """The file that a measure stands in."""
        if measure.kind in _FOLDERS:
            return f"{_FOLDERS[measure.kind]}/{measure.key}.yaml"
        return next(
            name
            for name in self.roots
            if PurePosixPath(name).parts[-2:] == (measure.edition, f"{measure.key}.yaml")
        )

    @cached_property
    def heads(self) -> Mapping[str, str]:
        """The file with the head of each edition, by its name: the plan's own and its supplements'."""
        names = {name: each.edition for name, each in self._heads()}
        return {edition: name for name, edition in names.items()}

    def _heads(self) -> "Iterator[tuple[str, _Head]]":
        for name, root in self.roots.items():
            if name == PLAN or (name.startswith(f"{WITH}/") and PurePosixPath(name).name == SUPPLEMENT):
                parts = root.entries()
                yield name, _Head(parts.text("name"), parts)

    def beside(self, name: str, key: str) -> str:
        """What the margin says of an entry at the top of a file, as `valid`."""
        parts = self.roots[name].entries()
        return self.margins[name].beside.get(parts[key].line, "") if key in parts else ""

    def beside_document(self, document: str) -> Mapping[str, str]:
        """What the margin says of each field of a document; a field without a note is not in it."""
        return self._beside_documents.get(document, {})

    @cached_property
    def _beside_documents(self) -> Mapping[str, Mapping[str, str]]:
        found = {}
        for name, head in self._heads():
            beside = self.margins[name].beside
            for key, entry in head.parts["documents"].entries().items():
                fields = entry.entries()
                found[key] = {
                    field: beside[fields[field].line]
                    for field in _DOCUMENT
                    if field in fields and fields[field].line in beside
                }
        return found


@dataclass(frozen=True, slots=True)
class _Head:
    edition: str
    parts: Parts


def read_source(folder: Path) -> Source:
    """Read an edition that was checked. Raises EditionError."""
    return source_of(read_folder(folder), f"{folder}/")


def source_of(files: Mapping[str, str], prefix: str = "") -> Source:
    """The same from the texts of its files, as they are stored. Raises EditionError."""
    edition, roots = build(files, Complaints(), prefix)
    return Source(edition, roots, {name: read_margins(text) for name, text in files.items()})
