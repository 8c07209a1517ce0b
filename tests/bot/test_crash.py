"""`kill -9` in the middle of a talk: what was acknowledged is there, once, and the talk goes on to the same end."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from models.answer import answers_of
from models.session import Database
from tests.bot.chat_process import ChatProcess, KilledError
from tests.conversations.playing import Told, newest_assessment

POINTS = (
    "received",
    "answer-appended",
    "reply-stored",
    "before-commit",
    "after-commit",
    "before-send",
    "after-send",
    "after-mark",
)
SAYS = (
    "同意",
    "河南",
    "应该是3.2亿吧",
    "对",
    "有",
    "有",
    "8000万",
    "7000万",
    "已认定",
    "没有",
    "许昌",
    "跳过",
    "跳过",
)
Summary = tuple[dict[str, object], list[tuple[str, str | None]], str]


def talk(url: str, environments: Sequence[dict[str, str]]) -> Told:
    """Say everything under keys of its own; after a kill start anew and send the same message once more."""
    runs = iter(environments)
    process, told = _start(url, runs)
    for number, text in enumerate(SAYS):
        while True:
            try:
                told = process.send({"text": text, "key": f"message-{number}"})
                if text != "同意" or told["fact"]:
                    break  # else: who was shown the notice is forgotten with the process, and it was shown again
            except KilledError:
                process, told = _start(url, runs)
    assert process.end() == 0
    return told


def _start(url: str, runs: Iterator[dict[str, str]]) -> tuple[ChatProcess, Told]:
    """A run that greets; one that is killed while it greets is started again."""
    while True:
        process = ChatProcess(url, **next(runs, {}))
        try:
            return process, process.read()
        except KilledError:
            continue


def summary(url: str) -> Summary:
    """The facts, every answer ever stored, and the state."""
    with closing(Database(url)) as database:
        assessment = newest_assessment(database)
        found = database.read(lambda c: answers_of(c, assessment.id))
        return dict(assessment.facts), [(each.slot, each.as_typed) for each in found], assessment.state


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """What a talk leaves that nobody killed; the command makes its database itself."""
    url = f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'ladder.db'}"
    talk(url, [])
    return summary(url)


def crash(point: str, skip: int) -> dict[str, str]:
    return {"LADDER_CRASH_AT": point, "LADDER_CRASH_SKIP": str(skip)}


def check(url: str, environments: Sequence[dict[str, str]], expected: Summary) -> None:
    told = talk(url, environments)
    assert "都记下了" in told["text"]
    assert summary(url) == expected
    assert len(expected[1]) == len({slot for slot, _ in expected[1]}) == len(SAYS) - 2


def test_killed_once_with_a_reply_on_its_way(sqlite_url: str, expected: Summary) -> None:
    check(sqlite_url, [crash("after-commit", 9)], expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    "skip", [2, 9, *(pytest.param(n, marks=pytest.mark.full) for n in (0, 1, 3, 4, 6, 12))]
)
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere(point: str, skip: int, sqlite_url: str, expected: Summary) -> None:
    check(sqlite_url, [crash(point, skip)], expected)


@pytest.mark.slow
def test_killed_again_and_again(sqlite_url: str, expected: Summary) -> None:
    """Each run dies somewhere else; between them they get through."""
    check(sqlite_url, [crash(point, skip) for skip in (3, 5, 4) for point in POINTS], expected)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_over_postgresql(point: str, database_url: str, expected: Summary) -> None:
    check(database_url, [crash(point, 5)], expected)
