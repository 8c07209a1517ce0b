"""How fast do bulletins go out: at the pace that is set, and with the pace lifted? What does taking them cost amid a million?

    python -m benchmarks.sender [--claims N] [--url URL] [pace|lifted|claims ...]

`pace`: 25 a second over half a minute, on the real Telegram client and the loopback Bot API. `lifted`: CPU of the sending
process for each message, so that a busy machine says little. `claims`: 100 at a time from N deliveries (a million) on
SQLite, or on the database named.
"""

import argparse
import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import Connection, Text, cast, insert, select

from bot.telegram.account import Account
from bot.telegram.service import Service
from flows.editions import publish_shipped
from flows.messages import Choice, Operator, Reply
from models.bulletin import deliveries
from models.bulletins import add_bulletin, change_bulletin
from models.claim import Claim, end_claims
from models.delivering import Mark, Taken, mark_deliveries, read_taken, take_deliveries
from models.person import people
from models.schema import upgrade
from models.session import Database
from tests.botapi.api import BotApi

A_SECOND, SECONDS = 25, 30
LIFTED, MANY = 100_000, 6000
BATCH, ROUNDS = 100, 60
FIRST_ID = 500_000
TEXT = Reply(
    "notice",
    "bulletin",
    choices=(Choice("bulletin:1", "看我的结果"), Choice("leave:1", "退订这类")),
    data={
        "title": "新政策",
        "body": "某某办法自下月起施行。\n" * 4,
        "topic": "和企业有关的新政策",
        "firms": [],
    },
).to_json()


def seed(connection: Connection, count: int) -> int:
    """An urgent bulletin that is being sent to so many people."""
    now = datetime.now(UTC)
    made = add_bulletin(
        connection,
        topic="policy",
        title="新政策",
        body="正文",
        audience={},
        urgent=True,
        author="周顾问",
        at=now,
    )
    done = min(count, 10_000)
    numbers = range(FIRST_ID, FIRST_ID + done)
    connection.execute(insert(people), [{"id": n, "created_at": now} for n in numbers])
    connection.execute(insert(deliveries), [_row(made.id, n, now) for n in numbers])
    while done < count:
        done += _once_more(connection, done, min(done, count - done))
    change_bulletin(connection, made, {"state": "sending", "started_at": now}, ("draft",))
    return made.id


def _once_more(connection: Connection, after: int, count: int) -> int:
    """The first so many people and deliveries again, as others."""
    first = people.c.id >= FIRST_ID, people.c.id < FIRST_ID + count
    more = select(people.c.id + after, people.c.created_at).where(*first)
    connection.execute(insert(people).from_select(["id", "created_at"], more))
    number = deliveries.c.person_id + after
    as_before = ("bulletin_id", "channel", "payload", "state", "due_at", "attempts", "created_at")
    more = select(number, cast(number, Text), *(deliveries.c[name] for name in as_before)).where(
        deliveries.c.person_id >= FIRST_ID, deliveries.c.person_id < FIRST_ID + count
    )
    connection.execute(insert(deliveries).from_select(["person_id", "address", *as_before], more))
    return count


def _row(bulletin: int, number: int, now: datetime) -> dict[str, object]:
    return {
        "bulletin_id": bulletin,
        "person_id": number,
        "channel": "telegram",
        "address": str(number),
        "payload": TEXT,
        "state": "waiting",
        "due_at": now,
        "attempts": 0,
        "created_at": now,
    }


def send(api_url: str, token: str, url: str, a_second: str) -> None:
    """The process that sends, until it is told to stop; it then says what CPU it took while it sent."""

    async def serve() -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        account = Account(token, api_url, a_second=int(a_second))
        async with Service(database, account, Operator("某某", "1")).running():
            await ended.wait()

    database = Database(url)
    signal.signal(signal.SIGUSR1, _tell_cpu)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as `ladder serve` has it
        runner.run(serve())
    database.close()


def _tell_cpu(*_signal: object) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    Path(os.environ["BENCHMARK_CPU"]).write_text(f"{used.ru_utime + used.ru_stime}")


@contextmanager
def _sending(folder: Path, count: int, a_second: int) -> Iterator[tuple[BotApi, Callable[[], float]]]:
    """A sender at work on so many messages: the other side, and how to ask for the CPU it took so far."""
    url = f"sqlite:///{folder / f'{a_second}.db'}"
    upgrade(url)
    database = Database(url)
    database.turn(publish_shipped)
    database.turn(lambda c: seed(c, count))
    database.close()
    api, told = BotApi(), folder / "cpu"
    with api.running():
        for number in range(FIRST_ID, FIRST_ID + count):
            api.person(number, met=True)
        command = [sys.executable, "-m", "benchmarks.sender", "send", api.url, api.token, url, str(a_second)]
        process = subprocess.Popen(command, env={**os.environ, "BENCHMARK_CPU": str(told)})

        def cpu() -> float:
            told.unlink(missing_ok=True)
            process.send_signal(signal.SIGUSR1)
            _until(lambda: told.exists() and told.read_text())
            return float(told.read_text())

        try:
            yield api, cpu
        finally:
            process.terminate()
            process.wait(30)


def _until(holds: Callable[[], object], within: float = 300) -> None:
    ends = time.monotonic() + within
    while not holds():
        if time.monotonic() > ends:
            raise TimeoutError("the sender does not get on")
        time.sleep(0.02)


