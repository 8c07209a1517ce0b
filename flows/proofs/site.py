"""The pages of an edition written into a folder: one HTML page and one plain-text page each."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from flows.proofs.doubts import doubts
from flows.proofs.index import index
from flows.proofs.measures import measure_pages
from flows.proofs.sources import read_source
from flows.render import render_page

STYLE = "proof.css"
MEASURES = "measures"
_OVERVIEWS = ("index", "ladder", "money", "doubts")
_FORMS = {".html": ".html", ".txt": ".txt.j2"}


def write_pages(folder: Path, target: Path, day: date) -> int:
    """Write the pages of an edition that was checked; how many. What else lies in the folder is left alone.

    Raises EditionError where the edition cannot be read, OSError where the folder cannot be written.
    """
    pages = dict(pages_of(folder, day))
    (target / MEASURES).mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")
    return len(pages) - 1  # the style sheet is no page


def pages_of(folder: Path, day: date) -> Iterator[tuple[str, str]]:
    """Every file by its name below the folder. Raises EditionError."""
    source = read_source(folder)
    measures = tuple(measure_pages(source, day))
    whole: Mapping[str, object] = {
        "index": index(source, measures, day),
        "doubts": doubts(source, measures),
        "pages": measures,
        "day": day,
        "root": "",
    }
    for name in _OVERVIEWS:
        yield from _both(name, name, whole)
    for page in measures:
        yield from _both(f"{MEASURES}/{page.slug}", "measure", {**whole, "page": page, "root": "../"})
    yield STYLE, render_page(STYLE, {})


def _both(name: str, template: str, data: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    return (
        (f"{name}{ending}", render_page(f"{template}{form}", {**data, "here": name}))
        for ending, form in _FORMS.items()
    )
