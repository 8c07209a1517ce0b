"""A folder (or the stored files) of an edition -> Edition. Every mistake comes out as one line with file:line.

The rules themselves are read in load_schemes.py and its neighbours, the examples are run in examples.py.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TypeVar

from policy.citations import Validity
from policy.complaints import Complaints, EditionError
from policy.entries import Entry
from policy.gathering import NAME, PLAN, WITH, gather_files, shown_as
from policy.load_articles import ladder_id, read_articles, read_targets
from policy.load_citations import read_documents, read_validity
from policy.load_conditions import NEVER, ConditionReader
from policy.load_facts import read_catalogue
from policy.load_ladder import LadderReader
from policy.load_money import read_money
from policy.load_recognitions import SUPPLEMENT, check_file_name, read_supplements
from policy.load_schemes import SchemeReader
from policy.measures import Measure
from policy.schemes import Edition
from policy.sources import parse

SHIPPED = Path(__file__).parent / "henan" / "2025"
_PLAN, _FACTS, _LADDER = _ONE_EACH = (PLAN, "facts.yaml", "ladder.yaml")
_MONEY = "money.yaml"  # may be left out
_EXAMPLES = re.compile(r"^examples:.*\n?(?:[ \t#-].*\n?|\r?\n)*", re.MULTILINE)
_PLAN_KEYS = ("name", "title", "valid", "scope", "documents")


def load_edition(folder: Path) -> Edition:
    """Read an edition from its folder. Raises EditionError with one line a mistake."""
    complaints = Complaints()
    edition, _ = build(gather_files(folder, complaints), complaints, f"{folder}/")
    return edition


def parse_edition(files: Mapping[str, str], prefix: str = "") -> Edition:
    """An edition from its files' texts (name below the folder -> text). Raises EditionError."""
    return _parsed(tuple(files.items()), prefix, checked=False)


def parse_stored(files: Mapping[str, str]) -> Edition:
    """The same for what was checked when it was stored: its examples, most of the text, are not looked at again."""
    shorter = {name: _EXAMPLES.sub("examples: []\n", text) for name, text in files.items()}
    try:
        return _parsed(tuple(shorter.items()), "", checked=True)
    except EditionError:  # written so that the examples cannot be told by their indents
        return _parsed(tuple(files.items()), "", checked=True)


@lru_cache(maxsize=8)
def _parsed(files: tuple[tuple[str, str], ...], prefix: str, *, checked: bool) -> Edition:
    """The same texts are read once, whoever in this process asks for them: nobody can change an edition."""
    edition, _ = build(dict(files), Complaints(), prefix, checked=checked)
    return edition


def build(
    files: Mapping[str, str | None], complaints: Complaints, prefix: str, *, checked: bool = False
) -> tuple[Edition, Mapping[str, Entry]]:
    """The edition, and its files' root entries by name. Raises EditionError with what was complained of before, too.

    A broken scheme hides nothing of the other files; a broken plan, facts or ladder hides what leans on it.
    """
    found = {
        name: None if text is None else parse(text, shown_as(prefix, name), complaints, checked=checked)
        for name, text in files.items()
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
    plan = roots[_PLAN].entries(_PLAN_KEYS, (WITH, "articles", "targets"))
    plan.read(WITH, _check_names, ())
    facts = read_catalogue(roots[_FACTS])
    supplements = tuple(read_supplements(roots, facts))
    documents = {key: each for found in supplements for key, each in found.documents.items()}
    documents = plan.read("documents", read_documents, {}) | documents
    reader = SchemeReader(plan.text("name"), facts, documents)
    ladder = LadderReader(facts, documents).read(roots[_LADDER])
    schemes = tuple(_named(reader.read, roots, "schemes"))
    guides = tuple(_named(reader.guide, roots, "guided"))
    _complain_of_strays(roots)
    _complain_of_twins(roots)
    recognitions = tuple(each for found in supplements for each in found.recognitions)
    keys, rungs = [each.key for each in (*schemes, *guides)], [rung.key for rung in ladder.rungs]
    hung_on = {*keys, *(each.key for each in recognitions)}
    return Edition(
        name=plan.text("name"),
        title=plan.text("title"),
        valid=plan.read("valid", read_validity, Validity()),
        documents=documents,
        facts=facts,
        scope=plan.read("scope", ConditionReader(facts).read, NEVER),
        ladder=ladder,
        schemes=schemes,
        guides=guides,
        recognitions=recognitions,
        money=read_money(roots[_MONEY], documents, rungs, hung_on) if _MONEY in roots else (),
        articles=plan.read(
            "articles", lambda entry: read_articles(entry, keys, [ladder_id(each) for each in rungs]), ()
        ),
        targets=plan.read("targets", read_targets, ()),
        supplements=tuple(found.supplement for found in supplements),
    )


def _check_names(entry: Entry) -> None:
    for item in entry.items():
        if not NAME.fullmatch(item.text()):
            item.complain("a supplement is named by its folder, as national/hnte-2016")


_Found = TypeVar("_Found", bound=Measure)


def _named(read: Callable[[Entry], _Found], roots: Mapping[str, Entry], folder: str) -> Iterator[_Found]:
    """One measure a file, named after its id, so that nobody has to search for it and no id comes twice."""
    for name, root in roots.items():
        if PurePosixPath(name).parent.as_posix() == folder:
            found = read(root)
            check_file_name(name, found.key, root)
            yield found


def _complain_of_strays(roots: Mapping[str, Entry]) -> None:
    for name, root in roots.items():
        folder = PurePosixPath(name).parent.as_posix()
        if folder.startswith(f"{WITH}/"):
            if f"{folder}/{SUPPLEMENT}" not in roots:
                root.complain(f"there is no {SUPPLEMENT} beside this file; a supplement needs it")
        elif name not in {*_ONE_EACH, _MONEY} and folder not in {"schemes", "guided"}:
            root.complain("no such file in an edition; a scheme lies in schemes/, anything else is not read")


def _complain_of_twins(roots: Mapping[str, Entry]) -> None:
    """Files are named after their ids. Only of a recognition there may be two, each with days of its own."""
    folders: dict[str, set[str]] = {}
    for name, root in roots.items():
        path = PurePosixPath(name)
        if path.name != SUPPLEMENT and len(path.parts) > 1:
            found = folders.setdefault(path.stem, set())
            found.add(path.parts[0])
            if len(found) > 1:
                root.complain(f"there are two measures with the id '{path.stem}'; rename one of them")


def _complain_of_idle_facts(edition: Edition, entries: Mapping[str, Entry]) -> None:
    """A fact is there because a rule needs it, or it says why it is taken in all the same."""
    used = edition.scope.facts().union(
        edition.ladder.facts(), *(measure.facts() for measure in edition.measures())
    )
    for key, fact in edition.facts.items():
        if key not in used and not fact.background:
            entries[key].complain(
                f"no rule uses the fact '{key}'; remove it, or say under 'background' why it is kept"
            )
        if key in used and fact.background:
            entries[key].complain(f"a rule uses the fact '{key}'; remove its 'background'")
