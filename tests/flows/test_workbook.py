"""The workbook is one that others read: what goes in comes out, formulas never, and too much for a sheet goes on in the next."""

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # it has no types
import pytest

from flows import workbook
from flows.workbook import Cell, write_workbook

HEADING = ("甲", "乙")


def _read(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("洛阳", "洛阳"),
        ("=1+1", "=1+1"),
        ("<a&b>", "<a&b>"),
        ("  两边有空格 ", "  两边有空格 "),
        ("一\n二", "一\n二"),
        ("\x00\x1b\ud800\ufffe坏的", "坏的"),
        ("𠮷", "𠮷"),
        (5, 5),
        (-(10**13), -(10**13)),
        (None, None),
    ],
)
def test_a_cell_comes_out_as_it_went_in(tmp_path: Path, cell: Cell, read: Cell) -> None:
    assert write_workbook(tmp_path / "one.xlsx", "表", HEADING, [(cell, 1)]) == 1
    assert _read(tmp_path / "one.xlsx") == {"表": [HEADING, (read, 1)]}


def test_what_looks_like_an_escape_is_none(tmp_path: Path) -> None:
    """A spreadsheet reads `_x0041_` as a letter; openpyxl shows what is stored."""
    write_workbook(tmp_path / "one.xlsx", "表", HEADING, [("_x0041_", "_x00")])
    assert _read(tmp_path / "one.xlsx")["表"][1] == ("_x005F_x0041_", "_x00")


def test_no_text_is_a_formula(tmp_path: Path) -> None:
    write_workbook(tmp_path / "one.xlsx", "表", HEADING, [("=1+1", "@SUM(A1)")])
    cells = openpyxl.load_workbook(tmp_path / "one.xlsx").active[2]
    assert [cell.data_type for cell in cells] == ["s", "s"]


def test_an_empty_list_has_its_heading(tmp_path: Path) -> None:
    assert write_workbook(tmp_path / "none.xlsx", "表", HEADING, []) == 0
    assert _read(tmp_path / "none.xlsx") == {"表": [HEADING]}


@pytest.mark.parametrize(("rows", "sheets"), [(2, [2]), (3, [2, 1]), (4, [2, 2])])
def test_what_a_sheet_cannot_hold_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, sheets: list[int]
) -> None:
    monkeypatch.setattr(workbook, "ROWS_AT_MOST", 3)
    assert write_workbook(tmp_path / "two.xlsx", "表", HEADING, ((n, None) for n in range(rows))) == rows
    read = _read(tmp_path / "two.xlsx")
    assert [len(each) - 1 for each in read.values()] == sheets
    assert [row[0] for each in read.values() for row in each[1:]] == list(range(rows))
