"""Random messages for as long as one likes: never an exception, every reply renders, and no answer is ever lost."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from flows.commands import _BY_WORD, Command
from flows.messages import Incoming, Reply
from flows.render import render
from flows.slots import Entry, Sheet
from models.answer import Answer, answers_of
from models.session import Database
from tests.conversations.in_process import START, InProcess, publish
from tests.conversations.playing import dump
from tests.sent import mark_sent

ANSWERS = (
    *("有", "没有", "不知道", "跳过", "不方便说", "应该有吧", "没有吧", "1", "2", "3", "在河南", "不在河南"),
    *(
        "3.2亿",
        "大约1亿",
        "9999万",
        "12亿",
        "5亿以上",
        "8000万",
        "7000万",
        "大约5000万",
        "4999万",
        "100亿",
        "0",
    ),
    *(
        "牵头",
        "参加",
        "新创建",
        "原来就有",
        "2026年3月",
        "2025年8月",
        "依托单位",
        "共建单位",
        "全国重点实验室",
    ),
    *(
        "许昌",
        "许昌某某电气有限公司",
        "91410100MA3X000008",
        "已认定",
        "到了",
        "没到",
        "都没错",
        "改设备",
        "改营收",
        "改来历",
    ),
    *("对", "不对", "不对，是3.5亿", "什么算研发机构？", "确认删除", "是", "好", "改制", "改"),
)
_KEYS = (
    "yes",
    "no",
    "unknown",
    "skip",
    "lead",
    "new",
    "kept",
    "firm:new",
    "firm:x",
    "edit:revenue",
    "edit:nothing",
    "right",
)
_TEXTS = st.one_of(
    st.sampled_from(ANSWERS),
    st.sampled_from(ANSWERS),
    st.sampled_from(sorted(_BY_WORD)),
    st.text(max_size=12),
    st.just("长" * 1001),
)
_CHOICES = st.one_of(
    st.sampled_from(_KEYS), st.sampled_from([str(each) for each in Command]), st.text(max_size=8)
)


class Talk(RuleBasedStateMachine):
    """One person who says anything at all, over a database of their own."""

    template: ClassVar[Path]

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        copy(self.template, f"{self.folder.name}/ladder.db")
        self.database = Database(f"sqlite:///{self.folder.name}/ladder.db")
        publish(self.database)
        self.person = InProcess(self.database, "somebody")
        self.now, self.number = START, 0
        self.replies: list[tuple[Incoming, Reply]] = []
        self.before: dict[int, list[Answer]] = {}
        self.send("开始")
        self.send(choice="agree")

    def send(self, text: str | None = None, choice: str | None = None, button: Reply | None = None) -> None:
        self.number += 1
        self.now += timedelta(minutes=1)
        about, revision = (None, None) if button is None else (button.fact, button.revision)
        self.take(Incoming("test", "somebody", f"key-{self.number}", self.now, text, choice, about, revision))

    def take(self, incoming: Incoming) -> None:
        promise = self.person.take(incoming)
        assert promise is not None
        assert render(promise.reply).strip()
        assert promise.reply.kind != "question" or promise.reply.choices
        self.replies.append((incoming, Reply.from_json(promise.reply.to_json())))
        self.database.turn(lambda c: mark_sent(c, promise.message_id, self.now))
        if promise.erased:
            self.before = {}

    @rule(text=_TEXTS)
    def says(self, text: str) -> None:
        self.send(text)

    @rule(choice=_CHOICES)
    def sends_a_choice(self, choice: str) -> None:
        self.send(choice=choice)

    @rule(data=st.data())
    def taps(self, data: st.DataObject) -> None:
        """A button of the latest reply, most often, or of any reply ever."""
        old = data.draw(st.integers(0, 3)) == 0
        reply = data.draw(st.sampled_from(self.replies))[1] if old else self.replies[-1][1]
        if reply.choices:
            self.send(choice=data.draw(st.sampled_from(reply.choices)).key, button=reply)

    @rule(text=st.sampled_from(ANSWERS[:30]))
    def answers_what_is_asked(self, text: str) -> None:
        self.send(text)

    @rule()
    def sends_the_same_again(self) -> None:
        """The same key once more changes nothing and is not answered anew, as long as it is known."""
        incoming, rows = self.replies[-1][0], dump(self.database)
        if any(row["reply_to"] == incoming.key for row in rows["outbox"]):
            assert self.person.take(incoming) is None
            assert dump(self.database) == rows

    @rule(days=st.sampled_from([1, 40, 400]))
    def waits(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def no_answer_is_lost_and_the_snapshot_is_their_sum(self) -> None:
        found = dump(self.database)
        now: dict[int, list[Answer]] = {}
        for row in found["assessment"]:
            answers = self.database.read(partial(answers_of, assessment_id=row["id"]))
            now[row["id"]] = answers
            sheet = Sheet()
            for each in answers:
                sheet = sheet.filled(each.slot, Entry(each.kind, each.as_read))
            assert Sheet.from_json(row["facts"]) == sheet
        for which, answers in self.before.items():
            assert now[which][: len(answers)] == answers
        self.before = now

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()


def _run(template: Path, examples: int, steps: int) -> None:
    Talk.template = template
    run_machine(
        Talk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_is_said_the_talk_goes_on(migrated_sqlite: Path) -> None:
    _run(migrated_sqlite, 8, 25)


@pytest.mark.parametrize(
    "talks",
    [pytest.param(12, marks=pytest.mark.slow), pytest.param(150, marks=[pytest.mark.slow, pytest.mark.full])],
)
def test_whatever_is_said_for_long_the_talk_goes_on(migrated_sqlite: Path, talks: int) -> None:
    _run(migrated_sqlite, talks, 60)
