"""What is not confirmed and which original is missing, gathered from the whole edition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.proofs.citing import Row, rows_of
from flows.proofs.pages import MeasurePage
from flows.proofs.sources import Source
from policy.citations import Certainty
from policy.guides import UNSEEN
from policy.phrases import UNCONFIRMED

_DOUBTFUL = (UNCONFIRMED, UNSEEN, "没有看到", "没有出处", "没有核对", "没有记", "缺原件")
_ORIGINAL = ("缺原件", "原件", "全文", *_DOUBTFUL)


@dataclass(frozen=True, slots=True)
class DocumentInDoubt:
    """A document of which something is missing: what, and what the margin says of it."""

    title: str
    missing: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is in doubt on one page."""

    page: MeasurePage
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteOfFile:
    """What an editor notes of a file."""

    file: str
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Doubts:
    """Everything that a proofreader has to find out."""

    documents: tuple[DocumentInDoubt, ...]
    criteria: tuple[Doubt, ...]
    estimates: tuple[MeasurePage, ...]
    left_open: tuple[Doubt, ...]
    money: tuple[str, ...]
    notes: tuple[NoteOfFile, ...]
    unasked: tuple[MeasurePage, ...]


def is_doubtful(text: str) -> bool:
    """Whether a text says that something was not seen or is not confirmed."""
    return any(word in text for word in _DOUBTFUL)


def doubts(source: Source, pages: Iterable[MeasurePage]) -> Doubts:
    """The edition's doubts; those of a measure come with its page."""
    pages = tuple(pages)
    return Doubts(
        documents=tuple(_documents(source)),
        criteria=tuple(Doubt(page, found) for page in pages if (found := tuple(_unconfirmed(page)))),
        estimates=tuple(page for page in pages if _estimates(page)),
        left_open=tuple(
            Doubt(page, found) for page in pages if (found := tuple(filter(is_doubtful, page.left_open)))
        ),
        money=tuple(_money(source)),
        notes=tuple(_notes(source)),
        unasked=tuple(page for page in pages if any(text == UNSEEN for _, text in page.asking)),
    )


def _documents(source: Source) -> Iterator[DocumentInDoubt]:
    for key, document in source.edition.documents.items():
        noted = source.beside_document(key)
        missing = []
        if document.certainty is Certainty.REPRINT:
            missing.append("官方原件未见，只见到转载")
        elif document.certainty is Certainty.UNCONFIRMED:
            missing.append(f"原件未见，内容{UNCONFIRMED}")
        if not document.number:
            missing.append("文号未见")
        if not document.address:
            missing.append("网址没有记")
        if missing or noted:
            yield DocumentInDoubt(document.title, tuple(missing), tuple(rows_of(source, key, document)))


def _unconfirmed(page: MeasurePage) -> Iterator[str]:
    for each in page.criteria:
        if each.certainty == UNCONFIRMED:
            yield f"{each.title}（{UNCONFIRMED}）" + (f"：{each.asks}" if each.asks else "")
        elif is_doubtful(each.asks):
            yield f"{each.title}：{each.asks}"


def _estimates(page: MeasurePage) -> bool:
    return any(UNCONFIRMED in line for each in page.criteria if each.phrase for line in each.phrase.lines())


def _money(source: Source) -> Iterator[str]:
    for item in source.edition.money:
        if item.certainty is Certainty.UNCONFIRMED:
            yield "；".join((f"{item.title}：{item.amount}（{UNCONFIRMED}）", *item.left_open))


def _notes(source: Source) -> Iterator[NoteOfFile]:
    """The margins that tell of something not seen; those beside documents are told with the documents."""
    for name, margins in source.margins.items():
        found = [text for text in margins.alone if any(word in text for word in _ORIGINAL)]
        valid = source.beside(name, "valid")
        if is_doubtful(valid):
            found.append(f"有效期：{valid}")
        if found:
            yield NoteOfFile(source.shown(name), tuple(found))
