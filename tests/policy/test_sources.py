"""YAML texts at their limits: depth, and what goes beyond plain mappings, lists and values."""

import pytest

from policy.complaints import Complaints, EditionError
from policy.margins import read_margins
from policy.sources import parse


def _nested(levels: int, padding: str = "") -> str:
    return f"a: {'[' * levels}1{']' * levels}\n{padding}"


def _complaint(text: str) -> str:
    complaints = Complaints()
    assert parse(text, "x.yaml", complaints) is None
    with pytest.raises(EditionError) as told:
        complaints.raise_if_any()
    return str(told.value)


@pytest.mark.parametrize("padding", ["", "# a long comment\n" * 1000], ids=["short", "long"])
def test_a_text_nested_too_deep_is_told_with_its_line(padding: str) -> None:
    assert "x.yaml:1: nested more than 30 levels deep" in _complaint(_nested(40, padding))


def test_a_deep_mapping_is_too_deep_as_well() -> None:
    text = "".join(f"{' ' * level}k{level}:\n" for level in range(40)) + f"{' ' * 40}end: 1\n"
    assert "nested more than 30 levels deep" in _complaint(text)


def test_what_was_checked_before_is_not_checked_again() -> None:
    assert parse(_nested(40), "x.yaml", Complaints(), checked=True) is not None


def test_an_empty_comment_parts_two_notes() -> None:
    margins = read_margins("#\n# 一条没有句号的话\n#\n# 另一条。\nkey: 1\n")
    assert len(margins.alone) == 2