def _sent(api: BotApi) -> list[float]:
    return sorted(call.at for call in api.calls_of("sendMessage"))


def pace(folder: Path) -> bool:
    """25 a second: how much of it is used, and what comes in the busiest second."""
    count = A_SECOND * (SECONDS + 10)
    with _sending(folder, count, A_SECOND) as (api, _):
        _until(lambda: len(_sent(api)) > A_SECOND)  # past the start
        first = time.monotonic()
        time.sleep(SECONDS)
        times = _sent(api)
    within = [at for at in times if first <= at < first + SECONDS]
    rate = len(within) / SECONDS
    busiest = max(sum(1 for other in within if at <= other < at + 1) for at in within)
    print(f"pace: {rate:.2f} a second of {A_SECOND} ({rate / A_SECOND:.1%}), {busiest} in the busiest second")
    return rate >= A_SECOND * 0.95 and busiest <= 30  # noqa: PLR2004  what Telegram allows


def lifted(folder: Path) -> bool:
    """How many messages a second one core sends where the pace is no bound."""
    with _sending(folder, MANY, LIFTED) as (api, cpu):
        _until(lambda: len(_sent(api)) > MANY // 10)
        spent, before, began = cpu(), len(_sent(api)), time.monotonic()
        _until(lambda: len(_sent(api)) >= MANY * 9 // 10)
        spent, count, took = cpu() - spent, len(_sent(api)) - before, time.monotonic() - began
    print(
        f"lifted: {count / spent:.0f} a second and core ({spent / count * 1e6:.0f} us CPU each),"
        f" {count / took:.0f} a second by the clock beside the other side"
    )
    return count / spent >= 1000  # noqa: PLR2004  what a paid broadcast allows


def claims(folder: Path, url: str | None, count: int) -> bool:
    """Taking 100 of so many, spread over the whole table; and a whole turn of it, stored durably."""
    url = url or f"sqlite:///{folder / 'claims.db'}"
    upgrade(url)
    database = Database(url)
    made = database.turn(lambda c: seed(c, count))
    if not database.is_sqlite:
        database.turn(lambda c: c.exec_driver_sql("ANALYZE delivery"))
    alone: list[float] = []
    texts: list[float] = []
    whole: list[float] = []
    bare: list[float] = []
    database.turn(_bare_table)

    def work(connection: Connection) -> list[Claim]:
        begins = time.perf_counter()
        claims = take_deliveries(connection, "telegram", [made], BATCH, datetime.now(UTC))
        alone.append(time.perf_counter() - begins)
        return claims

    def read(connection: Connection, claim: Claim) -> list[Taken]:
        begins = time.perf_counter()
        taken = read_taken(connection, claim)
        texts.append(time.perf_counter() - begins)
        return taken

    def mark(connection: Connection, claim: Claim, taken: list[Taken]) -> None:
        mark_deliveries(connection, [Mark(each, "sent") for each in taken], datetime.now(UTC))
        end_claims(connection, [claim.id])

    for number in range(ROUNDS):
        begins = time.perf_counter()
        (claim,) = database.turn(work)
        taken = database.read(partial(read, claim=claim))
        database.turn(partial(mark, claim=claim, taken=taken))
        whole.append(time.perf_counter() - begins)
        bare.append(database.turn(partial(_bare_update, after=number * BATCH)))
    found = statistics.median(alone) * 1e3
    bound = 0.5 if database.is_sqlite else 4.0
    print(
        f"claims of {BATCH} from {count}: {found:.2f} ms (least {min(alone) * 1e3:.2f}, bound {bound}),"
        f" {found / statistics.median(bare) / 1e3:.1f} times {BATCH} rows of a bare table without an index;"
        f" their texts read aside: {statistics.median(texts) * 1e3:.2f} ms;"
        f" taken, read, marked and stored: {statistics.median(whole) * 1e3:.1f} ms"
    )
    database.close()
    return found <= bound


def _bare_table(connection: Connection) -> None:
    """What there is at least to a queue: a key and a state."""
    connection.exec_driver_sql("CREATE TABLE bare (id INTEGER PRIMARY KEY, state TEXT)")
    rows = ", ".join(f"({n}, 'waiting')" for n in range(ROUNDS * BATCH))
    connection.exec_driver_sql(f"INSERT INTO bare VALUES {rows}")  # noqa: S608  numbers of our own


def _bare_update(connection: Connection, after: int) -> float:
    begins = time.perf_counter()
    changed = f"UPDATE bare SET state = 'sending' WHERE id >= {after} AND id < {after + BATCH} RETURNING id"  # noqa: S608  numbers of our own
    connection.exec_driver_sql(changed).all()
    return time.perf_counter() - begins


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--url", help="another database for the claims; it must be empty")
    parser.add_argument("which", nargs="*", default=["pace", "lifted", "claims"])
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asked = {
            "pace": lambda: pace(folder),
            "lifted": lambda: lifted(folder),
            "claims": lambda: claims(folder, told.url, told.claims),
        }
        missed = [each for each in told.which if not asked[each]()]
    if missed:
        raise SystemExit(f"missed its bound: {', '.join(missed)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["send"]:
        send(*sys.argv[2:])
    else:
        main()
