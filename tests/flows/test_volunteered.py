"""What is told without being asked: nothing of it is stored without a yes to just what was read back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from flows.answers.named import clauses_told
from flows.answers.normalise import normalise
from flows.asking import Pending
from flows.editions import Published
from flows.interview import receive
from flows.listing import ROWS
from flows.messages import Incoming, Reply
from flows.render import render
from flows.units import _figures
from models.answer import AnswerTable
from models.session import Database
from policy.load import SHIPPED, load_edition
from tests.conversations.in_process import OPERATOR, START, editions, publish

SHIPPED_EDITION = Published(1, load_edition(SHIPPED))
YES = ("对", "都对", "是的", "没错", "好的", "1")
CLAUSES = (
    *(
        "去年营收3.2亿",
        "研发费用800万",
        "120个人",
        "有研发机构",
        "没有技改项目",
        "研发机构不清楚",
        "营业额5亿",
    ),
    *(
        "参加了创新联合体",
        "不是科技领军企业",
        "隔壁厂营收9亿",
        "研发费用保密",
        "技改总投资6000万",
        "营收3000",
    ),
)
SAID = (
    *(
        "不对",
        "改",
        "都不对",
        "第二个",
        "研发机构",
        "有",
        "没有",
        "在",
        "3000万",
        "万元",
        "看看天气",
        "跳过",
        "上一步",
        "你好",
    ),
    *("不对，是900万", "营收改成6亿", "改营收", "帮助", "结果", "暂停", "不知道", "3000", "重来", "继续"),
)
_MESSAGES = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=4).map("，".join)
_ACTS = st.one_of(
    st.tuples(st.just("text"), st.one_of(_MESSAGES, _MESSAGES, st.sampled_from(SAID), st.sampled_from(YES))),
    st.tuples(st.sampled_from(["tap", "old"]), st.integers(0, 6)),
)


def fields(text: str, year: int = 2025) -> dict[str, bool]:
    _, clauses = clauses_told(normalise(text), SHIPPED_EDITION.names, year, 2026)
    return {str(each.field): each.of_year for each in clauses}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("去年营收3.2亿，研发费用800万", {"revenue": True, "rd_spend": True}),
        ("去年营收三亿研发费用八百万员工一百二十人", {"revenue": True, "rd_spend": True, "employees": True}),
        ("去年營收三億，研發費用八百萬", {"revenue": True, "rd_spend": True}),
        ("营收3.2亿、120人", {"revenue": True, "employees": True}),
        ("2025年营收3.2亿", {"revenue": True}),
        ("2024年营收3.2亿，研发费用800万", {"revenue": False, "rd_spend": False}),
        ("今年营收3.2亿，去年研发费用800万", {"revenue": False, "rd_spend": True}),
        ("上上年营收3.2亿，研发费用800万", {"revenue": False, "rd_spend": False}),
        ("大上年营收3.2亿，去年研发费用800万", {"revenue": False, "rd_spend": True}),
        ("隔壁厂营收5亿，研发费用300万", {}),
        ("宇通营收300亿，研发费用20亿", {}),
        ("如果营收5亿，研发费用300万", {}),
        ("研发费用800万算多吗", {}),
        ("隔壁厂营收5亿，我们研发费用800万", {"rd_spend": True}),
        ("有研发机构和技改项目，营收3亿", {"": True, "revenue": True}),
    ],
)
def test_whose_clause_it_is(text: str, found: Mapping[str, bool]) -> None:
    assert fields(text) == found


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("3000", ["wan", "yuan"]),
        ("500", ["yi", "wan"]),
        ("3.2", ["yi", "wan"]),
        ("200000", ["wan", "yuan"]),
        ("三亿二千", ["wan", "yuan"]),
        ("大约3000吧", ["wan", "yuan"]),
        ("很多", []),
    ],
)
def test_the_figures_that_an_amount_may_mean(said: str, keys: list[str]) -> None:
    fact = SHIPPED_EDITION.edition.facts["revenue"]
    found = [each["key"] for each in _figures(Pending("revenue", fact), said, date(2026, 11, 23))]
    assert found == [f"unit:{key}" for key in keys]


class _Watched:
    """A talk whose answers are looked at after every message."""

    def __init__(self, connection: Connection, sender: str) -> None:
        self.connection, self.sender = connection, sender
        self.replies: list[Reply] = []
        self.stored = 0
        self.replies.append(self.say(choice="agree"))

    def say(self, text: str | None = None, choice: str | None = None, button: Reply | None = None) -> Reply:
        number = len(self.replies)
        about, revision = (None, None) if button is None else (button.fact, button.revision)
        at = START + timedelta(minutes=number)
        incoming = Incoming("test", self.sender, f"key-{number}", at, text, choice, about, revision)
        promise = receive(self.connection, editions(), OPERATOR, incoming)
        assert promise is not None
        assert render(promise.reply).strip()
        return Reply.from_json(promise.reply.to_json())

    def act(self, how: str, what: Any) -> None:
        shown = self.replies[-1]
        if how == "text":
            self.check(shown, yes=what in YES, reply=self.say(what))
            return
        button = shown if how == "tap" else self.replies[what % len(self.replies)]
        if button.choices:
            choice = button.choices[what % len(button.choices)].key
            reply = self.say(choice=choice, button=button)
            self.check(shown, yes=choice == "right" and button.revision == shown.revision, reply=reply)

    def check(self, shown: Reply, *, yes: bool, reply: Reply) -> None:
        rows = (
            self.connection.execute(select(AnswerTable.__table__).order_by(AnswerTable.id)).mappings().all()
        )
        fresh = [row for row in rows[self.stored :] if "volunteered" in (row["rule"] or "")]
        self.stored = len(rows)
        self.replies.append(reply)
        if fresh:
            assert yes
            assert shown.topic == "told"
            assert {row["slot"] for row in fresh} <= {row["slot"] for row in shown.data[ROWS]}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(_ACTS, min_size=4, max_size=14))
def _nothing_without_a_yes(database: Database, acts: list[tuple[str, Any]]) -> None:
    class Over(Exception):  # noqa: N818
        """Leaves nothing behind."""

    def work(connection: Connection) -> None:
        watched = _Watched(connection, "somebody")
        for how, what in acts:
            watched.act(how, what)
        raise Over

    with pytest.raises(Over):
        database.turn(work)


def test_nothing_told_unasked_is_stored_without_a_yes_to_what_was_read_back(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    publish(database)
    _nothing_without_a_yes(database)
    database.close()
