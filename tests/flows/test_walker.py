"""The interview walked through: whatever is answered, each path ends with a result, and the order does not matter."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from flows.interview import receive
from flows.messages import Incoming, Reply
from flows.render import render
from models.session import Database
from tests.conversations.in_process import OPERATOR, START, editions, publish

NOT_TOLD = {"不知道", "跳过", "不方便说"}
MOST_QUESTIONS = 22
_YES_NO = ("有", "没有", *NOT_TOLD)
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "registered_in_henan": ("在河南", "不在河南", *NOT_TOLD),
    "revenue": ("9999万", "1亿", "3.2亿", "5亿", "12亿", "100亿", "大约1亿", "5亿以上", *NOT_TOLD),
    "consortium_role": ("牵头", "参加", "都没有", *NOT_TOLD),
    "upgrade_total_investment": ("4999万", "5000万", "8000万", "大约5000万", *NOT_TOLD),
    "upgrade_equipment_software": ("4000万", "7000万", "6000万以上", *NOT_TOLD),
    "upgrade_demo_recognized": ("已认定", "明确没有", *NOT_TOLD),
    "name": ("全国重点实验室", *NOT_TOLD),
    "kind": ("新创建", "重组入列", "原来就有", *NOT_TOLD),
    "created_on": ("2025年8月", "2026年3月", *NOT_TOLD),
    "role": ("依托单位", "共建单位", *NOT_TOLD),
}
_THRESHOLD = ("到了", "没到", "不知道")
_CONFLICT = ("都没错",)
_LEFT_OPEN = {"参加", "共建单位", "2025年8月"}  # the text itself does not say what follows


class _Over(Exception):  # noqa: N818
    """Ends a transaction of which nothing shall stay."""


@dataclass
class Walk:
    """One person in one transaction that is never committed, so that a branch is left by going back to a savepoint."""

    connection: Connection
    sender: str = "walker"
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    ends: int = 0
    _keys: Iterator[int] = field(default_factory=count)

    def say(self, text: str | None = None, choice: str | None = None) -> Reply:
        number = next(self._keys)
        at = START + timedelta(seconds=number)
        incoming = Incoming("test", self.sender, f"{self.sender}-{number}", at, text, choice)
        promise = receive(self.connection, editions(), OPERATOR, incoming)
        assert promise is not None
        assert render(promise.reply).strip()
        return promise.reply

    def begin(self) -> Reply:
        """Nobody agrees to a notice that they were not shown."""
        self.say("开始")
        return self.say("同意")

    def everywhere(
        self, reply: Reply, rng: Random, visits: int, path: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Go on from a reply with every option not seen often enough yet, else with one by chance."""
        if _is_over(reply):
            self.ends += 1
            check_end(reply, path)
            return
        assert len(path) < MOST_QUESTIONS, path
        asked = _asked(reply, path)
        fresh = [each for each in options(reply) if self.seen[asked, each] < visits]
        for option in fresh or [rng.choice(options(reply))]:
            self.seen[asked, option] += 1
            with self._branch():
                self.everywhere(self.say(option), rng, visits, (*path, (asked, option)))

    @contextmanager
    def _branch(self) -> Iterator[None]:
        savepoint = self.connection.begin_nested()
        yield
        savepoint.rollback()


def _is_over(reply: Reply) -> bool:
    return reply.fact is None or reply.fact.startswith("about.")


def _asked(reply: Reply, path: tuple[tuple[str, str], ...]) -> str:
    """What is asked; the very same question never comes twice on a path."""
    threshold = reply.data.get("bound") or reply.data.get("vague") or ""
    asked = f"{reply.fact}{'!' if reply.kind == 'confirm' else ''}{threshold}"
    assert asked not in dict(path), (asked, path)
    return asked


def options(reply: Reply) -> tuple[str, ...]:
    assert reply.fact is not None
    if reply.kind == "confirm":
        return _CONFLICT
    if reply.data.get("bound"):
        return _THRESHOLD
    if reply.data.get("vague"):
        return ("6000万", "不知道")
    last = reply.fact.rsplit(".", 1)[-1]
    if last == "more":
        return _YES_NO if ".1." in reply.fact else ("没有",)
    return OPTIONS.get(last, _YES_NO)


