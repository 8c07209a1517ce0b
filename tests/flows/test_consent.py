"""Before consent nothing is kept, and after a deletion nothing is left: not in a row, not in the file's bytes."""

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, select

from flows.consent import NOTICE_VERSION, is_current, notice, notice_sha256
from flows.editions import Editions
from flows.interview import receive
from flows.messages import Incoming, Operator, Reply
from flows.privacy import data_of
from flows.render import render
from models.answer import append_answer
from models.assessment import assessments, start_assessment
from models.firm import firms
from models.person import Consent, add_account, find_account, record_consent
from models.session import Database
from tests.conversations.in_process import OPERATOR, START, InProcess, publish
from tests.conversations.playing import dump
from tests.conversations.script import Turn
from tests.models.firms import answer
from tests.sent import mark_sent

SAID = ("开始", "同意", "河南", "三亿二千万", "有", "没有", "没有", "许昌", "许昌某某电气有限公司")


def rows(database: Database) -> Mapping[str, int]:
    return {table: len(found) for table, found in dump(database).items() if found}


@pytest.mark.parametrize("said", ["不同意", "我们营收3.2亿", "删除我的数据", "好的"])
def test_without_consent_only_the_reply_is_kept_until_it_is_sent(database: Database, said: str) -> None:
    publish(database)
    promise = InProcess(database).take(Incoming("test", "laowang", "1", START, said))
    assert promise is not None
    assert rows(database) == {"outbox": 1}
    assert [row["account_id"] for row in dump(database)["outbox"]] == [None]
    assert said not in str(dump(database))
    database.turn(lambda c: mark_sent(c, promise.message_id, START))
    assert rows(database) == {}


def test_the_farewell_after_a_deletion_is_all_that_is_kept_until_it_is_sent(database: Database) -> None:
    publish(database)
    person = InProcess(database, "laowang")
    for said in (*SAID, "删除我的数据"):
        person.say(Turn(say=said))
    promise = person.take(Incoming("test", "laowang", "last", START, "确认删除"))
    assert promise is not None
    assert promise.erased
    assert rows(database) == {"outbox": 1}
    assert "许昌" not in str(dump(database))
    database.turn(lambda c: mark_sent(c, promise.message_id, START))
    assert rows(database) == {}


