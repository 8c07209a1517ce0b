"""YAML -> recognitions and the supplements they come in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePosixPath

from policy.benefits import Rate
from policy.citations import Certainty, Document, Validity
from policy.complaints import known_are
from policy.entries import Entry
from policy.facts import Fact, Kind
from policy.gathering import WITH
from policy.load_citations import read_documents, read_validity
from policy.load_measures import MeasureReader
from policy.logic import Any, Not
from policy.quantities import read_day
from policy.recognitions import Criterion, Recognition
from policy.schemes import Supplement

SUPPLEMENT = "edition.yaml"
_KEYS = ("id", "kind", "title", "citations", "topics", "criteria", "examples")
_OPTIONAL = (
    *("gives", "held_when", "applies_when", "authority_decides", "short", "renew", "benefit"),
    *("renew_by", "left_open", "next_steps"),
)


@dataclass(frozen=True, slots=True)
class FoundSupplement:
    """A supplement as read: its head, the documents it rests on, and its recognitions."""

    supplement: Supplement
    documents: Mapping[str, Document]
    recognitions: tuple[Recognition, ...]


def read_supplements(roots: Mapping[str, Entry], facts: Mapping[str, Fact]) -> Iterator[FoundSupplement]:
    """Every supplement among an edition's files. Its head is `edition.yaml`, every other file one recognition."""
    seen = set[str]()
    for name, root in roots.items():
        folder, _, file = name.rpartition("/")
        if not name.startswith(f"{WITH}/") or file != SUPPLEMENT:
            continue
        supplement, documents = _head(root, PurePosixPath(folder).name)
        _check_documents(root, documents, seen)
        reader = MeasureReader(supplement.name, facts, documents)
        files = {
            each: entry for each, entry in roots.items() if each.startswith(f"{folder}/") and each != name
        }
        found = {each: _recognition(entry, reader, supplement.valid) for each, entry in files.items()}
        for each, recognition in found.items():
            check_file_name(each, recognition.key, files[each])
        yield FoundSupplement(supplement, documents, tuple(found.values()))


def check_file_name(name: str, key: str, root: Entry) -> None:
    """A measure's file is called by its id."""
    if key and key != PurePosixPath(name).stem:
        root.complain(f"the id here is '{key}'; name the file {key}.yaml or correct the id")


def _check_documents(root: Entry, documents: Mapping[str, Document], seen: set[str]) -> None:
    """A citation names a document by its key alone, so that no key may stand for two."""
    for key in documents:
        if key in seen:
            root.complain(f"another supplement has a document '{key}' too; rename one of them")
        seen.add(key)


def _head(root: Entry, folder: str) -> tuple[Supplement, dict[str, Document]]:
    """The head of a supplement, which is called by its folder, and the documents it rests on."""
    parts = root.entries(("name", "title", "valid", "documents"), ())
    if "name" in parts and parts.text("name") != folder:
        parts["name"].complain(
            f"the name here differs from the folder's; write {folder} or rename the folder"
        )
    supplement = Supplement(
        parts.text("name"), parts.text("title"), parts.read("valid", read_validity, Validity())
    )
    return supplement, parts.read("documents", read_documents, {})


def _recognition(root: Entry, reader: MeasureReader, valid: Validity) -> Recognition:
    """A recognition. It is no surer than the least sure of its documents and criteria."""
    parts = root.entries(_KEYS, _OPTIONAL)
    parts.read("kind", lambda entry: entry.word(("recognition",)), "")
    criteria = parts.read("criteria", lambda entry: tuple(_criteria(entry, reader)), ())
    found = Recognition(
        **reader.common(parts),
        valid=valid,
        criteria=criteria,
        gives=parts.read("gives", Entry.text, ""),
        held_when=parts.read("held_when", reader.condition, None),
        applies_when=parts.read("applies_when", reader.condition, None),
        authority=parts.read("authority_decides", Entry.text, ""),
        short=parts.read("short", Entry.text, ""),
        renew=parts.read("renew", Entry.text, ""),
        renew_by=parts.read("renew_by", _day_of_the_year, ""),
        benefit=parts.read("benefit", lambda entry: _deduction(entry, reader), None),
    )
    return replace(found, certainty=Certainty.of((found.certainty, *(each.certainty for each in criteria))))


def _day_of_the_year(entry: Entry) -> str:
    text = entry.text()
    if text and (len(text) != len("03-31") or read_day(f"2001-{text}") is None):
        entry.complain(f"'{text}' is not a day that every year has; write month and day, as 03-31")
    return text


def _criteria(entry: Entry, reader: MeasureReader) -> Iterator[Criterion]:
    found = list(entry.items())
    if entry.is_list and not found:
        entry.complain("no criterion; name what is asked")
    for item in found:
        parts = item.entries(("title", "certainty"), ("asks", "when", "applies_when", "place"))
        whose = parts.read("applies_when", reader.condition, None)
        when = parts.read("when", reader.condition, None)
        yield Criterion(
            title=parts.text("title"),
            certainty=parts.read(
                "certainty", lambda each: Certainty(each.word(Certainty)), Certainty.UNCONFIRMED
            ),
            asks=parts.read("asks", Entry.text, ""),
            place=parts.read("place", Entry.text, ""),
            when=when if when is None or whose is None else Any((Not(whose), when)),
            applies_when=whose,
        )


def _deduction(entry: Entry, reader: MeasureReader) -> Rate | None:
    """A share of a base that is deducted, not paid; it is told, and never added to money."""
    parts = entry.entries(("rate", "of", "kind"), ())
    parts.read("kind", lambda each: each.word(("deduction",)), "")
    key = parts.text("of")
    base = reader.facts.get(key)
    if base is None or base.kind is not Kind.MONEY:
        if key:
            amounts = (name for name, fact in reader.facts.items() if fact.kind is Kind.MONEY)
            parts["of"].complain(f"'{key}' is no amount that a firm tells{known_are(key, amounts)}")
        return None
    return Rate(Fraction(parts["rate"].percent()) / 100, base, None) if "rate" in parts else None
