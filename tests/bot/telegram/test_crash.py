"""`kill -9` and SIGTERM of the real server amid a conversation of several people: nobody's message is lost."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.crash import KILLED
from models.outbox import outbox
from models.session import Database
from tests.bot.telegram.server import Serve
from tests.bot.telegram.serving import agrees, until
from tests.botapi.api import BotApi
from tests.botapi.people import Person

pytestmark = [pytest.mark.slow, pytest.mark.clock]

PEOPLE, EACH = 6, 5
SAID = ("在河南", "3.2亿", "有", "没有", "不确定")


@pytest.fixture
def serve(tmp_path: Path, bot_api: BotApi) -> Iterator[Serve]:
    server = Serve(tmp_path, bot_api)
    yield server
    server.cleans_up()


def crowd(api: BotApi) -> list[Person]:
    """People who have agreed already, so that each of their messages is a stored turn."""
    people = [api.person() for _ in range(PEOPLE)]
    for person in people:
        agrees(person)
    for person in people:
        person.waits_for("注册地", 20)
    return people


def say_all(people: list[Person], pause: float) -> None:
    for words in SAID:
        for person in people:
            person.says(words)
            time.sleep(pause)


def answers(people: list[Person]) -> int:
    """Answers after the notice and the first question, repeated ones included: each message typed gets a new card."""
    return sum(len(person.chat.bot_messages) - 2 for person in people)


def is_over(serve: Serve, people: list[Person], api: BotApi) -> bool:
    """Everybody has their answers and the database knows it: a repeated one must not pass for the last one."""
    if answers(people) < PEOPLE * EACH or api.pending:
        return False
    with closing(Database(serve.url)) as database:
        states = database.read(lambda c: c.execute(select(outbox.c.state)).scalars().all())
    return len(states) == PEOPLE * (EACH + 1) and set(states) == {"sent"}


def check(serve: Serve, people: list[Person], most_repeated: int) -> None:
    """Every message has its answer, in order, and the database is sound."""
    with closing(Database(serve.url)) as database:
        rows = database.read(lambda c: c.execute(select(outbox)).mappings().all())
        assert database.read(lambda c: c.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"
    per_person = Counter(row["address"] for row in rows)
    assert per_person == {str(person.id): EACH + 1 for person in people}
    assert {row["state"] for row in rows} == {"sent"}
    assert answers(people) - PEOPLE * EACH <= most_repeated
    for person in people:
        asked = [text.splitlines()[0] for text in person.chat.texts]
        firsts = [asked.index(line) for line in dict.fromkeys(asked)]
        assert firsts == sorted(firsts)
        assert "升级" in person.chat.transcript() or "技术改造" in person.chat.transcript()


@pytest.mark.parametrize("answered", [3, 14, 26])
def test_killed_amid_thirty_messages(serve: Serve, bot_api: BotApi, answered: int) -> None:
    serve.starts()
    people = crowd(bot_api)
    bot_api.latency = 0.004
    serve_until(serve, people, answered)
    begins = time.monotonic()
    serve.starts()
    until(lambda: is_over(serve, people, bot_api), 20)
    took = time.monotonic() - begins
    serve.is_asked_to_stop()
    check(serve, people, most_repeated=1)
    assert took < 10


def serve_until(serve: Serve, people: list[Person], answered: int) -> None:
    """Let people talk; the kill comes at that answer, the rest of the talk while nobody serves."""
    talking = threading.Thread(target=say_all, args=(people, 0.02))
    talking.start()
    until(lambda: answers(people) >= answered)
    serve.is_killed()
    talking.join()


# A server commits several times before it polls (who leads, what is due), so at commits the kill comes later.
@pytest.mark.parametrize(
    ("point", "unharmed"),
    [
        ("received", 7),
        ("answer-appended", 7),
        ("reply-stored", 7),
        ("before-commit", 20),
        ("after-commit", 20),
        ("before-send", 7),
        ("after-send", 7),
    ],
)
def test_killed_at_each_stop_of_the_path(serve: Serve, bot_api: BotApi, point: str, unharmed: int) -> None:
    serve.starts()
    people = crowd(bot_api)
    serve.is_asked_to_stop()
    serve.starts({"LADDER_CRASH_AT": point, "LADDER_CRASH_SKIP": str(unharmed)})
    say_all(people, 0)
    assert serve.ends_itself() == KILLED
    serve.starts()
    until(lambda: is_over(serve, people, bot_api), 20)
    serve.is_asked_to_stop()
    check(serve, people, most_repeated=1)


def test_stopped_amid_thirty_messages(serve: Serve, bot_api: BotApi) -> None:
    serve.starts()
    people = crowd(bot_api)
    bot_api.latency = 0.2
    say_all(people, 0)
    until(lambda: answers(people) >= 2)
    assert serve.is_asked_to_stop() < 10
    bot_api.latency = 0
    serve.starts()
    until(lambda: is_over(serve, people, bot_api), 20)
    assert serve.is_asked_to_stop() < 10
    check(serve, people, most_repeated=0)
