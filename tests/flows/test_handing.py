"""Handing questions on: how codes and the words for it are recognised, what is kept of a code, what a colleague never sees."""

import re
from datetime import timedelta

import pytest

from flows.answering import Taken, from_text
from flows.asking import Pending
from flows.codes import code_in, fingerprint, new_code
from flows.contact import CITY
from flows.messages import Incoming, Reply
from flows.render import render
from flows.slots import FOR_A_COLLEAGUE
from models.engines import file_of
from models.session import Database
from policy.facts import Fact, Kind
from tests.conversations.in_process import START, InProcess, publish
from tests.conversations.playing import dump
from tests.conversations.script import Turn
from tests.sent import mark_sent

REVENUE = Fact("revenue", Kind.MONEY, "营业收入", "多少？", unit="元")
OWNER = ("开始", "同意", "河南", "得问财务", "有", "得问财务", "得问财务")


def test_a_code_is_no_word_and_no_number() -> None:
    for _ in range(300):
        code = new_code()
        assert re.fullmatch("[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}", code)
        assert not code.replace("-", "").isalpha()
        assert not code.replace("-", "").isdecimal()
        assert code_in(code) == code


@pytest.mark.parametrize(
    "typed",
    [
        *("K7MQ-2XPD", "k7mq2xpd", "K7MQ 2XPD", " k7mq — 2xpd。", "Ｋ７ＭＱ－２ＸＰＤ", "ｋ７ｍｑ２ｘｐｄ"),
        *("/start h_K7MQ-2XPD", "/start h_K7MQ2XPD", "/start@ladder_bot h_K7MQ-2XPD", "/h_k7mq-2xpd"),
        *("同事给的码：K7MQ-2XPD", "“K7MQ-2XPD”", "财务发来的 k7mq-2xpd 这个"),
    ],
)
def test_a_code_is_recognised_however_it_is_typed(typed: str) -> None:
    assert code_in(typed) == "K7MQ-2XPD"
    assert fingerprint("K7MQ-2XPD") == fingerprint(str(code_in(typed)))


@pytest.mark.parametrize(
    "typed",
    [
        *("3.2亿", "12345678", "2345-6789", "manufact", "开始", "/start", "91410100MA3X000008", "2018-03-01"),
        *("", "2025-2026", "about 3.2", "1234-5678-2345-ABCD", "不知道", "ISO9001认证"),
    ],
)
def test_an_answer_is_no_code(typed: str) -> None:
    assert code_in(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "得问财务",
            "问会计",
            "问同事",
            "要问一下别人",
            "这个得问一下我们财务",
            "不知道，得问财务",
            "我得去问会计",
        ),
        *("需要问财务部", "回头问问会计", "要问别人。", "不清楚 要问一下会计才知道", "先问问同事吧"),
    ],
)
def test_who_has_to_ask_puts_the_question_aside(typed: str) -> None:
    assert from_text(Pending("revenue", REVENUE), typed, START.date()) == Taken(FOR_A_COLLEAGUE, "colleague")


@pytest.mark.parametrize("typed", ["大概3000万，具体得问财务", "3亿", "不知道", "问这个干嘛", "同事", "跳过"])
def test_anything_else_is_what_it_was(typed: str) -> None:
    taken = from_text(Pending("revenue", REVENUE), typed, START.date())
    assert not isinstance(taken, Taken) or taken.entry != FOR_A_COLLEAGUE


def test_what_only_describes_the_firm_is_left_out_instead() -> None:
    taken = from_text(Pending(CITY.key, CITY), "得问同事", START.date())
    assert isinstance(taken, Taken)
    assert taken.entry.value is None


def _owner(database: Database) -> tuple[InProcess, str]:
    publish(database)
    person = InProcess(database)
    for said in OWNER:
        person.say(Turn(say=said))
    told = person.say(Turn(say="让同事来答"))["text"]
    return person, str(re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told)[0])  # type: ignore[index]  # None would fail the test


def test_of_a_code_only_its_fingerprint_is_kept(database: Database) -> None:
    _, code = _owner(database)
    database.scrub()
    rows = dump(database)
    assert code not in str(rows)
    assert code.replace("-", "") not in str(rows)
    assert rows["handover"][0]["code_sha256"] == fingerprint(code)
    if database.is_sqlite:
        path = file_of(database.address)
        raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert code.encode() not in raw


