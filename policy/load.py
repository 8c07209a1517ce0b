"""A folder (or the stored files) of an edition -> Edition. Every mistake comes out as one line with file:line.

The rules themselves are read in load_schemes.py and its neighbours, the examples are run in examples.py.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from policy.citations import Certainty, Document, Validity
from policy.complaints import Complaints
from policy.entries import Entry, Parts
from policy.load_conditions import NEVER
from policy.load_facts import read_catalogue
from policy.load_schemes import RuleReader, validity
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
    named = plan.read("documents", Entry.entries, Parts())
    documents = {key: _document(entry) for key, entry in named.items()}
    if "documents" in plan and not named:
        plan["documents"].complain("no documents; name those that the rules stand in")
    facts = read_catalogue(roots[_FACTS])
    reader = RuleReader(facts, documents)
    return Edition(
        name=plan.text("name"),
        title=plan.text("title"),
        valid=plan.read("valid", validity, Validity()),
        documents=documents,
        facts=facts,
        scope=plan.read("scope", reader.condition, NEVER),
        ladder=reader.ladder(roots[_LADDER]),
        schemes=tuple(_schemes(reader, roots).values()),
    )


def _document(entry: Entry) -> Document:
    parts = entry.entries(("title", "issuer", "issued", "checked", "certainty"), ("number",))
    return Document(
        title=parts.text("title"),
        issuer=parts.text("issuer"),
        issued=parts.read("issued", Entry.day, date.min),
        checked=parts.read("checked", Entry.day, date.min),
        certainty=parts.read(
            "certainty", lambda each: Certainty(each.word(Certainty)), Certainty.UNCONFIRMED
        ),
        number=parts.read("number", Entry.scalar, ""),
    )


def _schemes(reader: RuleReader, roots: Mapping[str, Entry]) -> dict[str, Scheme]:
    """One scheme a file, named after its id, so that nobody has to search for it and no id comes twice."""
    schemes = {}
    for name, root in roots.items():
        if name in _ONE_EACH:
            continue
        if Path(name).parent.as_posix() != "schemes":
            root.complain("no such file in an edition; a scheme lies in schemes/, anything else is not read")
            continue
        scheme = reader.scheme(root)
        if scheme.key and scheme.key != Path(name).stem:
            root.complain(
                f"the scheme's id is '{scheme.key}'; name the file {scheme.key}.yaml or correct the id"
            )
        schemes[name] = scheme
    return schemes


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
