"""What replies say where no talk shows it: whose words are promised to whom, and how sources are told."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from flows.contact import NAME, clean_text
from flows.messages import Incoming, Reply
from flows.render import TEMPLATES, render
from models.session import Database
from tests.conversations.in_process import START, InProcess, publish
from tests.conversations.script import Turn

SAID = ("开始", "同意", "河南", "3.2亿", "有", "没有")


def _result(database: Database) -> Reply:
    publish(database)
    person = InProcess(database)
    for said in SAID:
        person.say(Turn(say=said))
    promise = person.take(Incoming("test", "laowang@luoyang", "last", START, "没有"))
    assert promise is not None
    assert promise.reply.kind == "result"
    return promise.reply


def _with_certainty(data: Mapping[str, Any], certainty: str) -> dict[str, Any]:
    schemes = [{**scheme, "certainty": certainty} for scheme in data["schemes"]]
    return {**data, "schemes": schemes, "ladder_certainty": certainty}


def test_a_source_that_is_unconfirmed_says_so_and_a_reprint_is_told_once(database: Database) -> None:
    told = _result(database)
    reprint, unconfirmed, official = (
        render(replace(told, data=_with_certainty(told.data, certainty)))
        for certainty in ("reprint", "unconfirmed", "official")
    )
    assert reprint.count("依据的是转载，未见原件") == 1
    assert "（待核实）" not in reprint
    assert unconfirmed.count("（待核实）") == 3
    assert "未见原件" not in unconfirmed
    assert "（待核实）" not in official
    assert "未见原件" not in official


def test_a_reply_stored_before_this_version_can_still_be_told(database: Database) -> None:
    told = _result(database)
    schemes = [
        {name: value for name, value in scheme.items() if name != "unwritten"}
        for scheme in told.data["schemes"]
    ]
    assert "自测结果" in render(replace(told, data={**told.data, "schemes": schemes}))


def test_an_edited_message_is_told_what_holds() -> None:
    told = render(Reply("notice", "unreadable", data={"what": "edited", "then": None}))
    assert "记下的还是原来的" in told
    assert "说“改”" in told


def test_an_apology_promises_a_stranger_nothing() -> None:
    assert render(Reply("hint", "unstored")) == "抱歉，刚才这句话没能存上，请过一会儿再发一次。"
    assert "前面答过的都在" in render(Reply("hint", "unstored", data={"known": True}))
    assert "前面答过的" not in render(Reply("hint", "trouble"))


def test_a_group_is_told_where_to_go() -> None:
    told = render(Reply("notice", "group"))
    assert "私聊里发 /start" in told
    assert "头像" not in told


def test_we_are_always_we() -> None:
    """`我` alone stands only in what the owner says: “我的数据”."""
    for path in (TEMPLATES / "messages").glob("*.j2"):
        ours = re.sub("我的数据", "", path.read_text(encoding="utf-8"))
        assert not re.search("我(?!们)", ours), path.name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("我们公司叫某某机械", "某某机械"),
        ("公司名称是许昌某某机械有限公司", "许昌某某机械有限公司"),
        ("叫许昌某某机械有限公司。", "许昌某某机械有限公司"),
        ("名称：许昌某某机械有限公司", "许昌某某机械有限公司"),
        ("我们是许昌某某机械有限公司", "许昌某某机械有限公司"),
        ("企业全称为许昌某某机械有限公司", "许昌某某机械有限公司"),
        ("许昌是也机械有限公司", "许昌是也机械有限公司"),
        ("我爱我家服装厂", "我爱我家服装厂"),
        ("为民机械厂", "为民机械厂"),
        ("公司城物业有限公司", "公司城物业有限公司"),
    ],
)
def test_a_name_is_taken_without_what_is_said_before_it(typed: str, name: str) -> None:
    assert clean_text(NAME, typed) == name
