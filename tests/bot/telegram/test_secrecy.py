"""The token appears in nothing that the process writes, whatever goes wrong."""

import logging
import os
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.telegram.account import Account, QuietBot
from bot.telegram.secrecy import keep_tokens_out, mask
from settings import Settings
from tests.bot.telegram.server import ROOT, Serve
from tests.bot.telegram.serving import until
from tests.botapi.api import BotApi

TOKEN = f"7000000001:{'AAabcdefghijklmnopqrstuvwxyz_012345'}"
SHORT = f"7000000001:{'tooshort'}"


def test_masking() -> None:
    assert mask(f"POST /bot{TOKEN}/getMe") == "POST /bot<token>/getMe"
    assert mask("10:30 and 123:short") == "10:30 and 123:short"


def test_nothing_shows_it_in_its_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_TELEGRAM_TOKEN", TOKEN)
    shown = [repr(Settings()), repr(Account(TOKEN, "https://host")), repr(QuietBot(TOKEN)), str(Settings())]
    assert not [each for each in shown if "AAabc" in each]


@pytest.fixture
def masked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All that is masked, for the length of a test."""
    before = logging.getLogRecordFactory()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    logging.setLogRecordFactory(logging.LogRecord)
    keep_tokens_out()
    keep_tokens_out()
    yield
    logging.setLogRecordFactory(before)


def test_no_record_of_any_logger_holds_it(masked: None, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("somebody.else")
    log.warning("at %s", f"/bot{TOKEN}/x")
    try:
        int(f"/bot{TOKEN}/x")
    except ValueError:
        log.exception("failed")
    assert "AAabc" not in caplog.text
    assert caplog.text.count("<token>") == 2


class Unspeakable:
    def __str__(self) -> str:
        raise ZeroDivisionError


def test_a_mistake_in_a_line_of_the_log_reaches_nobody(
    masked: None, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("somebody.else")
    log.warning("%d things at %s", "a", f"/bot{TOKEN}/x")
    log.warning("%s", Unspeakable())
    log.warning("a stack", stack_info=True)
    assert "<token>" in caplog.text
    assert "AAabc" not in caplog.text
    assert len(caplog.records) == 3


def test_no_stack_no_thread_and_no_warning_shows_it(masked: None, capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.getLogRecordFactory()("x", 30, "x.py", 1, "x", (), None, sinfo=f"/bot{TOKEN}/x")
    assert "<token>" in str(record.stack_info)
    error = ValueError(f"/bot{TOKEN}/x")
    threading.excepthook(threading.ExceptHookArgs((ValueError, error, None, None)))
    threading.excepthook(threading.ExceptHookArgs((SystemExit, SystemExit(), None, None)))
    told = warnings.formatwarning(f"/bot{TOKEN}/x", UserWarning, "x.py", 1)
    assert "<token>" in told
    said = capsys.readouterr().err
    assert said.count("<token>") == 1
    assert "AAabc" not in told + said


def test_a_wrong_token_is_refused_without_being_shown(tmp_path: Path) -> None:
    done = ladder(tmp_path, "telegram", "deploy", LADDER_TELEGRAM_TOKEN=SHORT)
    assert done.returncode == 1
    assert "LADDER_TELEGRAM_TOKEN" in done.stderr
    assert "tooshort" not in done.stderr


def ladder(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=folder,
        env={**bare, "LADDER_DATABASE_URL": f"sqlite:///{folder / 'x.db'}", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_webhook_mode_is_refused_with_one_line(tmp_path: Path) -> None:
    done = ladder(tmp_path, "serve", LADDER_TELEGRAM_TOKEN=TOKEN, LADDER_TELEGRAM_MODE="webhook")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert "polling" in done.stderr


@pytest.mark.slow
@pytest.mark.clock
@pytest.mark.parametrize("level", ["info", "debug"])
def test_a_server_on_its_worst_day_writes_no_token(tmp_path: Path, bot_api: BotApi, level: str) -> None:
    serve = Serve(tmp_path, bot_api, LADDER_LOG=level)
    try:
        serve.starts()
        person = bot_api.person()
        person.says("/start")
        for fault in ("error", "cut", "half", "flood"):
            if fault == "flood":
                bot_api.faults.flood(1, times=2)
            elif fault == "error":
                bot_api.faults.error(502, times=2)
                bot_api.faults.error(404, method="getUpdates", times=1)
            elif fault == "half":
                bot_api.faults.half(times=1)
            else:
                bot_api.faults.cut(took_effect=False, times=2)
            person.says("同意")
        until(lambda: len(person.chat.bot_messages) >= 3, 40)
        bot_api.faults.error(401, times=3)
        person.says("在河南")
        until(lambda: not bot_api.pending, 20)
        assert serve.is_asked_to_stop() < 10
        assert len(serve.said) > 200
        assert bot_api.token.split(":")[1] not in serve.said
    finally:
        serve.cleans_up()


@pytest.mark.slow
@pytest.mark.clock
def test_the_page_is_served_though_telegram_is_away_or_refuses_the_token(
    tmp_path: Path, bot_api: BotApi
) -> None:
    serve = Serve(tmp_path, bot_api, LADDER_TELEGRAM_TOKEN=TOKEN)
    try:
        serve.starts(polls=False)
        until(lambda: "is refused" in serve.said and serve.page is not None, 30)
        with urlopen(str(serve.page), timeout=5) as page:  # noqa: S310  our own server
            assert "阶梯" in page.read().decode()
        assert serve.is_asked_to_stop() < 10
        assert "AAabc" not in serve.said
    finally:
        serve.cleans_up()
    bot_api.forgive()


@pytest.mark.slow
@pytest.mark.clock
def test_where_the_port_is_taken_no_bot_begins_to_poll(tmp_path: Path, bot_api: BotApi) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        serve = Serve(tmp_path, bot_api, LADDER_PORT=str(taken.getsockname()[1]))
        try:
            serve.starts(polls=False)
            assert serve.ends_itself() != 0
        finally:
            serve.cleans_up()
    assert bot_api.calls == []
