"""One person in two places: codes and what is kept of them, consent on each channel, and two talks on one assessment."""

import re
from datetime import timedelta
from itertools import count

import pytest

from flows.codes import LONG, code_in, fingerprint, new_code, without_code
from flows.interview import receive
from flows.messages import Incoming, Reply
from flows.render import render
from flows.retention import purge
from flows.vouching import met, recognise
from models.engines import file_of
from models.person import find_account
from models.session import Database
from tests.conversations.in_process import OPERATOR, START, editions, publish
from tests.conversations.playing import dump
from tests.sent import mark_sent

_CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4})+")


class Town:
    """People on channels, a minute after the other. `say` answers the reply; a choice carries what it hung on."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, START
        self._keys = count()
        publish(database)

    def say(
        self, channel: str, sender: str, text: str | None = None, on: Reply | None = None, **more: object
    ) -> Reply:
        self.now += timedelta(minutes=1)
        hung = {} if on is None else {"about": on.fact, "revision": on.revision}
        told = Incoming(channel, sender, f"k{next(self._keys)}", self.now, text, **{**hung, **more})  # type: ignore[arg-type]  # a test's shorthand
        promise = self.database.turn(lambda c: receive(c, editions(), OPERATOR, told))
        assert promise is not None
        self.database.turn(lambda c: mark_sent(c, promise.message_id, self.now))
        return promise.reply

    def all(self, channel: str, sender: str, *texts: str) -> Reply:
        return [self.say(channel, sender, text) for text in texts][-1]

    def code(self, channel: str, sender: str, word: str) -> str:
        return str(self.say(channel, sender, word).data["code"])

    def settled(self) -> None:
        """A web talk that went on over Telegram: both stand at the same question."""
        self.all("web", "w", "开始", "同意", "河南")
        self.all("telegram", "7", self.code("web", "w", "换个地方接着答"), "同意")


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


def test_a_resume_code_has_four_groups_and_is_recognised_however_it_is_typed() -> None:
    for _ in range(100):
        code = new_code(LONG)
        assert re.fullmatch("[A-HJKMNP-TV-Z2-9]{4}(-[A-HJKMNP-TV-Z2-9]{4}){3}", code)
        typed = (
            code,
            code.lower().replace("-", ""),
            code.replace("-", " "),
            f"我的续测码：{code}。",
            code.replace("-", "—"),
        )
        assert {code_in(each) for each in typed} == {code}


@pytest.mark.parametrize(
    "typed", ["K7MQ-2XPD-4HTN", "K7MQ2XPD4HTN", "K7MQ-2XPD-4HTN-8WRA-9ABC", "91410100MA3X00000845"]
)
def test_what_is_longer_or_shorter_is_no_code(typed: str) -> None:
    assert code_in(typed) is None


def test_a_code_is_not_kept_among_what_was_said() -> None:
    assert without_code("K7MQ-2XPD-4HTN-8WRA") == without_code("码 K7MQ-2XPD") == "（码）"
    assert without_code("3.2亿") == "3.2亿"
    assert without_code(None) is None


def test_of_codes_only_fingerprints_are_kept(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    long, short = town.code("web", "w", "续测码"), town.code("web", "w", "换个地方")
    town.say("web", "w", long, shown_as=long)
    town.all("telegram", "7", short, "同意", short)
    town.database.scrub()
    rows = str(dump(town.database))
    assert fingerprint(long) in rows
    assert [code for code in (long, short, long.replace("-", "")) if code in rows] == []
    if town.database.is_sqlite:
        path = file_of(town.database.address)
        raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert long.encode() not in raw
        assert short.encode() not in raw


def test_a_move_code_is_good_for_ten_minutes_a_resume_code_for_thirty_days_after_its_use(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    short = town.code("web", "w", "换个地方")
    town.now += timedelta(minutes=10)
    assert "没有找到这个码" in render(town.say("telegram", "7", short))
    long = town.code("web", "w", "续测码")
    purge(town.database, town.now)
    assert [row["kind"] for row in dump(town.database)["passage"]] == ["resume"]
    for phone in ("8", "9", "10"):
        town.now += timedelta(days=29)
        assert town.all("telegram", phone, long, "同意").fact == "revenue"
    town.now += timedelta(days=31)
    assert "没有找到这个码" in render(town.say("telegram", "11", long))


def test_wrong_expired_used_and_replaced_codes_get_the_very_same_words(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    replaced = town.code("web", "w", "续测码")
    town.code("web", "w", "续测码")
    used = town.code("web", "w", "换个地方")
    town.all("telegram", "7", used, "同意")
    told = {
        render(town.say("telegram", "8", code))
        for code in (replaced, used, "ABCD-2345", "ABCD-2345-ABCD-2345")
    }
    assert len(told) == 1


def test_five_wrong_codes_an_hour_and_then_not_even_a_right_one(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    code = town.code("web", "w", "续测码")
    for number in range(5):
        town.say("telegram", "8", f"ABCD-EFGH-ABCD-234{number + 2}")
    assert "过一个小时" in render(town.say("telegram", "8", code))
    assert "8" not in {row["address"] for row in dump(town.database)["channel_account"]}
    town.now += timedelta(hours=1)
    assert town.say("telegram", "8", code).topic == "welcome"


def test_each_channel_has_a_consent_of_its_own(town: Town) -> None:
    town.settled()
    assert sorted(row["channel"] for row in dump(town.database)["consent"]) == ["telegram", "web"]


def test_who_does_not_agree_leaves_nothing_and_the_code_stays_good(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    code = town.code("web", "w", "换个地方")
    town.all("telegram", "7", code, "不同意")
    assert "'7'" not in str(dump(town.database)["channel_account"])
    assert town.all("telegram", "9", code, "同意").fact == "revenue"


def test_answered_on_one_channel_an_old_button_on_the_other_writes_nothing(town: Town) -> None:
    town.settled()
    asked = town.say("web", "w", "3亿")
    assert asked.fact == "rd_institution"
    town.say("telegram", "7", choice="yes", on=asked)
    before = dump(town.database)["answer"]
    told = town.say("web", "w", choice="no", on=asked)
    assert told.topic == "stale"
    assert dump(town.database)["answer"] == before


def test_a_reading_that_waits_never_replaces_what_was_answered_elsewhere_since(town: Town) -> None:
    town.settled()
    town.say("web", "w", "3.2亿")
    waiting = town.say("web", "w", "应该有吧")
    assert (waiting.kind, waiting.fact) == ("confirm", "rd_institution")
    town.all("telegram", "7", "继续", "没有")
    before = dump(town.database)["answer"]
    told = town.say("web", "w", choice="right", on=waiting)
    assert told.topic == "stale"
    assert dump(town.database)["answer"] == before
    assert dump(town.database)["assessment"][0]["facts"]["rd_institution"] == ["value", False]
    waiting = town.say("web", "w", "改研发机构")
    assert town.say("web", "w", "应该有吧").kind == "confirm"
    assert town.say("web", "w", "对").kind == "question"
    assert dump(town.database)["assessment"][0]["facts"]["rd_institution"] == ["value", True]


def test_an_amount_whose_unit_waits_never_replaces_what_was_answered_elsewhere_since(town: Town) -> None:
    town.settled()
    waiting = town.say("web", "w", "5000")
    assert waiting.topic == "unit"
    town.say("telegram", "7", "5亿")
    told = town.say("web", "w", choice=waiting.choices[0].key, on=waiting)
    assert told.topic == "stale"
    assert dump(town.database)["assessment"][0]["facts"]["revenue"] == ["value", 500_000_000]


def test_a_list_that_waits_is_read_back_anew_beside_what_was_answered_elsewhere(town: Town) -> None:
    town.settled()
    waiting = town.say("web", "w", "去年营收3.2亿，研发费用800万，120个人")
    assert waiting.topic == "told"
    town.say("telegram", "7", "5亿")
    before = dump(town.database)["answer"]
    told = town.say("web", "w", choice="right", on=waiting)
    assert told.topic == "told"
    assert "5亿" in render(told)
    assert dump(town.database)["answer"] == before
    town.say("web", "w", choice="right", on=told)
    assert dump(town.database)["assessment"][0]["facts"]["revenue"] == ["value", 320_000_000]


def test_a_code_of_ones_own_brings_the_talk_to_where_it_is_now(town: Town) -> None:
    town.settled()
    code = town.code("web", "w", "续测码")
    town.say("telegram", "7", "3.2亿")
    town.say("telegram", "7", choice="firm:new")
    assert town.say("web", "w", code).fact == town.say("telegram", "7", "继续").fact


def test_a_colleague_gets_no_code_for_the_owners_talk(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南", "得问财务")
    town.all("telegram", "7", town.code("web", "w", "让同事来答"), "同意")
    for word in ("续测码", "换个地方接着答"):
        assert town.say("telegram", "7", word).topic == "hand-only"
    assert dump(town.database)["passage"] == []


def test_who_has_answered_nothing_here_is_not_asked_whether_to_join(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    town.all("telegram", "7", "开始", "同意")
    told = town.say("telegram", "7", town.code("web", "w", "换个地方"))
    assert (told.fact, told.data["arrived"]) == ("revenue", "here")
    assert len(dump(town.database)["person"]) == 1


def test_a_code_that_is_used_up_before_the_yes_joins_nobody(town: Town) -> None:
    town.all("web", "w", "开始", "同意", "河南")
    town.all("telegram", "7", "开始", "同意", "河南")
    code = town.code("web", "w", "换个地方")
    asked = town.say("telegram", "7", code)
    assert asked.topic == "passage-join"
    town.all("telegram", "9", code, "同意")
    assert town.say("telegram", "7", choice=asked.choices[0].key).topic == "hand-refused"
    assert len(dump(town.database)["person"]) == 2


def _opens(town: Town, after: str, user: str) -> None:
    town.database.turn(lambda c: recognise(c, ("web", after), ("telegram", user), town.now))


def test_whom_telegram_knows_goes_on_with_their_talk_after_agreeing_on_the_page(town: Town) -> None:
    town.all("telegram", "7", "开始", "同意", "河南")
    _opens(town, "w1", "7")
    assert town.say("web", "w1", choice="start").topic == "welcome"
    assert town.say("web", "w1", "同意").fact == "revenue"
    _opens(town, "w1", "7")  # the same button again
    _opens(town, "w2", "7")
    assert town.say("web", "w2", "3.2亿").data["echo"]["value"] == "3.2亿元"
    accounts = {(row["channel"], row["address"]) for row in dump(town.database)["channel_account"]}
    assert accounts == {("telegram", "7"), ("web", "w1"), ("web", "w2")}


def test_what_meets_in_one_browser_is_told_apart(town: Town) -> None:
    def found(here: str) -> tuple[bool, bool, bool]:
        seen = town.database.read(lambda c: met(c, ("web", here), ("telegram", "7")))
        return seen.has_talk, seen.is_known, seen.is_same

    assert found("w") == (False, False, False)
    town.all("web", "w", "开始", "同意")
    assert found("w") == (False, False, False)
    town.say("web", "w", "河南")
    assert found("w") == (True, False, False)
    town.all("telegram", "7", "开始", "同意")
    assert found("w") == (True, True, False)
    town.say("telegram", "7", town.code("web", "w", "换个地方"))
    assert found("w") == (True, True, True)


def test_whom_telegram_does_not_know_is_stored_only_after_agreeing(town: Town) -> None:
    _opens(town, "w1", "7")
    town.say("web", "w1", choice="start")
    assert "7" not in {row["address"] for row in dump(town.database)["channel_account"]}
    town.all("web", "w1", "同意", "河南")
    assert town.say("telegram", "7", "你好").topic == "welcome"
    assert town.say("telegram", "7", "同意").fact == "revenue"
    assert len(dump(town.database)["person"]) == 1


def test_two_on_one_phone_are_kept_apart(town: Town) -> None:
    town.all("telegram", "7", "开始", "同意", "河南")
    _opens(town, "w1", "7")
    town.all("web", "w1", "开始", "同意")
    _opens(town, "w2", "8")
    assert town.all("web", "w2", "开始", "同意").fact == "registered_in_henan"
    first = town.database.read(lambda c: find_account(c, "telegram", "7"))
    second = town.database.read(lambda c: find_account(c, "telegram", "8"))
    assert first is not None
    assert second is not None
    assert first.person_id != second.person_id


def test_who_agrees_on_telegram_before_the_page_is_the_same_person_all_the_same(town: Town) -> None:
    _opens(town, "w1", "7")
    town.say("web", "w1", choice="start")
    town.all("telegram", "7", "开始", "同意", "河南")
    assert town.say("web", "w1", "同意").fact == "revenue"
    assert len(dump(town.database)["person"]) == 1


def test_deleting_on_one_channel_deletes_on_all_and_the_other_is_a_stranger(town: Town) -> None:
    town.settled()
    told = render(town.say("telegram", "7", "我的数据"))
    assert "web / w" in told
    assert "telegram / 7" in told
    town.all("telegram", "7", "删除我的数据", "确认删除")
    rows = dump(town.database)
    assert [name for name, found in rows.items() if found and name != "outbox"] == []
    assert town.say("web", "w", "继续").topic == "welcome"
