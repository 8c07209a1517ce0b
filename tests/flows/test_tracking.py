"""The advisors' list and its counts are what the stored rows add up to, whatever people do; and both can be made anew."""

import random
from functools import partial

import pytest
from sqlalchemy import Connection, delete, select

from models.counters import counts, recount
from models.listed import Filters, page_of, states_of
from models.relisting import complete, counted, rebuild
from models.review import Review, Told, reviews, told_of, verdicts
from models.scope import Scope
from models.session import Database
from tests.conversations.in_process import InProcess, publish
from tests.conversations.script import Turn

NAMES = ("funnel", "state", "city", "industry", "rung", "verdict", "money", "wait", "misread")
TALK = (
    "开始",
    "同意",
    "河南",
    "12亿",
    "有",
    "有",
    "牵头",
    "有",
    "8000万",
    "7000万",
    "不确定",
    "没有",
    "洛阳",
)
SAID = (
    *(
        "改营业收入",
        "3亿",
        "营业收入改成4亿",
        "跳过",
        "上一步",
        "人工",
        "不用复核了",
        "重新开始",
        "确认重来",
        "有",
        "没有",
    ),
    *(
        "河南",
        "12亿",
        "牵头",
        "8000万",
        "7000万",
        "不确定",
        "洛阳",
        "郑州",
        "改所在城市",
        "洛阳轴研精密机械",
        "结果",
        "暂停",
    ),
    *("换一家企业", "我们在许昌", "约2亿", "再测细一点", "删除我的数据", "确认删除"),
)
EVERYTHING = Scope(1, everything=True)


def _hold(database: Database) -> None:
    assert database.read(lambda c: counts(c, NAMES)) == database.read(counted)


def _rows(connection: Connection) -> list[tuple[Review, list[Told]]]:
    found = connection.execute(select(reviews).order_by(reviews.c.assessment_id))
    return [(Review(**row), told_of(connection, row["assessment_id"])) for row in found.mappings()]


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_what_the_rows_add_up_to_after_any_history(database: Database, seed: int) -> None:
    publish(database)
    chance = random.Random(seed)
    people = [InProcess(database, f"person-{number}") for number in range(3)]
    for person in people:
        for said in TALK[: chance.randrange(3, len(TALK) + 1)]:
            person.say(Turn(say=said, key=f"{id(person)}-{chance.random()}"))
    for number in range(40):
        chance.choice(people).say(Turn(say=chance.choice(SAID), key=f"more-{number}"))
        if number % 10 == 0:
            _hold(database)
    _hold(database)


def test_a_list_made_anew_is_the_list_that_was_kept(database: Database) -> None:
    publish(database)
    for name, length in (("whole", len(TALK)), ("half", 6)):
        person = InProcess(database, name)
        for number, said in enumerate(TALK[:length]):
            person.say(Turn(say=said, key=f"{name}-{number}"))
    before, kept = database.read(_rows), database.read(lambda c: counts(c, NAMES))

    def forget(connection: Connection) -> None:
        connection.execute(delete(verdicts))
        connection.execute(delete(reviews))
        recount(connection, {})

    database.turn(forget)
    assert database.turn(complete) == 2
    assert database.turn(complete) == 0
    assert database.turn(rebuild) == 0
    assert database.read(lambda c: counts(c, NAMES)) == kept
    for (now, told), (was, told_then) in zip(database.read(_rows), before, strict=True):
        assert told == told_then
        assert (now.state, now.rung, now.city, now.amount_yuan, now.channel) == (
            *(was.state, was.rung, was.city),
            *(was.amount_yuan, was.channel),
        )


def test_pages_follow_each_other_without_gap_or_repetition(database: Database) -> None:
    publish(database)
    for number in range(7):
        person = InProcess(database, f"person-{number}")
        for place, said in enumerate((*TALK, f"洛阳第{number}机械厂", "跳过")):
            person.say(Turn(say=said, key=f"{number}-{place}"))
    for filters in (
        Filters(),
        Filters(sort="oldest"),
        Filters(sort="amount"),
        Filters(words="机械厂"),
        Filters(words="洛"),
    ):
        seen = list[int]()
        after: tuple[int, int] | None = None
        while True:
            page = database.read(partial(page_of, scope=EVERYTHING, filters=filters, after=after, most=3))
            seen += [line.review.assessment_id for line in page.lines]
            after = page.after
            if after is None:
                break
        assert sorted(seen) == list(range(1, 8)), filters
    assert database.read(lambda c: states_of(c, EVERYTHING)) == {"new": 7}


FOUND = {
    "第3机械": 1,
    "洛阳第3机械厂": 1,
    "机厂": 0,
    "械机": 0,
    "洛": 2,
    "阳": 0,
    "有限公司": 0,
    "洛阳　第 3": 1,
    "%": 0,
    "_": 0,
    "\x00": 0,
}
"""How many of the two firms each of these finds."""


def test_a_firm_is_found_by_what_its_name_holds(database: Database) -> None:
    publish(database)
    for number in (3, 4):
        person = InProcess(database, f"person-{number}")
        for place, said in enumerate((*TALK, f"洛阳第{number}机械厂", "跳过")):
            person.say(Turn(say=said, key=f"{number}-{place}"))
    for words, found in FOUND.items():
        page = database.read(partial(page_of, scope=EVERYTHING, filters=Filters(words=words)))
        assert len(page.lines) == found, words
