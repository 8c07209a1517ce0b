"""What the product's code never does: run what people typed, read objects from bytes, or take a weak digest or a guessable number."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [
    *(path for name in ("bot", "flows", "models", "policy", "web") for path in (ROOT / name).rglob("*.py")),
    *ROOT.glob("*.py"),
]
FORBIDDEN = {
    *("eval", "exec", "compile", "__import__"),
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("pickle.load", "pickle.loads", "marshal.loads", "shelve.open", "yaml.load", "yaml.unsafe_load"),
    *("hashlib.md5", "hashlib.sha1", "random.random", "random.choice", "random.randint", "uuid.uuid1"),
}
NEVER_IN_SCRIPTS = re.compile(
    r"\beval\(|new Function\(|\.innerHTML\b|document\.write|insertAdjacentHTML|postMessage|localStorage|__proto__|jsonp",
    re.IGNORECASE,
)


@cache
def _calls() -> list[tuple[str, ast.Call]]:
    """Every call of the product, with its place."""
    return [
        (f"{path.relative_to(ROOT)}:{each.lineno}", each)
        for path in SOURCES
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Call)
    ]


@cache
def _called() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, call in _calls():
        if isinstance(call.func, ast.Name | ast.Attribute):
            found.setdefault(ast.unparse(call.func), []).append(place)
    return found


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 200


def test_nothing_calls_what_is_forbidden() -> None:
    assert {name: _called()[name] for name in FORBIDDEN & set(_called())} == {}


def test_no_command_goes_through_a_shell() -> None:
    assert [place for place, call in _calls() if any(word.arg == "shell" for word in call.keywords)] == []


def test_sql_as_text_is_made_of_constants() -> None:
    """Only names of this code's own are ever put into it; what people typed is bound."""
    made = [
        place
        for place, call in _calls()
        if isinstance(call.func, ast.Name)
        and call.func.id == "text"
        and isinstance(call.args[0], ast.BinOp | ast.Call)
    ]
    assert made == []


@pytest.mark.parametrize("script", sorted((ROOT / "web" / "static").glob("*.js")), ids=lambda path: path.name)
def test_no_script_of_ours_runs_or_keeps_what_it_should_not(script: Path) -> None:
    assert NEVER_IN_SCRIPTS.findall(script.read_text(encoding="utf-8")) == []


def test_every_password_field_is_masked_and_may_be_filled_by_a_manager() -> None:
    fields = [
        field
        for path in (ROOT / "templates").rglob("*.html")
        for field in re.findall(
            r"<input[^>]*name=\"(?:password|again|present)\"[^>]*>", path.read_text(encoding="utf-8")
        )
    ]
    assert len(fields) >= 4
    for field in fields:
        assert 'type="password"' in field, field
        assert re.search(r'autocomplete="(?:new|current)-password"', field), field
        assert "onpaste" not in field
