"""The zoo of broken editions: each mistake in broken/ is one clear line with file:line, and never a stack trace."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.complaints import EditionError
from policy.examples import check_folder
from tests.written import written

HERE = Path(__file__).parent
EDITIONS = HERE / "editions"
INSIDE = {
    "minimal": "",
    "whole": "province/2025",
}  # where the edition lies that is checked; `whole` has a supplement
ZOO = sorted((HERE / "broken").glob("*.yaml"))
DAY = date(2026, 11, 1)


def complaints(folder: Path, inside: str = "") -> list[str]:
    """Check an edition inside a folder and return what is complained of, without the folder's name in front."""
    try:
        check_folder(folder / inside, DAY)
    except EditionError as error:
        return [line.removeprefix(f"{folder}/") for line in error.lines]
    return []


def apply(folder: Path, patch: dict[str, Any]) -> None:
    """Change one file: `replace`/`by` a piece that stands there once, `write` it, `repeat` a piece, or `remove` it."""
    file = folder / patch["file"]
    file.parent.mkdir(parents=True, exist_ok=True)
    if patch.get("remove"):
        file.unlink()
    elif "replace" in patch:
        text = file.read_text(encoding="utf-8")
        assert text.count(patch["replace"]) == 1, f"{patch['replace']!r} must stand in {file.name} once"
        file.write_text(text.replace(patch["replace"], patch["by"]), encoding="utf-8")
    elif "latin-1" in patch:
        file.write_bytes(patch["latin-1"].encode("latin-1"))
    else:
        written = "".join(patch["repeat"]) * patch["times"] if "repeat" in patch else patch["write"]
        file.write_text(written, encoding="utf-8")


@pytest.mark.parametrize("name", INSIDE)
def test_an_unspoilt_edition_is_all_right(name: str) -> None:
    assert complaints(EDITIONS / name, INSIDE[name]) == []


@pytest.mark.parametrize("mistake", ZOO, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_what_to_do(mistake: Path, tmp_path: Path) -> None:
    case = written(mistake.read_text(encoding="utf-8"))
    name, folder = case.get("edition", "minimal"), tmp_path / "edition"
    shutil.copytree(EDITIONS / name, folder)
    for patch in case["patch"]:
        apply(folder, patch)
    assert complaints(folder, INSIDE[name]) == case["says"]
    assert all(re.fullmatch(r"[a-z0-9/._-]+:\d+: \S.*", line) for line in case["says"])


def test_the_zoo_is_large() -> None:
    assert len(ZOO) >= 140
