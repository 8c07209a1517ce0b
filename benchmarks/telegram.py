"""What does a full stored turn on Telegram cost, beside a bare echo bot of python-telegram-bot? CPU, in the same run.

Each bot is a process of its own on the loopback Bot API. The echo answers a message with a message, and a tap with
answerCallbackQuery and an edit; ours stores the turn durably (SQLite, synchronous=FULL) and keeps its card in order.
"""

import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.telegram.account import Account
from bot.telegram.service import Service
from flows.editions import publish_shipped
from flows.messages import Operator
from models.schema import upgrade
from models.session import Database
from tests.botapi.api import BotApi
from tests.botapi.people import Person

PEOPLE, ROUNDS, WITHIN = 20, 5, 60.0
TALK = (
    *("[在河南]", "3.2亿", "[有]", "[有]", "6000万", "5000万", "[不确定]", "[没有]", "郑州", "[跳过]"),
    *("/edit", "改营业收入", "12亿", "[不确定]", "[上一步]", "[没有]"),
)
BOUND, GOAL = 1.3, 0.9
_KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("再来", callback_data="again")]])


def echo(api_url: str, token: str) -> None:
    """The bare bot, as its documentation shows it."""

    async def said(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None and update.message.text is not None:
            await update.message.reply_text(update.message.text, reply_markup=_KEYBOARD)

    async def tapped(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer("好")
            await update.callback_query.edit_message_text(f"{update.update_id}", reply_markup=_KEYBOARD)

    application = ApplicationBuilder().token(token).base_url(f"{api_url}/bot").job_queue(None).build()
    application.add_handler(MessageHandler(filters.TEXT, said))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_polling(stop_signals=[signal.SIGTERM], allowed_updates=Update.ALL_TYPES)


def ladder(api_url: str, token: str) -> None:
    """Our bot, without the page beside it."""

    async def serve(database: Database) -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        async with Service(database, Account(token, api_url), Operator("某某", "1")).running():
            await ended.wait()

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        database = Database(url)
        database.turn(publish_shipped)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as `ladder serve` has it
            runner.run(serve(database))
        database.close()


class Contestant:
    """One bot with its own server and people; `cpu` reads its user CPU seconds so far."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.api = name, BotApi()
        self._serving = self.api.running()
        self._serving.__enter__()
        self._told = folder / name
        environment = {**os.environ, "BENCHMARK_CPU": str(self._told)}
        command = [sys.executable, "-m", "benchmarks.telegram", name, self.api.url, self.api.token]
        self._process = subprocess.Popen(command, env=environment)
        self.people: list[Person] = []

    def cpu(self) -> float:
        self._told.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        _until(lambda: self._told.exists() and self._told.read_text())
        return float(self._told.read_text())

    def talk(self) -> float:
        """A talk of new people; the CPU seconds a turn. Agreeing to the notice is not counted."""
        self.people = [self.api.person() for _ in range(PEOPLE)]
        self._say("/start")
        self._say("同意")
        before, calls = self.cpu(), len(self.api.calls)
        for words in TALK:
            self._say(words)
        spent = (self.cpu() - before) / (len(TALK) * PEOPLE)
        self.calls = sum(each.method != "getUpdates" for each in self.api.calls[calls:]) / (
            len(TALK) * PEOPLE
        )
        return spent

    def _say(self, words: str) -> None:
        """All say it at once and wait for their answer."""
        before = {person.id: _seen(person) for person in self.people}
        for person in self.people:
            if words.startswith("["):
                label = words[1:-1] if self.name == "ladder" else "再来"
                person.taps(label)
            else:
                person.says(words)
        _until(lambda: all(_is_answered(person, before[person.id]) for person in self.people))
        _until(lambda: all(call.ended or call.method == "getUpdates" for call in self.api.calls))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._serving.__exit__(None, None, None)


def _seen(person: Person) -> tuple[int, int]:
    shown = person.chat.bot_messages
    return (shown[-1].id, shown[-1].changed) if shown else (0, 0)


def _is_answered(person: Person, before: tuple[int, int]) -> bool:
    return _seen(person) != before and not person.chat.waiting_taps


def _until(holds: Callable[[], Any]) -> None:
    ends = time.monotonic() + WITHIN
    while not holds():
        if time.monotonic() > ends:
            raise TimeoutError("a bot does not answer")
        time.sleep(0.002)


def _tell_cpu(*_signal: object) -> None:
    Path(os.environ["BENCHMARK_CPU"]).write_text(f"{resource.getrusage(resource.RUSAGE_SELF).ru_utime}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        both = [Contestant(name, Path(folder)) for name in ("echo", "ladder")]
        spent: dict[str, list[float]] = {each.name: [] for each in both}
        for number in range(ROUNDS + 1):
            for each in both:
                found = each.talk()
                if number:  # the first is to get warm
                    spent[each.name].append(found)
        for each in both:
            each.close()
    for each in both:
        cost = statistics.median(spent[each.name]) * 1e6
        print(f"{each.name}: {cost:.0f} us user CPU a turn, {each.calls:.2f} Bot API calls a turn")
    ratios = [ours / bare for ours, bare in zip(spent["ladder"], spent["echo"], strict=True)]
    ratio = statistics.median(ratios)
    print(f"ratio {ratio:.2f} (bound {BOUND}, goal {GOAL}); by round {', '.join(f'{r:.2f}' for r in ratios)}")
    if ratio > BOUND:
        raise SystemExit(f"a turn costs more than {BOUND} times the echo")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        signal.signal(signal.SIGUSR1, _tell_cpu)
        {"echo": echo, "ladder": ladder}[sys.argv[1]](sys.argv[2], sys.argv[3])
    else:
        main()
