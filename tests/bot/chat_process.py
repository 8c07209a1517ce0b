"""The real `ladder chat --json` as a child process: started, talked to, killed at a named point, started again."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from models.crash import KILLED
from models.session import Database
from tests.conversations.playing import Told
from tests.conversations.script import Turn

_ALLOWED = ("PATH", "HOME", "TMPDIR", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "PYTHONPATH")


class KilledError(Exception):
    """The child ended at its crash point instead of answering."""


def child_environment(url: str, **more: str) -> dict[str, str]:
    """A clean environment: no .env, no locale, no proxy of the machine's has a say."""
    kept = {name: os.environ[name] for name in _ALLOWED if name in os.environ}
    return {**kept, "LANG": "C", "LADDER_DATABASE_URL": url, **more}


class ChatProcess:
    """One run of the command. A reply is one line; the first one greets."""

    def __init__(self, url: str, sender: str = "laowang@luoyang", **environment: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "main", "chat", "--json", "--as", sender],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(url, **environment),
            encoding="utf-8",
        )

    def read(self) -> dict[str, Any]:
        """The next reply; KilledError when the child dies first."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if line.endswith("\n"):
            told: dict[str, Any] = json.loads(line)
            return told
        assert self._close() == KILLED
        raise KilledError

    def send(self, message: Mapping[str, Any]) -> dict[str, Any]:
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):  # it may have died before it read; read() tells
            self._child.stdin.write(f"{json.dumps(message)}\n")
            self._child.stdin.flush()
        return self.read()

    def end(self) -> int:
        """Close its input and return its exit status."""
        return self._close()

    def _close(self) -> int:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        status = self._child.wait(30)
        self._child.stdout.close()
        return status


class OverTheTerminal:
    """The golden conversations' driver for the command: no buttons that stay, and no clock but the real one."""

    can: frozenset[str] = frozenset()

    def __init__(self, database: Database, url: str) -> None:
        self.database = database
        self._process = ChatProcess(url, LADDER_OPERATOR_NAME="河南某某咨询")
        self._last: Told = self._process.read()

    def say(self, turn: Turn) -> Told:
        choice = turn.choose
        if turn.label is not None:
            choice = next(each["key"] for each in self._last["choices"] if each["label"] == turn.label)
        message = {"text": turn.say, "choice": choice, "key": turn.key}
        self._last = self._process.send({name: value for name, value in message.items() if value is not None})
        return self._last

    def shown_to(self, person: str) -> str:
        raise NotImplementedError("one person only")

    def settle(self) -> None:
        assert self._process.end() == 0

    def end(self) -> None:
        """However the talk ended, leave no child behind."""
        self._process.end()
