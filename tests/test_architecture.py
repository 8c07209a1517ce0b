"""The house rules as tests: who may import whom, how large things may grow, what must never be committed."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("policy", "models", "flows", "bot", "web")
ALLOWED = {
    "policy": {"policy"},
    "models": {"models", "policy"},
    "flows": {"flows", "models", "policy"},
    "bot": {"bot", "flows", "models", "policy"},
    "web": {"web", "flows", "models", "policy", "settings"},
    "migrations": {"models"},
    "settings": set(),
}
OURS = {
    *PACKAGES,
    "editing",
    "main",
    "staffing",
    "posting",
    "telling",
    "wiring",
    "settings",
    "migrations",
    "tests",
}
PURE = {"policy": {"yaml"}, "flows/answers": {"opencc", "flows"}}
COMMAND = {"main", "editing", "staffing", "posting", "telling", "wiring"}
LONGEST_FILE, MEDIAN_FILE = 300, 105
LONGEST_FUNCTION, MEDIAN_FUNCTION = 40, 8


def files() -> list[Path]:
    found = [path for package in (*PACKAGES, "migrations") for path in sorted((ROOT / package).rglob("*.py"))]
    return [*found, ROOT / "settings.py", *(ROOT / f"{name}.py" for name in sorted(COMMAND))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names)
        elif isinstance(each, ast.ImportFrom):
            assert each.level == 0, "imports are absolute here"
            yield str(each.module)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (each for each in ast.walk(tree(path)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_go_one_way() -> None:
    for path in files():
        part = name_of(path).split("/")[0].removesuffix(".py")
        if part in COMMAND:
            continue
        ours = {module.split(".")[0] for module in imports(tree(path))} & OURS
        assert ours <= ALLOWED[part], f"{name_of(path)} imports {ours - ALLOWED[part]}"


def test_what_is_pure_stays_pure() -> None:
    for folder, allowed in PURE.items():
        for path in (ROOT / folder).rglob("*.py"):
            foreign = {module.split(".")[0] for module in imports(tree(path))} - set(sys.stdlib_module_names)
            here = {"numpy"} if name_of(path).startswith("policy/columnar/") else set()
            assert foreign <= {*allowed, *here, folder.split("/")[0]}, f"{name_of(path)} imports {foreign}"


def test_rules_know_no_clock_and_no_float() -> None:
    for path in (ROOT / "policy").rglob("*.py"):
        for node in ast.walk(tree(path)):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), name_of(path)
            assert not (isinstance(node, ast.Name) and node.id == "float"), name_of(path)
            assert not (isinstance(node, ast.Attribute) and node.attr in {"now", "today"}), name_of(path)


def test_no_import_hides_in_a_function() -> None:
    for path in files():
        if path.stem in COMMAND:
            continue
        for function in functions(path):
            assert not list(imports(function)), f"{name_of(path)}:{function.lineno} {function.name}"


def test_only_one_place_commits() -> None:
    committing = re.compile(r"\.commit\(|connection\.begin\(|engine\.begin\(")
    guilty = [name_of(path) for path in files() if committing.search(path.read_text(encoding="utf-8"))]
    assert guilty == ["models/session.py"]


def test_only_the_renderer_and_the_web_open_templates() -> None:
    guilty = {name_of(path) for path in files() if "jinja2" in set(imports(tree(path)))}
    assert all(name == "flows/render.py" or name.startswith("web/") for name in guilty), guilty


def sizes() -> list[tuple[str, int]]:
    lines = [(name_of(path), len(path.read_text(encoding="utf-8").splitlines())) for path in files()]
    return [(name, count) for name, count in lines if count >= 3]


def test_no_file_is_over_three_hundred_lines_and_half_are_about_a_hundred() -> None:
    assert [(name, count) for name, count in sizes() if count > LONGEST_FILE] == []
    assert statistics.median(count for _, count in sizes()) <= MEDIAN_FILE


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if not isinstance(first, ast.Expr) or ast.get_docstring(function, clean=False) is None:
        return total
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def test_no_function_is_over_forty_lines_and_half_are_under_eight() -> None:
    found = [(name_of(path), each.name, length(each)) for path in files() for each in functions(path)]
    assert [each for each in found if each[2] > LONGEST_FUNCTION] == []
    assert statistics.median(each[2] for each in found) <= MEDIAN_FUNCTION


def test_every_module_opens_with_what_lives_here() -> None:
    for path in files():
        assert ast.get_docstring(tree(path)), f"{name_of(path)} has no docstring"


def test_no_file_has_a_name_that_says_nothing() -> None:
    banned = {"utils", "helpers", "common", "core", "manager", "misc", "base_classes"}
    assert not [name_of(path) for path in files() if path.stem in banned]


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_nothing_that_is_kept_names_a_registry_or_a_machine() -> None:
    unwanted = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|(?<![\w.])/(work|farm|root)/"
    )
    for path in committed():
        if path == Path(__file__) or path.suffix in {".png", ".db"}:
            continue
        found = unwanted.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{name_of(path)} holds {found[0]}"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    for path in committed():
        if path.suffix in {".py", ".yaml", ".j2", ".html", ".md"} and path != Path(__file__):
            assert later.search(path.read_text(encoding="utf-8")) is None, name_of(path)


def test_people_read_full_width_punctuation() -> None:
    han = "[\u4e00-\u9fff]"
    half_width = re.compile(rf"{han}[,;:?!]{han}")
    kept = [
        *(ROOT / "templates").rglob("*.j2"),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "policy").rglob("*.yaml"),
    ]
    for path in kept:
        found = half_width.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{name_of(path)}: {found[0]}"
