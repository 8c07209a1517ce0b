"""A folder (or the stored files) of an edition -> Edition. Every mistake comes out as one line with file:line.

The rules themselves are read in load_schemes.py and its neighbours, the examples are run in examples.py.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from policy.citations import Validity
from policy.complaints import Complaints
from policy.entries import Entry
from policy.load_citations import read_documents, read_validity
from policy.load_conditions import NEVER, ConditionReader
from policy.load_facts import read_catalogue
from policy.load_ladder import LadderReader
from policy.load_schemes import SchemeReader
from policy.schemes import Edition, Scheme
from policy.sources import gather_files, parse

SHIPPED = Path(__file__).parent / "henan" / "2025"
_PLAN, _FACTS, _LADDER = _ONE_EACH = ("plan.yaml", "facts.yaml", "ladder.yaml")


def load_edition(folder: Path) -> Edition:
    """Read an edition from its folder. Raises EditionError with one line a mistake."""
    complaints = Complaints()
    edition, _ = build(gather_files(folder, complaints), complaints, f"{folder}/")
    return edition


def parse_edition(files: Mapping[str, str], prefix: str = "") -> Edition:
    """An edition from its files' texts (name below the folder -> text). Raises EditionError."""
    edition, _ = build(files, Complaints(), prefix)
    return edition


def build(
    files: Mapping[str, str | None], complaints: Complaints, prefix: str
) -> tuple[Edition, Mapping[str, Entry]]:
    """The edition, and its files' root entries by name. Raises EditionError with what was complained of before, too.

    A broken scheme hides nothing of the other files; a broken plan, facts or ladder hides what leans on it.
    """
    found = {
        name: None if text is None else parse(text, prefix + name, complaints) for name, text in files.items()
    }
    roots = {name: root for name, root in found.items() if root is not None}
    for name in _ONE_EACH:
        if name not in files:
            complaints.add(prefix + name, 1, "the file is missing; an edition needs it")
        elif name in roots and roots[name].is_mapping and not roots[name].entries():
            roots[name].complain("there is nothing in the file; fill it in")
    if not all(name in roots and roots[name].entries() for name in _ONE_EACH):
        complaints.raise_if_any()
    edition = _edition(roots)
    if not len(complaints):
        _complain_of_idle_facts(edition, roots[_FACTS].entries())
    complaints.raise_if_any()
    return edition, roots


def _edition(roots: Mapping[str, Entry]) -> Edition:
    plan = roots[_PLAN].entries(("name", "title", "valid", "scope", "documents"), ())
    documents = plan.read("documents", read_documents, {})
    facts = read_catalogue(roots[_FACTS])
    return Edition(
        name=plan.text("name"),
        title=plan.text("title"),
        valid=plan.read("valid", read_validity, Validity()),
        documents=documents,
        facts=facts,
        scope=plan.read("scope", ConditionReader(facts).read, NEVER),
        ladder=LadderReader(facts, documents).read(roots[_LADDER]),
        schemes=tuple(_schemes(SchemeReader(facts, documents), roots)),
    )


def _schemes(reader: SchemeReader, roots: Mapping[str, Entry]) -> Iterator[Scheme]:
    """One scheme a file, named after its id, so that nobody has to search for it and no id comes twice."""
    for name, root in roots.items():
        if name in _ONE_EACH:
            continue
        if Path(name).parent.as_posix() != "schemes":
            root.complain("no such file in an edition; a scheme lies in schemes/, anything else is not read")
            continue
        scheme = reader.read(root)
        if scheme.key and scheme.key != Path(name).stem:
            root.complain(
                f"the scheme's id is '{scheme.key}'; name the file {scheme.key}.yaml or correct the id"
            )
        yield scheme


def _complain_of_idle_facts(edition: Edition, entries: Mapping[str, Entry]) -> None:
    """A fact is there because a rule needs it, or it says why it is taken in all the same."""
    used = edition.scope.facts().union(
        edition.ladder.facts(), *(scheme.facts() for scheme in edition.schemes)
    )
    for key, fact in edition.facts.items():
        if key not in used and not fact.background:
            entries[key].complain(
                f"no rule uses the fact '{key}'; remove it, or say under 'background' why it is kept"
            )
        if key in used and fact.background:
            entries[key].complain(f"a rule uses the fact '{key}'; remove its 'background'")
