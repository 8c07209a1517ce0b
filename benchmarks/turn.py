"""How fast is a turn: a whole interview, stored durably on SQLite, beside the bare commit of one row?"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text

from flows.editions import Editions, publish_shipped
from flows.interview import receive
from flows.messages import Incoming, Operator
from models.schema import upgrade
from models.sending import settle
from models.session import Database

TALK = (
    "开始",
    "同意",
    "郑州",
    "12亿",
    "有",
    "有",
    "牵头",
    "有",
    "8000万",
    "7000万",
    "不确定",
    "没有",
    "跳过",
    "跳过",
    "跳过",
)
PEOPLE = 30
LEASE = timedelta(seconds=5)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def talk(database: Database, editions: Editions, sender: str) -> None:
    for number, said in enumerate(TALK):
        incoming = Incoming("terminal", sender, f"{sender}-{number}", NOON + timedelta(seconds=number), said)
        take = partial(receive, editions=editions, operator=Operator(), incoming=incoming, lease=LEASE)
        promise = database.turn(take)
        if promise is not None:
            done = partial(settle, message_id=promise.message_id, fence=1, at=NOON, shown_as=None)
            database.turn(done)


def _create(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE bare (n INTEGER)"))


def _insert(connection: Connection, number: int) -> None:
    connection.execute(text("INSERT INTO bare VALUES (:n)"), {"n": number})


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'turn.db'}"
        upgrade(url)
        database = Database(url)
        database.turn(publish_shipped)
        editions = Editions()
        talk(database, editions, "warm-up")
        wall, cpu = time.perf_counter(), time.process_time()
        for person in range(PEOPLE):
            talk(database, editions, f"person-{person}")
        turns = PEOPLE * len(TALK)
        wall, cpu = (time.perf_counter() - wall) / turns, (time.process_time() - cpu) / turns
        database.turn(_create)
        start = time.perf_counter()
        for number in range(300):
            database.turn(partial(_insert, number=number))
        bare = (time.perf_counter() - start) / 300
        database.close()
    print(f"a turn, stored durably, its reply marked sent: {wall * 1e6:.0f} us wall, {cpu * 1e6:.0f} us CPU")
    print(
        f"a bare durable commit of one row: {bare * 1e6:.0f} us; a turn is {wall / bare:.1f} of them (it holds two)"
    )


if __name__ == "__main__":
    main()