def test_a_deletion_leaves_nothing_in_the_bytes_of_the_file(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        publish(database)
        person = InProcess(database, "laowang-4711")
        for said in SAID:
            person.say(Turn(say=said))
        assert _found(sqlite_url) == {"laowang-4711", "三亿二千万", "许昌某某电气"}
        person.say(Turn(say="删除我的数据"))
        person.say(Turn(say="确认删除"))
        assert _found(sqlite_url) == set()


def _found(url: str) -> set[str]:
    """What of a person's words stands in the database's files, the log included."""
    path = Path(str(make_url(url).database))
    held = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return {word for word in ("laowang-4711", "三亿二千万", "许昌某某电气") if word.encode() in held}


def test_deleting_one_person_leaves_the_other_alone(database: Database) -> None:
    publish(database)
    laowang, laoli = InProcess(database, "laowang"), InProcess(database, "laoli")
    for said in SAID[:4]:
        laowang.say(Turn(say=said))
        laoli.say(Turn(say=said))
    before = [row for row in dump(database)["answer"] if row["assessment_id"] == 2]
    laowang.say(Turn(say="删除我的数据"))
    laowang.say(Turn(say="确认删除"))
    assert dump(database)["answer"] == before
    assert laoli.say(Turn(say="有"))["fact"] == "upgrade_project"


def test_consent_holds_for_the_very_words_that_were_shown(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    shown = person.say(Turn(choose="start"))["text"]
    person.say(Turn(choose="agree"))
    (row,) = dump(database)["consent"]
    consent = Consent(
        row["person_id"], row["notice_version"], row["text_sha256"], row["channel"], row["given_at"]
    )
    assert is_current(consent, OPERATOR)
    assert not is_current(consent, Operator("another", OPERATOR.contact))
    assert not is_current(None, OPERATOR)
    assert OPERATOR.name in shown
    assert OPERATOR.contact in shown
    assert notice_sha256(OPERATOR, "welcome") == row["text_sha256"]


def test_who_agrees_to_a_changed_notice_agrees_to_the_words_that_were_shown(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    for said in SAID[:3]:
        person.say(Turn(say=said))
    shown = person.say(Turn(say="3.2亿", operator="河南另一家"))["text"]
    person.say(Turn(choose="agree"))
    first, second = (row["text_sha256"] for row in dump(database)["consent"])
    assert first == notice_sha256(OPERATOR, "welcome")
    assert second == hashlib.sha256(shown.encode()).hexdigest()
    assert second == notice_sha256(person.operator, "changed")


def test_the_notice_names_all_that_is_stored_and_promises_nothing_else() -> None:
    told = render(notice(OPERATOR))
    for words in ("同意本说明的记录", "我们发给您的回复", "没答完的 30 天", "答完的 24 个月", "备份"):
        assert words in told
    assert "去掉身份" not in told


def test_my_data_shows_every_firm_year_account_consent_and_result(database: Database) -> None:
    publish(database)
    person = InProcess(database, "laowang")
    for said in ("开始", "同意", "河南", "3.2亿", "结果", "换一家企业", "新企业", "河南", "2亿"):
        person.say(Turn(say=said))

    def more(connection: Connection) -> None:
        first = connection.execute(select(firms.c.id).order_by(firms.c.id)).scalars().first()
        assert first is not None
        edition = connection.execute(select(assessments.c.edition_id)).scalars().first()
        assert edition is not None
        earlier = start_assessment(connection, first, 2024, edition, START)
        append_answer(connection, earlier.id, answer("employees", 321))
        account = find_account(connection, "test", "laowang")
        assert account is not None
        add_account(connection, account.person_id, "web", "laowang-phone", START)
        record_consent(connection, Consent(account.person_id, "2025-01-01", "ab" * 32, "web", START))

    database.turn(more)
    told = render(data_of_person(database))
    for words in ("laowang-phone", "test / laowang", "2025-01-01", NOTICE_VERSION, "2024 年度", "2025 年度"):
        assert words in told
    for words in ("321", "3.2亿元", "2亿元", "创新阶梯：在阶梯上", "重大技术改造", "回复"):
        assert words in told


def data_of_person(database: Database) -> Reply:
    account = database.read(lambda c: find_account(c, "test", "laowang"))
    assert account is not None
    return database.read(lambda c: data_of(c, Editions(), account.person_id))


def test_under_a_changed_notice_the_data_are_shown_at_the_door(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    for said in SAID[:4]:
        person.say(Turn(say=said))
    shown = person.say(Turn(say="我的数据", operator="河南另一家"))
    assert "原话“三亿二千万”" in shown["text"]
    assert "有更新" in person.say(Turn(say="有"))["text"]
    assert len(dump(database)["consent"]) == 1


def test_what_waits_for_a_yes_is_shown_at_the_door_too(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    for said in (*SAID[:3], "应该是3.2亿吧"):
        person.say(Turn(say=said))
    shown = person.say(Turn(say="我的数据", operator="河南另一家"))
    assert "等您确认的：营业收入：3.2亿元（原话“应该是3.2亿吧”）" in shown["text"]


def test_the_notice_s_own_button_counts_even_after_a_restart(database: Database) -> None:
    """What was shown is known in memory only; the button brings along which notice it hung on."""
    publish(database)
    person = InProcess(database)
    old = notice(Operator("以前的单位")).revision
    tapped = Incoming("test", "laowang", "1", START, choice="agree", revision=old)
    promise = person.take(tapped)
    assert promise is not None
    assert promise.reply.topic == "welcome"
    promise = person.take(replace(tapped, key="2", sender="laoli", revision=notice(OPERATOR).revision))
    assert promise is not None
    assert promise.reply.fact == "registered_in_henan"


def test_a_turn_that_is_tried_again_still_shows_the_notice(database: Database) -> None:
    publish(database)
    first = Incoming("test", "laowang", "1", START, "3.2亿")

    def fails(connection: Connection) -> None:
        receive(connection, Editions(), OPERATOR, first)
        raise LookupError

    with pytest.raises(LookupError):
        database.turn(fails)
    promise = InProcess(database).take(first)
    assert promise is not None
    assert promise.reply.topic == "welcome"


def test_what_was_shown_of_one_notice_is_no_consent_to_another(database: Database) -> None:
    publish(database)
    person = InProcess(database)
    person.say(Turn(say="你好"))
    assert "河南另一家" in person.say(Turn(say="同意", operator="河南另一家"))["text"]
    assert rows(database) == {}
    assert person.say(Turn(say="同意"))["fact"] == "registered_in_henan"


def test_of_too_many_strangers_the_first_is_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database)
    monkeypatch.setattr("flows.strangers._MOST", 1)
    laowang, laoli = InProcess(database, "laowang"), InProcess(database, "laoli")
    laowang.say(Turn(say="你好"))
    laoli.say(Turn(say="你好"))
    assert "由谁运营" in laowang.say(Turn(say="3.2亿"))["text"]


def test_a_stranger_who_asks_for_data_is_shown_the_notice(database: Database) -> None:
    publish(database)
    assert "同意就回复" in InProcess(database).say(Turn(say="我的数据"))["text"]


def test_a_deletion_claims_no_more_than_holds() -> None:
    assert "备份里的副本最迟 30 天内删除" in render(Reply("notice", "deleted"))


def test_a_refusal_says_what_is_true(database: Database) -> None:
    """Who is known and refuses a new notice is not told that nothing is stored."""
    publish(database)
    stranger = InProcess(database, "stranger").take(Incoming("test", "stranger", "1", START, None, "refuse"))
    known = InProcess(database, "laowang")
    for said in SAID[:4]:
        known.say(Turn(say=said))
    told = known.say(Turn(choose="refuse", operator="河南另一家"))["text"]
    assert stranger is not None
    assert "没有存下" in render(stranger.reply)
    assert "还存着" in told
