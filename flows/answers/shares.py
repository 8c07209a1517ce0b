"""Shares told without a number: 全靠它, 一多半, 一小半. Shares with a number are read in amounts.py."""

from __future__ import annotations

from flows.answers.patterns import Pattern
from flows.answers.reading import Reading

_ALL_OF_IT = Pattern(r"(?:全部|全|全都|百分百)(?:都)?(?:是|靠|来自|卖)[^0-9%成,]*")
_OVER_HALF = Pattern(
    r"(?:占|有|得有|超)?(?:一多半|一大半|多一半|大一半|多半|大半|一半多|过半)(?:以上|吧|了)?"
)
_UNDER_HALF = Pattern(r"(?:占|有)?(?:一小半|一少半|小一半|少一半|小半|少半)(?:吧|了)?")


def share_in_words(text: str) -> Reading | None:
    """Read such a share; it is always read back."""
    if _ALL_OF_IT.fullmatch(text):
        return Reading("percent", value=100, confirm=True, rule="all_of_it")
    if _OVER_HALF.fullmatch(text):
        return Reading("percent", low=50, low_open=True, approx=True, confirm=True, rule="over_half")
    if _UNDER_HALF.fullmatch(text):
        return Reading("percent", high=50, high_open=True, approx=True, confirm=True, rule="under_half")
    return None