def check_end(reply: Reply, path: tuple[tuple[str, str], ...]) -> None:
    """Nothing is left open but what the owner did not tell or what the text itself leaves open."""
    assert reply.kind == "result", path
    result: Mapping[str, Any] = reply.result or {}
    said = {option for _, option in path}
    if said & NOT_TOLD:
        return
    assert result["must_ask"] == [], path
    if said & _LEFT_OPEN:
        return
    open_rungs = [key for key, state in result["ladder"]["rungs"].items() if state == "unknown"]
    decided = [scheme for scheme in result["schemes"] if scheme["kind"] == "assessed"]
    verdicts = {scheme["id"]: scheme["verdict"] for scheme in decided}
    assert not open_rungs, (open_rungs, path)
    assert "undetermined" not in verdicts.values(), (verdicts, path)


def explore(url: str, walk: Callable[[Walk], None]) -> None:
    """Walk in one transaction and take all of it back; what fails in there fails here."""

    def work(connection: Connection) -> None:
        walk(Walk(connection))
        raise _Over

    with closing(Database(url)) as database:
        publish(database)
        with pytest.raises(_Over):
            database.turn(work)


def _every_path(walk: Walk, visits: int) -> None:
    walk.everywhere(walk.begin(), Random(20261123), visits)
    missing = {
        option for name, every in OPTIONS.items() for option in every if not _was_taken(walk, name, option)
    }
    assert not missing
    assert walk.ends >= 80 * visits


def _was_taken(walk: Walk, name: str, option: str) -> bool:
    return any(taken == option and asked.endswith(name) for asked, taken in walk.seen)


def test_from_every_answer_each_path_ends_with_a_result(sqlite_url: str) -> None:
    explore(sqlite_url, lambda walk: _every_path(walk, visits=1))


@pytest.mark.parametrize(
    "visits",
    [pytest.param(2, marks=pytest.mark.slow), pytest.param(4, marks=[pytest.mark.slow, pytest.mark.full])],
)
def test_from_every_answer_many_paths_end_with_a_result(sqlite_url: str, visits: int) -> None:
    explore(sqlite_url, lambda walk: _every_path(walk, visits))


def _answers(walk: Walk, rng: Random) -> tuple[dict[str, str], Reply]:
    """One firm's answers, told in the order of the questions, and what it is told in the end."""
    reply, answers = walk.begin(), dict[str, str]()
    while not _is_over(reply):
        # Words for a threshold or a clash belong to a moment, not to a question.
        told = [each for each in options(reply) if not each.startswith(("大约", "5亿以上", "6000万以上"))]
        option = told[0] if reply.kind == "confirm" else rng.choice(told)
        if reply.kind == "question":
            answers[str(reply.fact)] = option
        reply = walk.say(option)
    return answers, reply


def _shuffled(walk: Walk, answers: Mapping[str, str], rng: Random) -> Reply:
    """The same answers in another order: questions are skipped at first and answered by editing them later."""
    reply, left, put_off = walk.begin(), dict(answers), set[str]()
    while left:
        slot = rng.choice(sorted(put_off)) if put_off and (_is_over(reply) or rng.random() < 1 / 3) else None
        if slot is not None:
            put_off.remove(slot)
            walk.say(choice=f"edit:{slot}")
            reply = walk.say(left.pop(slot))
        elif reply.kind == "confirm":
            reply = walk.say("都没错")
        elif reply.fact in left and rng.random() < 1 / 2:
            reply = walk.say(left.pop(str(reply.fact)))
        else:
            put_off |= {str(reply.fact)} & set(left)
            reply = walk.say("跳过")
    while not _is_over(reply):
        reply = walk.say("都没错" if reply.kind == "confirm" else "跳过")
    return walk.say("结果")


def _in_any_order(walk: Walk, firms: int) -> None:
    for number in range(firms):
        rng = Random(number)
        walk.sender = f"straight-{number}"
        answers, told = _answers(walk, rng)
        for another in range(2):
            walk.sender = f"shuffled-{number}-{another}"
            shuffled = _shuffled(walk, answers, rng)
            assert shuffled.result == told.result, (answers, render(told), render(shuffled))


def test_the_order_of_the_answers_does_not_matter(sqlite_url: str) -> None:
    explore(sqlite_url, lambda walk: _in_any_order(walk, 12))


@pytest.mark.parametrize(
    "firms",
    [pytest.param(40, marks=pytest.mark.slow), pytest.param(250, marks=[pytest.mark.slow, pytest.mark.full])],
)
def test_the_order_of_the_answers_of_many_firms_does_not_matter(sqlite_url: str, firms: int) -> None:
    explore(sqlite_url, lambda walk: _in_any_order(walk, firms))
