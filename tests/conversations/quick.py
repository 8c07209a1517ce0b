"""Which golden talks every `make test` plays over every channel and database. All of them are played straight into the interview
on SQLite each time, and by `make slow` everywhere.
"""

import pytest

from tests.conversations.script import scripts

QUICK = {
    "a-code-is-taken-back",
    "a-conflict-is-mended",
    "a-message-of-many-facts",
    "a-report-is-asked-for",
    "a-second-firm-and-back",
    "a-wrong-answer-gets-a-hint",
    "an-old-button-offers-to-change",
    "everything-deleted",
    "many-facts-by-buttons",
    "next-year-confirms",
    "the-deep-round-by-typing",
    "the-notice-is-shown-before-consent-counts",
    "the-same-message-twice",
    "the-talk-goes-on-elsewhere",
    "the-whole-walk-by-buttons",
    "the-whole-walk-by-typing",
    "two-quick-taps",
}
TALKS = scripts()
ALL = [pytest.param(name, script, id=name) for name, script in TALKS]
FEW = [
    pytest.param(name, script, id=name, marks=() if name in QUICK else pytest.mark.slow)
    for name, script in TALKS
]
"""All of them, those that are not quick among the slow tests."""
