"""A list as an Office Open XML workbook (ECMA-376), streamed: no row is held, so memory is flat at any length.

Cells are numbers or inline strings and never formulas, so text stays text whatever it begins with.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile

Cell: TypeAlias = str | int | None
ROWS_AT_MOST = 1_048_576
"""Of one sheet, its heading included (what Excel holds); what is more goes on in a further sheet."""
_AT_ONCE = 500
_FAST = 1  # of zlib's levels: half the time of the usual one, for a third more bytes
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_BEGINS = (
    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="2" width="28" customWidth="1"/><col min="3" max="26" width="16" customWidth="1"/></cols>'
    "<sheetData>"
)
_SHEET_ENDS = "</sheetData></worksheet>"
_SPECIAL = re.compile(r"[&<>]|[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_"}


def write_workbook(path: Path, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write rows under a heading; how many rows that were. At most 26 columns. What XML cannot hold is left out of a text."""
    left = iter(rows)
    first, count, sheets = next(left, None), 0, 0
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=_FAST) as book:
        while sheets == 0 or first is not None:
            sheets += 1
            some = iter(()) if first is None else chain((first,), left)
            count += _write_sheet(book, sheets, columns, islice(some, ROWS_AT_MOST - 1))
            first = next(left, None)
        for name, text in _frame(title, sheets).items():
            book.writestr(name, _HEAD + text)
    return count


def _write_sheet(book: ZipFile, number: int, columns: Sequence[str], rows: Iterator[Sequence[Cell]]) -> int:
    letters = [chr(ord("A") + place) for place in range(len(columns))]
    written = 0
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write((_SHEET_BEGINS + _row(1, letters, columns)).encode())
        while some := list(islice(rows, _AT_ONCE)):
            told = (_row(at, letters, row) for at, row in enumerate(some, written + 2))
            sheet.write("".join(told).encode())
            written += len(some)
        sheet.write(_SHEET_ENDS.encode())
    return written


def _row(at: int, letters: Sequence[str], row: Sequence[Cell]) -> str:
    cells = (
        f'<c r="{letter}{at}"><v>{cell:d}</v></c>'
        if isinstance(cell, int)
        else f'<c r="{letter}{at}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
        for letter, cell in zip(letters, row, strict=True)
        if cell is not None
    )
    return f'<row r="{at}">{"".join(cells)}</row>'


def _text(words: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPED.get(found[0], ""), words)


def _frame(title: str, sheets: int) -> dict[str, str]:
    """The parts that say what the others are."""
    numbers = range(1, sheets + 1)
    named = {number: _text(title if number == 1 else f"{title} {number}") for number in numbers}
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(f'<sheet name="{named[n]}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>',
    }