def test_a_message_that_comes_twice_makes_one_code(database: Database) -> None:
    person, _ = _owner(database)
    asked = Incoming("test", "laowang@luoyang", "twice", START + timedelta(hours=1), "让同事来答")
    first = person.take(asked)
    assert first is not None
    database.turn(lambda c: mark_sent(c, first.message_id, asked.at))
    made = dump(database)["handover"]
    second = person.take(asked)
    assert second is not None
    assert second.reply.topic == "hand-made"
    assert dump(database)["handover"] == made


def test_a_colleague_sees_nothing_else_and_comes_to_speak_for_nobody(database: Database) -> None:
    person, code = _owner(database)
    seen: list[Reply] = []

    def colleague(said: str | None, **more: object) -> Reply:
        at = START + timedelta(hours=1, minutes=len(seen))
        promise = person.take(Incoming("test", "kuaiji", f"k{len(seen)}", at, said, **more))  # type: ignore[arg-type]  # a test's shorthand
        assert promise is not None
        database.turn(lambda c: mark_sent(c, promise.message_id, at))
        seen.append(promise.reply)
        return promise.reply

    colleague(code)
    colleague("同意")
    for said in (
        "结果",
        "改",
        "改注册地",
        "我的数据",
        "重新开始",
        "补答",
        "细测",
        "让同事来答",
        "帮助",
        "人工",
        "/x",
    ):
        assert colleague(said).kind != "result"
    colleague(None, unreadable="photo")
    for choice in (
        "edit:registered_in_henan",
        "result",
        "unskip",
        "hand",
        "colleague",
        "firm:x",
        "kept",
        "yes",
    ):
        colleague(None, choice=choice, about="registered_in_henan", revision=7)
    for said in ("大约3亿", "不确定", "0", "对"):
        colleague(said)
    assert all(each.result is None for each in seen)
    told = "\n".join(render(each) for each in seen)
    for secret in ("在河南", "阶梯第", "技术改造项目：有", "自测结果"):
        assert secret not in told, secret
    rows = dump(database)
    assert len(rows["membership"]) == len(rows["firm"]) == 1
    roles = {row["slot"]: row["by_role"] for row in rows["answer"]}
    assert roles["revenue"] == "colleague"
    assert roles["registered_in_henan"] == "owner"


def test_wrong_codes_are_forgiven_after_an_hour(database: Database) -> None:
    person, code = _owner(database)

    def sends(said: str, minutes: int, key: str) -> str:
        promise = person.take(Incoming("test", "guesser", key, START + timedelta(minutes=minutes), said))
        assert promise is not None
        database.turn(lambda c: mark_sent(c, promise.message_id, START + timedelta(minutes=minutes)))
        return render(promise.reply)

    for number in range(5):
        assert "没有找到" in sends("ABCD-2345", 60 + number, f"g{number}")
    assert "过一个小时" in sends(code, 70, "g5")
    assert all("guesser" not in str(rows) for rows in dump(database).values())
    assert "代答" in sends(code, 130, "g6")


def test_the_rough_figure_of_the_owner_is_not_shown_and_stands_if_nobody_knows_better(
    database: Database,
) -> None:
    publish(database)
    person = InProcess(database)
    for said in ("开始", "同意", "河南", "大约1亿", "得问财务", "没有", "没有"):
        person.say(Turn(say=said))
    told = person.say(Turn(say="让同事来答"))["text"]
    code = str(re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", told)[0])  # type: ignore[index]  # None would fail the test
    person.say(Turn(by="会计", say=code))
    asked = person.say(Turn(by="会计", say="同意"))
    assert asked["fact"] == "revenue"
    assert "1亿" not in asked["text"].split("营业收入")[-1]
    assert "约" not in asked["text"]
    person.say(Turn(by="会计", say="不确定"))
    facts = dump(database)["assessment"][0]["facts"]
    assert facts["revenue"][0] == "value"
    assert facts["revenue.exactly"][0] == "unknown"
