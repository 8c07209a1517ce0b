"""Lists as files (导出): spreadsheet or CSV, written row by row from pages of the list, so that memory stays flat at any length."""

import csv
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection

from flows.messages import SHANGHAI
from flows.workbook import Cell, write_workbook
from models.desk import Export, ExportKind, expired_exports, note_export
from models.engines import file_of
from models.listed import MOST_COUNTED, Filters, Listed, all_of
from models.scope import Scope
from models.session import Database

GOOD_FOR = timedelta(hours=1)
NOW_AT_MOST = MOST_COUNTED
"""So many rows are written while the person waits; more, as far as a list is counted, in the background."""
_EVERY = 5000
_DANGEROUS = tuple("=+-@＝＋－＠\t\r\n\0")  # in Chinese spreadsheets the wide ones begin a formula, too
COLUMNS = (
    *("企业", "统一社会信用代码", "城市", "行业", "阶梯（级）", "状态", "已确认（元）", "合计可能（元）"),
    *("年度", "渠道", "由谁办", "答完", "最近变动"),
)
Words: TypeAlias = Callable[[str, str], str]
"""How a column's stored word is called: (`state`, `new`) -> 新答完."""


def folder_of(database: Database) -> Path:
    """Where the files are kept: beside the database, readable to its owner alone."""
    beside = file_of(database.address).parent if database.is_sqlite else Path("var")
    folder = beside / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def run_export(database: Database, export: Export, scope: Scope, filters: Filters, words: Words) -> None:
    """Write an export's file and note how far it is; a failure is noted, and leaves no file behind."""
    name = f"{secrets.token_hex(16)}.{export.kind}"
    path, number = folder_of(database) / name, export.id or 0
    path.touch(mode=0o600)

    def noted(rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
        for count, row in enumerate(rows, 1):
            yield row
            if count % _EVERY == 0:
                database.turn(partial(note_export, export_id=number, state="running", rows=count))

    try:
        rows = database.read(lambda c: _write(c, path, export.kind, scope, filters, words, noted))
    except BaseException:
        path.unlink(missing_ok=True)
        database.turn(lambda c: note_export(c, number, "failed", 0))
        raise
    database.turn(lambda c: note_export(c, number, "done", rows, name))


def _write(  # noqa: PLR0913, PLR0917  what an export is
    connection: Connection,
    path: Path,
    kind: ExportKind,
    scope: Scope,
    filters: Filters,
    words: Words,
    noted: Callable[[Iterable[tuple[Cell, ...]]], Iterator[tuple[Cell, ...]]],
) -> int:
    rows = noted(row_of(line, words) for line in all_of(connection, scope, filters))
    return write_csv(path, rows) if kind == "csv" else write_xlsx(path, rows)


def row_of(line: Listed, words: Words) -> tuple[Cell, ...]:
    """One line of the list, as the columns name it."""
    row = line.review
    return (
        line.name,
        line.credit_code,
        row.city,
        words("industry", row.industry) if row.industry else None,
        row.rung,
        words("state", row.state),
        row.confirmed_yuan,
        row.amount_yuan,
        row.fiscal_year,
        row.channel,
        line.advisor,
        _local(row.finished_at),
        _local(row.changed_at),
    )


def _local(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def write_csv(path: Path, rows: Iterable[tuple[Cell, ...]]) -> int:
    """Write UTF-8 with a mark that makes spreadsheets see it as such; how many rows that were."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([harmless(cell) for cell in row])
            count += 1
    return count


def write_xlsx(path: Path, rows: Iterable[tuple[Cell, ...]]) -> int:
    """Write a workbook; how many rows that were. Text stays text, whatever it begins with."""
    return write_workbook(path, "测评", COLUMNS, rows)


def tidy(database: Database, now: datetime) -> int:
    """Delete exports past their time, files and all; how many files that were."""
    names = database.turn(lambda c: expired_exports(c, now))
    for name in names:
        (folder_of(database) / name).unlink(missing_ok=True)
    return len(names)
