"""Where something stands and how sure that is, in words: citations with their documents, certainty, days in force."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from flows.proofs.sources import Source
from policy.citations import Certainty, Citation, Document, Validity
from policy.guides import UNSEEN
from policy.phrases import UNCONFIRMED

CERTAINTIES = {
    Certainty.OFFICIAL: "官方原文",
    Certainty.REPRINT: "转载文本",
    Certainty.UNCONFIRMED: UNCONFIRMED,
}
_SHOWN = {
    "issuer": "发文机关",
    "number": "文号",
    "issued": "发文日期",
    "checked": "核对日期",
    "certainty": "定级",
    "address": "网址",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said of a document, and what the margin says of that."""

    name: str
    text: str
    note: str = ""
    is_address: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """A document, the places in it with their notes, and everything known of it."""

    title: str
    places: tuple[str, ...]
    rows: tuple[Row, ...]


def cite(source: Source, citations: Iterable[Citation]) -> Iterator[Cited]:
    """Each document cited once, with all its places."""
    places: dict[str, list[str]] = {}
    for each in citations:
        note = f"（{each.note}）" if each.note else ""
        places.setdefault(each.document, []).append(f"{each.place}{note}")
    for key, found in places.items():
        document = source.edition.documents[key]
        yield Cited(document.title, tuple(found), tuple(rows_of(source, key, document)))


def rows_of(source: Source, key: str, document: Document) -> Iterator[Row]:
    """What is known of a document; what is not is 未见."""
    texts = {
        "issuer": document.issuer,
        "number": document.number or UNSEEN,
        "issued": document.issued.isoformat(),
        "checked": document.checked.isoformat(),
        "certainty": CERTAINTIES[document.certainty],
        "address": document.address or "没有记",
    }
    notes = source.beside_document(key)
    if "title" in notes:
        yield Row("题名", document.title, notes["title"])
    for field, name in _SHOWN.items():
        is_address = field == "address" and document.address.startswith(("http://", "https://"))
        yield Row(name, texts[field], notes.get(field, ""), is_address)


def validity_told(valid: Validity, day: date, note: str) -> str:
    """The days in force, whether the day of the judgement is one of them, and what the margin says of it."""
    since = "起日没有写" if valid.since is None else f"{valid.since} 起"
    until = "止日没有写" if valid.until is None else f"到 {valid.until} 为止"
    standing = "有效" if valid.covers(day) else "不在有效期"
    return f"{since}，{until}；{day} {standing}" + (f"（{note}）" if note else "")
