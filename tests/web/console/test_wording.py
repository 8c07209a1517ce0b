"""Everything the console shows is there in English too."""

import ast
import re
from pathlib import Path

import pytest

from flows.auditing import _NOBODYS, ACTIONS
from web.console.wording import english, translator

ROOT = Path(__file__).parent.parent.parent.parent
TEMPLATES = sorted((ROOT / "templates" / "console").rglob("*.html"))
# Calls whose first words a page shows: Phrase in web/console, what is declined in flows.
_MARKS = {"flows": {"DeclinedError", "WeakPasswordError"}, "web/console": {"Phrase"}}
_T = re.compile(r"""\bt\(\s*(?:"([^"]+)"|'([^']+)')""")


def _in_templates() -> set[str]:
    found = (pair for path in TEMPLATES for pair in _T.findall(path.read_text(encoding="utf-8")))
    return {double or single for double, single in found}


def _in_code() -> set[str]:
    found = set()
    for folder, marks in _MARKS.items():
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in marks:
                    found |= {str(each.value) for each in node.args[:1] if isinstance(each, ast.Constant)}
    return found


def test_every_string_has_its_english() -> None:
    shown = _in_templates() | _in_code() | {*ACTIONS.values(), *_NOBODYS.values()}
    assert len(shown) > 100
    assert sorted(shown - set(english())) == []


def test_no_english_is_left_over_or_chinese() -> None:
    shown = _in_templates() | _in_code() | {*ACTIONS.values(), *_NOBODYS.values()}
    assert [key for key in english() if key not in shown] == []
    assert [key for key, told in english().items() if re.search("[\u4e00-\u9fff]", told)] == []


def test_what_is_filled_in_is_the_same_in_both() -> None:
    blanks = re.compile(r"\{\w+\}")
    for chinese, told in english().items():
        assert sorted(blanks.findall(chinese)) == sorted(blanks.findall(told)), chinese


def test_templates_hold_no_chinese_outside_of_what_is_translated() -> None:
    for path in TEMPLATES:
        bare = re.sub(
            r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        assert re.findall("[\u4e00-\u9fff]+", bare) == [], path.name


@pytest.mark.parametrize(("language", "told"), [("zh", "退出 Firefox"), ("en", "Sign out Firefox")])
def test_words_are_filled_in_after_they_are_translated(language: str, told: str) -> None:
    t = translator("en" if language == "en" else "zh")
    assert t("退出 {device}", device="Firefox") == told
    assert t("没有译文") == "没有译文"
