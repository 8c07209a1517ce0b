"""YAML -> what every rule has: its id, its days in force, and where it stands."""

import re
from collections.abc import Mapping
from datetime import date

from policy.citations import Certainty, Citation, Document, Validity
from policy.complaints import known_are
from policy.entries import Entry, Parts

Documents = Mapping[str, Document]
_ID = re.compile(r"[a-z][a-z0-9_-]*")


def read_documents(entry: Entry) -> dict[str, Document]:
    """The sources by the key that citations name them by."""
    documents = {key: _document(each) for key, each in entry.entries().items()}
    if entry.is_mapping and not documents:
        entry.complain("no documents; name those that the rules stand in")
    return documents


def _document(entry: Entry) -> Document:
    parts = entry.entries(("title", "issuer", "issued", "checked", "certainty"), ("number", "address"))
    return Document(
        title=parts.text("title"),
        issuer=parts.text("issuer"),
        issued=parts.read("issued", Entry.day, date.min),
        checked=parts.read("checked", Entry.day, date.min),
        certainty=parts.read(
            "certainty", lambda each: Certainty(each.word(Certainty)), Certainty.UNCONFIRMED
        ),
        number=parts.read("number", Entry.scalar, ""),
        address=parts.read("address", Entry.scalar, ""),
    )


def read_citations(entry: Entry, documents: Documents) -> tuple[Citation, ...]:
    """At least one; each names a known document and the place in it."""
    citations = tuple(_citation(item, documents) for item in entry.items())
    if entry.is_list and not citations:
        entry.complain("no citation; name the document and the place that says so")
    return citations


def _citation(entry: Entry, documents: Documents) -> Citation:
    parts = entry.entries(("document", "place"), ("note",))
    document = parts.text("document")
    if document and documents and document not in documents:
        parts["document"].complain(f"unknown document '{document}'{known_are(document, documents)}")
    return Citation(document, parts.text("place"), parts.text("note") if "note" in parts else "")


def certainty_of(citations: tuple[Citation, ...], documents: Documents) -> Certainty:
    """No surer than the least sure of the documents cited."""
    return Certainty.of(
        documents[each.document].certainty for each in citations if each.document in documents
    )


def read_id(parts: Parts) -> str:
    """The `id`; empty after a complaint."""
    key = parts.text("id")
    if not key or _ID.fullmatch(key):
        return key
    parts["id"].complain(f"'{key}' cannot be an id; use small letters, digits, - and _, as rd_institution")
    return ""


def read_validity(entry: Entry) -> Validity:
    """The days in force; `until` may be left out."""
    parts, mark = entry.entries(("from",), ("until",)), len(entry.complaints)
    since, until = parts.read("from", Entry.day, None), parts.read("until", Entry.day, None)
    if since and until and until < since and len(entry.complaints) == mark:
        entry.complain("'until' lies before 'from'; correct one of them")
    return Validity(since, until)
