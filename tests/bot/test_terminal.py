"""The terminal: numbers where there is something to choose, JSON where a program talks, and no silence."""

import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.terminal import CHANNEL, Terminal
from flows.interview import Promise, receive
from flows.messages import Incoming
from models.outbox import NewMessage, put
from models.session import Database
from tests.conversations.in_process import OPERATOR, START, InProcess, editions, publish
from tests.conversations.playing import dump

Chat = Callable[..., str]


@pytest.fixture
def chat(sqlite_url: str) -> Chat:
    """Say lines to a terminal of a person; what came out."""
    with closing(Database(sqlite_url)) as database:
        publish(database)

    def say(*lines: str, name: str = "me", as_json: bool = False) -> str:
        out = io.StringIO()
        with closing(Database(sqlite_url)) as database:
            Terminal(database, OPERATOR, name, lines, out, as_json, editions(), _now).run()
        return out.getvalue()

    return say


def _now() -> datetime:
    return START


def told(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_the_notice_comes_first_and_its_choices_have_numbers(chat: Chat) -> None:
    out = chat()
    assert out.startswith("\n您好！")
    assert "顾问复核。\n\n同意就回复“同意”" in out
    assert out.endswith("1. 同意，开始  2. 不同意\n")


def test_a_number_chooses(chat: Chat) -> None:
    assert "贵公司的注册地" in chat("1\n")
    assert "没有存下" in chat("２。\n", name="another")


def test_a_label_chooses(chat: Chat) -> None:
    assert "贵公司的注册地" in chat("同意，开始\n")


def test_on_a_question_only_its_options_have_numbers(chat: Chat) -> None:
    out = chat("同意\n")
    assert "1. 在河南  2. 不在河南\n（也可以说：不确定、跳过、上一步、这是什么意思）\n" in out
    assert "3. " not in out


def test_a_number_on_a_question_is_an_answer(chat: Chat) -> None:
    assert "注册地：在河南，记下了" in chat("同意\n", "1\n")
    assert "是 3亿元，还是 3万元" in chat("3\n")


def test_a_number_after_the_result_is_no_hidden_command(chat: Chat) -> None:
    """The result ends with a question for the city, which nothing on the screen numbers."""
    out = chat(*("同意\n", "在\n", "3.2亿\n", "有\n", "没有\n", "没有\n"), "1\n")
    assert "（也可以说：跳过、上一步、这是什么意思、看结果、要报告、改答案、重新开始、换个地方接着答）" in out
    assert out.rstrip().endswith("（也可以说：跳过、上一步、这是什么意思）")
    assert "先跳过" not in out


def test_every_way_on_that_is_offered_in_words_can_be_said(chat: Chat) -> None:
    walk = ("同意\n", "在\n", "3.2亿\n", "有\n", "跳过\n", "没有\n")
    for label in ("跳过", "上一步", "这是什么意思", "补答跳过的题", "看结果", "要报告", "改答案", "重新开始"):
        out = chat(*walk, f"{label}\n", name=label)
        assert label in out
        assert "没看明白" not in out


def test_a_long_list_stands_one_below_the_other(chat: Chat) -> None:
    out = chat("同意\n", "在\n", "3.2亿\n", "有\n", "改\n")
    assert "1. 注册地：在河南\n2. 营业收入：3.2亿元\n3. 研发机构：有\n4. 不改了，继续\n" in out


def test_an_empty_line_is_passed_over(chat: Chat) -> None:
    assert chat("\n", "  \n") == chat()


def test_a_last_line_without_an_end_is_heard(chat: Chat) -> None:
    assert "贵公司的注册地" in chat("同意")


def test_each_name_has_its_own_talk(chat: Chat) -> None:
    chat("同意\n", "在\n", "3.2亿\n", name="laowang")
    assert "开始前请看一下" in chat(name="laoli")
    assert "研发机构" in chat(name="laowang")


def test_a_json_turn_has_exactly_the_shape_of_the_contract(chat: Chat) -> None:
    said = ("同意", "在", "3.2亿", "有", "没有", "没有")
    found = told(chat(*(json.dumps({"text": text}) for text in said), as_json=True))
    assert len(found) == 1 + len(said)
    for turn in found:
        assert list(turn) == ["kind", "fact", "choices", "text", "result"]
        assert turn["kind"] in {"question", "confirm", "hint", "result", "notice"}
        assert all(list(choice) == ["key", "label"] for choice in turn["choices"])
        assert turn["text"].strip()
        assert (turn["result"] is None) is (turn["kind"] != "result")
    assert found[-1]["result"]["ladder"]["state"] == "on_ladder"


@pytest.mark.parametrize(
    "line",
    [
        "同意",
        "{",
        "[]",
        "null",
        "",
        "{}",
        '{"text": null}',
        '{"text": 1}',
        '{"text": "有", "choice": "yes"}',
        '{"text": "有", "more": 1}',
        '{"text": "有", "key": 1}',
        json.dumps({"text": "有", "key": "k" * 201}),
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_message_is_told_so_and_changes_nothing(chat: Chat, line: str) -> None:
    lines = (json.dumps({"choice": "agree"}), f"{line}\n", json.dumps({"choice": "yes"}))
    _, asked, hint, following = told(chat(*lines, as_json=True))
    assert asked["fact"] == "registered_in_henan"
    assert (hint["kind"], hint["fact"]) == ("hint", None)
    assert '{"text": "..."}' in hint["text"]
    assert following["fact"] == "revenue"


def test_the_same_key_is_answered_with_the_same_words(chat: Chat) -> None:
    lines = [
        json.dumps({"text": text, "key": key}) for text, key in (("同意", "a"), ("在", "b"), ("在", "b"))
    ]
    *_, first, second = told(chat(*lines, as_json=True))
    assert first == second
    assert first["fact"] == "revenue"


def test_what_was_promised_before_it_ended_is_said_first(chat: Chat, sqlite_url: str) -> None:
    chat("同意\n", "在\n")
    with closing(Database(sqlite_url)) as database:
        unsent = Incoming(CHANNEL, "me", "late", START, "3.2亿")
        assert InProcess(database).take(unsent) is not None
        out = chat()
        assert "营业收入：3.2亿元，记下了" in out
        assert "您好" not in out
        assert {row["state"] for row in dump(database)["outbox"]} == {"sent"}


def test_a_row_that_cannot_be_read_keeps_nobody_from_talking(
    chat: Chat, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chat("同意\n", "在\n")
    with closing(Database(sqlite_url)) as database:
        strange = NewMessage(CHANNEL, "me", "late", "notice", {"new": 1})
        database.turn(lambda c: put(c, strange, START))
        assert "营业收入" in chat()
        assert [row["state"] for row in dump(database)["outbox"]].count("dead") == 1
    assert "given up" in capsys.readouterr().err


def test_what_a_killed_run_had_in_hand_is_said_by_the_next_one(chat: Chat, sqlite_url: str) -> None:
    chat("同意\n", "在\n")
    with closing(Database(sqlite_url)) as database:
        left = Incoming(CHANNEL, "me", "late", START, "3.2亿")
        database.turn(lambda c: receive(c, editions(), OPERATOR, left, timedelta()))
        again = (json.dumps({"text": "3.2亿", "key": "late"}),)
        assert "营业收入：3.2亿元，记下了" in chat(*again, as_json=True)
        assert {row["state"] for row in dump(database)["outbox"]} == {"sent"}


def test_a_turn_that_was_not_stored_says_so_and_the_talk_goes_on(
    chat: Chat, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chat("同意\n", "在\n")
    failures = iter([OperationalError("INSERT", {}, Exception("disk full"))])
    turn = Database.turn

    def broken(self: Database, work: Callable[[Connection], Promise | None]) -> Promise | None:
        if (failure := next(failures, None)) is not None:
            raise failure
        return turn(self, work)

    with closing(Database(sqlite_url)) as database:
        out = io.StringIO()
        terminal = Terminal(database, OPERATOR, "me", ["3.2亿\n"], out, editions=editions(), now=_now)
        monkeypatch.setattr(Database, "turn", broken)
        terminal.run()
    assert "刚才没有存上" in out.getvalue()
    assert "3.2亿元，记下了" in out.getvalue()
    assert "disk full" not in capsys.readouterr().err
