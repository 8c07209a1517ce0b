"""A firm with an upgrade project, from the first hello to the contact round: once mostly by buttons, once all typed."""

from collections.abc import Iterator

import pytest

from models.session import Database
from tests.bot.telegram.serving import in_thread, make, until
from tests.botapi.api import BotApi
from tests.botapi.people import Person
from tests.conversations.in_process import publish
from tests.conversations.playing import check_stored
from tests.conversations.script import Stored

STORED = Stored(
    state="finished",
    facts={"revenue": 1_200_000_000, "upgrade_project": True, "upgrade_equipment_software": 70_000_000},
    verdicts={"tech-upgrade-demo-subsidy": "conditional"},
    amounts={"tech-upgrade-demo-subsidy": 10_000_000},
    firm={"city": "许昌", "name": "许昌某某机械有限公司"},
)
ANSWERS = {  # the words of a question: how it is answered by thumb, and how by typing
    "开始前请看": ("[同意，开始]", "同意"),
    "注册地": ("[在河南]", "在河南"),
    "营业收入是多少": ("12亿", "12亿元"),
    "研发机构（": ("[有]", "有"),
    "标志性": ("[有]", "有"),
    "联合体": ("[牵头]", "牵头"),
    "领军": ("[有]", "有"),
    "技术改造项目": ("[有]", "有"),
    "总投资": ("8000万", "八千万"),
    "设备和软件": ("7000万", "7000万元"),
    "重大技术改造示范项目”": ("[不确定]", "不清楚"),
    "国家级创新平台（": ("[没有]", "没有"),
    "省辖市": ("许昌", "许昌市"),
    "企业全称": ("许昌某某机械有限公司", "许昌某某机械有限公司"),
    "统一社会信用代码": ("[跳过]", "跳过"),
}


@pytest.fixture
def person(database: Database, bot_api: BotApi) -> Iterator[Person]:
    """On both databases."""
    publish(database)
    with in_thread(make(database, bot_api)):
        yield bot_api.person(name="老王")
        until(lambda: not bot_api.pending)


def answer_of(text: str, way: int) -> str | None:
    """What to say to the last question of a message."""
    found = [(text.rfind(words), said[way]) for words, said in ANSWERS.items() if words in text]
    return max(found)[1] if found else None


@pytest.mark.parametrize("way", [0, 1], ids=["buttons", "typed"])
def test_a_whole_assessment(person: Person, database: Database, way: int) -> None:
    person.starts()
    until(lambda: person.chat.bot_messages)
    for _ in range(30):
        shown = person.chat.newest
        if "都记下了" in shown.text:
            break
        said = answer_of(shown.text, way)
        assert said, person.chat.transcript()
        before = (shown.id, shown.changed)
        if said.startswith("["):
            person.taps(said[1:-1], shown)
        else:
            person.says(said)
        until(lambda before=before: (person.chat.newest.id, person.chat.newest.changed) != before)  # type: ignore[misc]  # a lambda with a default cannot be inferred
    else:
        raise AssertionError(person.chat.transcript())
    told = person.chat.transcript()
    assert any("1000万元" in each.text for each in person.chat.bot_messages)
    assert "第 3 级" in told
    check_stored(STORED, database)
    if way == 1:
        assert "taps" not in told
    else:
        assert told.count("taps") >= 8
