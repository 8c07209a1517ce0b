"""The table of the verification standard names tests that exist, and at least ninety requirements."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
_ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| yes \| (.+?) \| `(tests/[\w/]+\.py)::(test_\w+)` \|$", re.MULTILINE
)
_TABLE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = _ROW.findall(_TABLE)


def _tests_in(path: Path) -> set[str]:
    functions = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {each.name for each in functions if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_row_is_read() -> None:
    applying = [line for line in _TABLE.splitlines() if re.match(r"\| \d+\.\d+\.\d+ \| yes ", line)]
    assert len(ROWS) == len(applying)


def test_every_test_that_is_named_exists() -> None:
    for requirement, _, path, name in ROWS:
        assert (ROOT / path).is_file(), (requirement, path)
        assert name in _tests_in(ROOT / path), (requirement, name)


def test_ninety_requirements_and_more_are_tied_to_a_test_each_once() -> None:
    requirements = [requirement for requirement, *_ in ROWS]
    assert len(set(requirements)) == len(requirements) >= 90
