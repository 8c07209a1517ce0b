"""The table of the verification standard: numbers that it has, tests that exist, and at least ninety requirements tied to one."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
_ROW = re.compile(
    r"^\| (\d{1,2}\.\d\.\d{1,2}) [^|]+ \| (yes|no) \| [^|]+ \| (—|`(tests/[\w/]+\.py)::(test_\w+)`) \|$",
    re.MULTILINE,
)
_TABLE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = _ROW.findall(_TABLE)
SECTIONS = {
    1: (2, 10, 12, 3, 3),
    2: (3, 3, 5, 2),
    3: (1, 3, 5, 8, 8, 1, 5),
    4: (5, 5, 2, 4),
    5: (1, 6, 3, 3),
    6: (3, 12, 8, 6, 8, 4, 2, 4),
    7: (3, 4, 2, 5, 3, 2),
    8: (4, 4, 3, 2),
    9: (3, 4),
    10: (2, 3, 5, 16, 5, 2, 3),
    11: (4, 5, 5, 4, 2, 2, 2),
    12: (5, 2, 5),
    13: (4, 6, 4, 7),
    14: (2, 8, 3),
    15: (5, 5, 7, 4),
    16: (1, 5, 4, 3, 4),
    17: (2, 8, 2),
}
"""How many requirements each section of version 5.0.0 has, by chapter."""


def _is_one(number: str) -> bool:
    """Whether the standard has a requirement of that number."""
    chapter, section, place = map(int, number.split("."))
    sections = SECTIONS.get(chapter, ())
    return 1 <= section <= len(sections) and 1 <= place <= sections[section - 1]


@cache
def _tests_in(path: Path) -> set[str]:
    functions = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {each.name for each in functions if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_row_is_read() -> None:
    rows = [line for line in _TABLE.splitlines() if line.startswith("| ")][1:]
    assert len(ROWS) == len([line for line in rows if not line.startswith("| ---")])


def test_every_number_is_one_of_the_standards_in_order_and_once() -> None:
    assert sum(map(sum, SECTIONS.values())) == 345
    numbers = [number for number, *_ in ROWS]
    assert [number for number in numbers if not _is_one(number)] == []
    ordered = [tuple(map(int, number.split("."))) for number in numbers]
    assert ordered == sorted(set(ordered))


def test_every_test_that_is_named_exists() -> None:
    for number, _, _, path, name in ROWS:
        if path:
            assert (ROOT / path).is_file(), (number, path)
            assert name in _tests_in(ROOT / path), (number, name)


def test_ninety_requirements_and_more_are_tied_to_a_test() -> None:
    assert len([path for _, applies, _, path, _ in ROWS if path and applies == "yes"]) >= 90
