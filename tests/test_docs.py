"""What the documents say is there."""

import re
from pathlib import Path

import pytest

import main

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_every_verb_of_the_command_is_in_the_readme() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    for verb in re.findall(r"^    ([a-z]+)  ", main.commands().format_help(), re.MULTILINE):
        assert f"`ladder {verb}" in told, verb


def test_every_verb_of_the_makefile_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    for verb in phony:
        assert re.search(rf"^{verb}:.*## ", makefile, re.MULTILINE), verb


def test_no_firm_is_ever_told_that_it_fails() -> None:
    told = [*(ROOT / "templates").rglob("*.j2"), *(ROOT / "templates").rglob("*.html")]
    for path in [*told, *(ROOT / "policy").rglob("*.yaml"), *(ROOT / "flows").rglob("*.py")]:
        assert "不合格" not in path.read_text(encoding="utf-8"), path.name
